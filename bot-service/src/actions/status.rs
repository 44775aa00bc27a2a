//! How everything is, for who looks after it: read from what the replicas and the leader's loops have written down.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::ActionError;
use super::views::{AmoCrmStatus, StatusView, TelegramStatus, Waiting};
use crate::domain::permissions::{Area, check_area};
use crate::domain::reception::{RECEPTION, Reception};
use crate::domain::status::{Equipment, GONE_AFTER, Ingest, Replica};
use crate::domain::user::Actor;
use crate::domain::webhook::{STANDING, Standing};
use crate::storage::{backlog, reconciliation, replicas, settings};

/// # Errors
///
/// Refused to who does not look after it.
pub async fn status(
    conn: &mut PgConnection,
    actor: &Actor,
    equipment: Equipment,
    now: DateTime<Utc>,
) -> Result<StatusView, ActionError> {
    check_area(actor, Area::Failures)?;
    let replicas = replicas::list(conn, now - GONE_AFTER).await?;
    let reception: Reception = settings::find(conn, RECEPTION).await?.unwrap_or_default();
    let answered = |of: fn(&Replica) -> Option<DateTime<Utc>>| replicas.iter().filter_map(of).max();
    let telegram =
        TelegramStatus { answered_at: answered(|one| one.telegram_at), trouble: reception.trouble };
    let amocrm_at = answered(|one| one.amocrm_at);
    Ok(StatusView {
        ingest: ingest(&replicas),
        telegram,
        amocrm: if equipment.has_token { Some(amocrm(conn, equipment, amocrm_at).await?) } else { None },
        waiting: waiting(conn, now).await?,
        replicas,
    })
}

async fn waiting(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Waiting, ActionError> {
    let backlog = backlog::look(conn, now).await?;
    Ok(Waiting {
        messages: backlog.outbox,
        oldest_message_at: backlog.outbox_oldest_at,
        deals: backlog.nudges,
        stuck: backlog.stuck,
        files_failed: backlog.files_failed,
    })
}

async fn amocrm(
    conn: &mut PgConnection,
    equipment: Equipment,
    answered_at: Option<DateTime<Utc>>,
) -> Result<AmoCrmStatus, ActionError> {
    let standing: Option<Standing> = settings::find(conn, STANDING).await?;
    Ok(AmoCrmStatus {
        answered_at,
        expires_at: equipment.token_ends,
        webhook: standing.filter(|_| equipment.keeps_webhook),
        compared_at: reconciliation::find(conn).await?.and_then(|marks| marks.passed_at),
    })
}

/// The worst that a replica met: they may ask different ones.
fn ingest(replicas: &[Replica]) -> Option<Ingest> {
    let met: Vec<Ingest> = replicas.iter().filter_map(|replica| replica.ingest).collect();
    let worst = [Ingest::Away, Ingest::NotReady].into_iter().find(|bad| met.contains(bad));
    worst.or(met.first().copied())
}
