//! `parked_messages`: what nobody could read, taken over from the broker until a person decides.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::failures::{NotSent, ParkedKind, WhyParked};
use crate::domain::ids::ParkedId;

mod lists;
mod sending;

pub use lists::{From, Listed, any_beyond, count, list};
pub use sending::{Outgoing, due, not_sent, send, sent};

/// A message as the broker gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub kind: ParkedKind,
    pub message_id: Option<String>,
    pub content_type: Option<String>,
    pub why: WhyParked,
    pub reason: String,
    pub body: Vec<u8>,
    /// By ingest-service.
    pub received_at: DateTime<Utc>,
}

/// Keeps a message. Returns whether anything is new by that: what comes again under its number, because its
/// acknowledgement was lost, changes nothing, whatever has become of it.
///
/// The same bytes under another number open their row anew: so a body that was sent again and is still not
/// readable is where it was, with what came of it.
pub async fn park(
    conn: &mut PgConnection,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    // PostgreSQL refuses NUL in texts, and none of them may hold a message up.
    let text = |text: &str| text.replace('\0', "");
    let done = sqlx::query!(
        "insert into parked_messages as p
             (kind, digest, message_id, content_type, why, reason, body, size, received_at, parked_at)
         values ($1, sha256($2), $3, $4, $5, $6, $2, octet_length($2), $7, $8)
         on conflict (kind, digest) do update set
             message_id = excluded.message_id,
             content_type = excluded.content_type,
             why = excluded.why,
             reason = excluded.reason,
             body = excluded.body,
             received_at = excluded.received_at,
             arrivals = p.arrivals + 1,
             parked_at = case when p.state in ('skipped', 'expired') then excluded.parked_at else p.parked_at end,
             told_at = case when p.state in ('skipped', 'expired') then null else p.told_at end,
             last_error = case when p.state in ('sending', 'done') then $9 else p.last_error end,
             state = 'parked'
         where p.message_id is distinct from excluded.message_id",
        arrival.kind.as_str(),
        &arrival.body,
        arrival.message_id.as_deref().map(text),
        arrival.content_type.as_deref().map(text),
        arrival.why.as_str(),
        text(&arrival.reason),
        arrival.received_at,
        now,
        NotSent::CameBack.to_text(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A message with everything that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub id: ParkedId,
    pub kind: ParkedKind,
    pub why: WhyParked,
    /// Erased once somebody has decided.
    pub body: Option<Vec<u8>>,
    pub content_type: Option<String>,
    pub size: i32,
    /// How often it came. Counts versions: whoever decides has seen this one.
    pub arrivals: i32,
    pub received_at: DateTime<Utc>,
    pub last_error: Option<NotSent>,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Somebody has to decide.
    Parked,
    /// It is to be sent again by the leader.
    Sending,
    /// It was sent again, or understood at last.
    Done,
    Skipped,
    /// Nobody decided for a month.
    Expired,
}

impl State {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "parked" => Some(Self::Parked),
            "sending" => Some(Self::Sending),
            "done" => Some(Self::Done),
            "skipped" => Some(Self::Skipped),
            "expired" => Some(Self::Expired),
            _ => None,
        }
    }
}

/// Locks the message: of two people who decide at once, one does.
pub async fn lock(conn: &mut PgConnection, id: ParkedId) -> Result<Option<Parked>, StorageError> {
    let row = sqlx::query!(
        "select kind, why, body, content_type, size, arrivals, received_at, last_error, state
         from parked_messages where id = $1 for update",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let corrupt = |what| StorageError::Corrupt { table: "parked_messages", id: id.0, what };
        Ok(Parked {
            id,
            kind: ParkedKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
            why: WhyParked::parse(&row.why).unwrap_or(WhyParked::Unknown),
            body: row.body,
            content_type: row.content_type,
            size: row.size,
            arrivals: row.arrivals,
            received_at: row.received_at,
            last_error: row.last_error.as_deref().map(NotSent::of_text),
            state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        })
    })
    .transpose()
}

/// It was understood at last: nothing of it need be kept.
pub async fn set_done(conn: &mut PgConnection, id: ParkedId) -> Result<(), StorageError> {
    end(conn, id, "done").await
}

pub async fn set_skipped(conn: &mut PgConnection, id: ParkedId) -> Result<(), StorageError> {
    end(conn, id, "skipped").await
}

async fn end(conn: &mut PgConnection, id: ParkedId, state: &str) -> Result<(), StorageError> {
    sqlx::query!("update parked_messages set state = $2, body = null where id = $1", id.0, state)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives up what has been waiting since before `before`: bodies hold names and phones. Returns how many.
pub async fn expire(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let done = sqlx::query!(
        "update parked_messages set state = 'expired', body = null
         where state in ('parked', 'sending') and parked_at < $1",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The messages that admins have not been told of, counted by kind and reason.
pub async fn take_untold(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<(ParkedKind, WhyParked, i64)>, StorageError> {
    let rows = sqlx::query!(
        r#"with told as (
               update parked_messages set told_at = $1
               where state in ('parked', 'sending') and told_at is null
               returning kind, why
           )
           select kind, why, count(*) as "count!" from told group by kind, why order by count(*) desc, kind, why"#,
        now,
    )
    .fetch_all(conn)
    .await?;
    let counted = rows.into_iter().filter_map(|row| {
        let why = WhyParked::parse(&row.why).unwrap_or(WhyParked::Unknown);
        Some((ParkedKind::parse(&row.kind)?, why, row.count))
    });
    Ok(counted.collect())
}

#[cfg(test)]
mod tests;
