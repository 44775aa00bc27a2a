//! Attempts, and how a row ends.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::{CardId, OutboxId};
use crate::storage::StorageError;

/// One call made for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptId(pub i64);

/// How a row ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Sent,
    /// It was no longer true or permitted, or another message says it.
    Superseded,
    Failed,
}

impl End {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Superseded => "superseded",
            Self::Failed => "failed",
        }
    }
}

/// A call is about to go out. Until it is finished it counts as one that may have been done.
pub async fn begin_attempt(
    conn: &mut PgConnection,
    id: OutboxId,
    text: Option<&str>,
    now: DateTime<Utc>,
) -> Result<AttemptId, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into outbox_attempts (outbox_id, at, text) values ($1, $2, $3) returning id",
        id.0,
        now,
        text,
    )
    .fetch_one(conn)
    .await?;
    Ok(AttemptId(id))
}

pub async fn finish_attempt(
    conn: &mut PgConnection,
    id: AttemptId,
    outcome: &str,
    message_id: Option<i32>,
    error: Option<&str>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update outbox_attempts set outcome = $2, message_id = $3, error = $4 where id = $1",
        id.0,
        outcome,
        message_id,
        error,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Does nothing to a row that has ended already.
pub async fn end(
    conn: &mut PgConnection,
    id: OutboxId,
    end: End,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    end_all(conn, &[id], end, now).await
}

pub async fn end_all(
    conn: &mut PgConnection,
    ids: &[OutboxId],
    end: End,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        // What was said stands with the attempt; the payload may hold a link that still lets somebody in.
        "update outbox set state = $2, finished_at = $3, payload = '{}' where id = any($1) and state = 'pending'",
        &ids,
        end.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The next attempt is not before `until`; other rows of the chat pass.
pub async fn postpone(
    conn: &mut PgConnection,
    id: OutboxId,
    until: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update outbox set attempts = attempts + 1, next_attempt_at = $2 where id = $1",
        id.0,
        until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The message to change is gone: the same screen goes out as a new one.
pub async fn send_anew(conn: &mut PgConnection, id: OutboxId) -> Result<(), StorageError> {
    sqlx::query!("update outbox set attempts = attempts + 1, edit_message_id = null where id = $1", id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Remembers the card that this row sends, for the next attempt.
pub async fn set_card(conn: &mut PgConnection, id: OutboxId, card: CardId) -> Result<(), StorageError> {
    sqlx::query!("update outbox set card_id = $2 where id = $1", id.0, card.0).execute(conn).await?;
    Ok(())
}

/// Erases the texts of attempts that were made before `before`. Returns how many.
pub async fn erase_texts(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let done =
        sqlx::query!("update outbox_attempts set text = null where text is not null and at < $1", before)
            .execute(conn)
            .await?;
    Ok(done.rows_affected())
}
