//! `proposals`: whom the rules propose for a measurement that waits, and the order in which people get work (`turns`).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::proposal::Proposal;

mod basis;

pub use basis::{Names, list_candidates, list_names};

/// Proposals are made one after the other, so that each sees the one before.
const TURN: i64 = 0x7475_726e;
/// The channel on which it is announced that something changed that the rules look at.
pub const CHANNEL: &str = "proposals";

/// What the rules said of a measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Counts what was proposed while this wait lasts.
    pub number: i32,
    /// None: no rule finds anybody.
    pub proposal: Option<Proposal>,
    /// Who was proposed before him.
    pub before: Option<UserId>,
}

#[derive(Serialize, Deserialize)]
struct Details {
    #[serde(flatten)]
    proposal: Proposal,
    before: Option<UserId>,
}

/// Nobody else proposes until the transaction ends.
pub async fn take_turn(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select pg_advisory_xact_lock($1)", TURN).execute(conn).await?;
    Ok(())
}

/// The version of what the rules look at.
pub async fn basis_version(conn: &mut PgConnection) -> Result<i64, StorageError> {
    Ok(sqlx::query_scalar!("select version from proposal_basis").fetch_one(conn).await?)
}

pub async fn find(conn: &mut PgConnection, id: MeasurementId) -> Result<Option<Stored>, StorageError> {
    let row =
        sqlx::query!("select number, measurer_id, details from proposals where measurement_id = $1", id.0)
            .fetch_optional(conn)
            .await?;
    let Some(row) = row else { return Ok(None) };
    // What another version has written is none, and is made anew.
    let details = row.measurer_id.and_then(|_| serde_json::from_value(row.details).ok());
    let (proposal, before) = match details {
        Some(Details { proposal, before }) => (Some(proposal), before),
        None => (None, None),
    };
    Ok(Some(Stored { number: row.number, proposal, before }))
}

/// Writes what the rules say now, made of that version of what they look at. Takes the place of what they said before.
/// Who `is_new` there has had his turn.
pub async fn save(
    conn: &mut PgConnection,
    id: MeasurementId,
    (stored, is_new): (&Stored, bool),
    basis: i64,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let details = stored.proposal.clone().map(|proposal| Details { proposal, before: stored.before });
    let details = details.map_or_else(|| Ok(serde_json::json!({})), serde_json::to_value);
    let details = details.map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "with had_turn as (
             insert into turns (user_id, at) select $3::bigint, $5::timestamptz where $7::boolean
             on conflict (user_id) do update set at = greatest(turns.at, excluded.at))
         insert into proposals (measurement_id, number, measurer_id, details, made_at, basis)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (measurement_id) do update
             set number = excluded.number, measurer_id = excluded.measurer_id, details = excluded.details,
                 made_at = excluded.made_at, basis = excluded.basis",
        id.0,
        stored.number,
        stored.proposal.as_ref().map(|proposal| proposal.measurer.0),
        details,
        now,
        basis,
        is_new,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The measurement waits no longer. Returns who was proposed for it.
pub async fn remove(conn: &mut PgConnection, id: MeasurementId) -> Result<Option<UserId>, StorageError> {
    let measurer =
        sqlx::query_scalar!("delete from proposals where measurement_id = $1 returning measurer_id", id.0)
            .fetch_optional(conn)
            .await?;
    Ok(measurer.flatten().map(UserId))
}

/// He has got work.
pub async fn had_turn(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into turns (user_id, at) values ($1, $2)
         on conflict (user_id) do update set at = greatest(turns.at, excluded.at)",
        user.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something has changed that the rules look at: every proposal is looked at anew, soon.
pub async fn basis_changed(conn: &mut PgConnection) -> Result<(), StorageError> {
    let done = sqlx::query!("update proposal_basis set version = version + 1").execute(&mut *conn).await?;
    one_row("proposal_basis", done.rows_affected())?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(conn).await?;
    Ok(())
}

/// Measurements whose proposals are older than what the rules look at, the longest waiting first.
pub async fn list_stale(conn: &mut PgConnection, limit: i64) -> Result<Vec<MeasurementId>, StorageError> {
    let ids = sqlx::query_scalar!(
        "select measurement_id from proposals
         where basis < (select version from proposal_basis) order by measurement_id limit $1",
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(MeasurementId).collect())
}

/// Measurements that have waited since before a moment and of which the office was reminded fewer times than this. From
/// now on it was.
pub async fn take_unreminded(
    conn: &mut PgConnection,
    waiting_since: DateTime<Utc>,
    times: i32,
    limit: i64,
) -> Result<Vec<MeasurementId>, StorageError> {
    let ids = sqlx::query_scalar!(
        "update proposals set reminded = $2
         where measurement_id in (
             select p.measurement_id from proposals p join measurements m on m.id = p.measurement_id
             where p.reminded < $2 and m.status = 'pending' and m.waiting_since < $1
             order by m.waiting_since, m.id limit $3)
         returning measurement_id",
        waiting_since,
        times,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let mut ids: Vec<_> = ids.into_iter().map(MeasurementId).collect();
    ids.sort_unstable();
    Ok(ids)
}
