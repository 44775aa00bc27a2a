//! A person who cannot be written to: what waits for him ends, and the admins hear of it. And one who is back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::alerts;
use super::views::Alert;
use crate::domain::ids::{ChatId, MeasurementId, UserId};
use crate::domain::notices::NoticeKind;
use crate::domain::user::Role;
use crate::storage::{StorageError, outbox, users};

/// Why nothing can be written to a chat until its person writes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The person blocked the bot or deleted the account, or the chat is none.
    Left,
    /// He never started the bot.
    NeverStarted,
}

/// A chat that cannot be written to, and the message that did not arrive, if one was under way.
#[derive(Debug, Clone, Copy)]
pub struct Undelivered {
    pub chat: ChatId,
    pub user: Option<UserId>,
    pub measurement: Option<MeasurementId>,
}

/// Somebody whose messages had ended writes again: he gets what still matters of them, and his commands. Comes last in
/// a transaction, as messages are locked after everything else.
pub async fn regain(conn: &mut PgConnection, chat: ChatId, now: DateTime<Utc>) -> Result<(), StorageError> {
    outbox::revive(conn, chat, &NoticeKind::OUTLASTS_ABSENCE, now).await?;
    outbox::enqueue_commands(conn, chat, now).await
}

/// The admins hear once that somebody cannot be reached, and each time that a visit given to him did not arrive.
pub async fn lose(
    conn: &mut PgConnection,
    undelivered: Undelivered,
    why: Why,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let Undelivered { chat, user, measurement } = undelivered;
    let is_news = outbox::mark_unreachable(conn, chat, now).await?;
    let visits = outbox::end_unreachable(conn, chat, now).await?;
    let Some(id) = user else { return Ok(()) };
    let Some(user) = users::find(conn, id).await? else { return Ok(()) };
    let name = user.name.full();
    let mut alerts = Vec::new();
    if is_news && why == Why::NeverStarted && user.roles.has(Role::Admin) {
        alerts.push(Alert::AdminNeverStarted { telegram_id: chat.0 });
    } else if is_news && visits.is_empty() {
        alerts.push(Alert::PersonUnreachable { name: name.clone(), measurement_id: measurement });
    }
    let visit = |id| Alert::PersonUnreachable { name: name.clone(), measurement_id: Some(id) };
    alerts.extend(visits.into_iter().map(visit));
    for alert in alerts {
        alerts::tell_office_but(conn, Some(id), &alert, now).await?;
    }
    Ok(())
}
