//! `telegram_updates`: everything that came from Telegram, stored before it is confirmed, handled once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::ChatId;

mod answers;

pub use answers::{Unanswered, claim_answer, claim_waiting};

/// The channel on which new updates are announced.
pub const CHANNEL: &str = "updates";

/// An update as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    pub update_id: i64,
    /// 0 where it belongs to no chat.
    pub chat: ChatId,
    pub body: Vec<u8>,
}

/// Which update. Another bot may have used the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub bot_id: i64,
    pub update_id: i64,
}

/// An update whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub place: Place,
    pub body: Vec<u8>,
    pub received_at: DateTime<Utc>,
    /// How often it has failed.
    pub attempts: i32,
    /// Whether a press has been answered before its turn.
    pub is_answered: bool,
}

/// Stores updates; one that is there already stays as it is. Returns how many are new.
pub async fn store(
    conn: &mut PgConnection,
    bot_id: i64,
    updates: &[Raw],
    now: DateTime<Utc>,
) -> Result<u64, StorageError> {
    let ids: Vec<_> = updates.iter().map(|update| update.update_id).collect();
    let chats: Vec<_> = updates.iter().map(|update| update.chat.0).collect();
    let bodies: Vec<_> = updates.iter().map(|update| update.body.clone()).collect();
    let done = sqlx::query!(
        "insert into telegram_updates (bot_id, update_id, chat_id, body, received_at, next_attempt_at)
         select $1, update_id, chat_id, body, $5, $5
         from unnest($2::bigint[], $3::bigint[], $4::bytea[]) as came (update_id, chat_id, body)
         on conflict do nothing",
        bot_id,
        &ids,
        &chats,
        &bodies,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(conn).await?;
    Ok(done.rows_affected())
}

/// Chats of this bot with an update whose turn it is, the longest waiting first, without those of `except`.
/// No more than anybody could handle at once.
pub async fn list_chats(
    conn: &mut PgConnection,
    bot_id: i64,
    except: &[ChatId],
    now: DateTime<Utc>,
) -> Result<Vec<ChatId>, StorageError> {
    let except: Vec<i64> = except.iter().map(|chat| chat.0).collect();
    let chats = sqlx::query_scalar!(
        r#"
        select chat_id as "chat_id!" from telegram_updates u
        where bot_id = $1 and handled_at is null and next_attempt_at <= $3 and chat_id <> all($2)
          and not exists (
              select from telegram_updates earlier
              where earlier.chat_id = u.chat_id and earlier.handled_at is null
                and earlier.update_id < u.update_id and earlier.bot_id = u.bot_id)
        order by update_id limit 100
        "#,
        bot_id,
        &except,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(chats.into_iter().map(ChatId).collect())
}

/// Tries to be the only one who handles this chat until the transaction ends.
///
/// A statement of its own: what is read after it sees everything that the last holder committed.
pub async fn try_lock_chat(conn: &mut PgConnection, chat: ChatId) -> Result<bool, StorageError> {
    let locked = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "locked!""#, chat.0)
        .fetch_one(conn)
        .await?;
    Ok(locked)
}

/// A person waits for this transaction: it does not queue behind a lock for long.
pub async fn limit_lock_waits(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("set local lock_timeout = '1s'").execute(conn).await?;
    Ok(())
}

/// The chat's oldest unhandled update, if its time has come. Later ones wait behind it.
pub async fn oldest(
    conn: &mut PgConnection,
    bot_id: i64,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<Option<Due>, StorageError> {
    let row = sqlx::query!(
        r#"select update_id, body, received_at, attempts, next_attempt_at, answered_at is not null as "is_answered!"
           from telegram_updates
           where chat_id = $2 and bot_id = $1 and handled_at is null order by update_id limit 1"#,
        bot_id,
        chat.0,
    )
    .fetch_optional(conn)
    .await?;
    let due = row.filter(|row| row.next_attempt_at <= now);
    Ok(due.map(|row| Due {
        place: Place { bot_id, update_id: row.update_id },
        body: row.body.unwrap_or_default(),
        received_at: row.received_at,
        attempts: row.attempts,
        is_answered: row.is_answered,
    }))
}

/// Returns whether it has been answered before, as a press may be.
pub async fn set_handled(
    conn: &mut PgConnection,
    place: Place,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let done = sqlx::query_scalar!(
        r#"update telegram_updates set handled_at = $3
           where bot_id = $1 and update_id = $2 and handled_at is null
           returning answered_at is not null as "is_answered!""#,
        place.bot_id,
        place.update_id,
        now,
    )
    .fetch_all(conn)
    .await?;
    one_row("telegram_updates", done.len() as u64)?;
    Ok(done.contains(&true))
}

/// Whether it was handled at just this moment: by that one transaction and no other.
pub async fn was_handled_at(
    conn: &mut PgConnection,
    place: Place,
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let found = sqlx::query_scalar!(
        r#"select true as "found!" from telegram_updates
           where bot_id = $1 and update_id = $2 and handled_at = $3"#,
        place.bot_id,
        place.update_id,
        at,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Counts a failure; the update is due again at `next_at`.
pub async fn set_failed(
    conn: &mut PgConnection,
    place: Place,
    error: &str,
    next_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update telegram_updates set attempts = attempts + 1, last_error = $3, next_attempt_at = $4
         where bot_id = $1 and update_id = $2 and handled_at is null",
        place.bot_id,
        place.update_id,
        error,
        next_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an update up: it is kept for a person to look at, and the chat goes on.
pub async fn park(
    conn: &mut PgConnection,
    place: Place,
    error: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update telegram_updates
         set attempts = attempts + 1, last_error = $3, parked_at = $4, handled_at = $4
         where bot_id = $1 and update_id = $2 and handled_at is null",
        place.bot_id,
        place.update_id,
        error,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Erases the bodies of updates that came before `before`, except of what is unhandled. Returns how many.
pub async fn erase_bodies(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let done = sqlx::query!(
        "update telegram_updates set body = null
         where body is not null and handled_at is not null and received_at < $1",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// How many wait to be handled.
pub async fn count_unhandled(conn: &mut PgConnection) -> Result<i64, StorageError> {
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from telegram_updates where handled_at is null"#)
            .fetch_one(conn)
            .await?;
    Ok(count)
}

#[cfg(test)]
mod tests;
