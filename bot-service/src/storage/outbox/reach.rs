//! What the sender learns of a chat, and keeps for the next leader.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::{ChatId, MeasurementId};
use crate::domain::notices::NoticeKind;
use crate::domain::user::Language;
use crate::storage::outbox::announce;
use crate::storage::{StorageError, one_row};

/// Telegram asks to leave this chat alone until then.
pub async fn pause_chat(
    conn: &mut PgConnection,
    chat: ChatId,
    until: DateTime<Utc>,
) -> Result<(), StorageError> {
    let done = sqlx::query!("update chats set paused_until = $2 where chat_id = $1", chat.0, until)
        .execute(conn)
        .await?;
    one_row("chats", done.rows_affected())
}

/// Says whether this is news.
pub async fn mark_unreachable(
    conn: &mut PgConnection,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "update chats set unreachable_at = $2 where chat_id = $1 and unreachable_at is null",
        chat.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all that waits for a chat. Returns the visits that their measurer has not heard of.
pub async fn end_unreachable(
    conn: &mut PgConnection,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<Vec<MeasurementId>, StorageError> {
    let ended = sqlx::query!(
        "update outbox set state = 'unreachable', finished_at = $2, payload = '{}'
         where chat_id = $1 and state = 'pending'
         returning kind, measurement_id",
        chat.0,
        now,
    )
    .fetch_all(conn)
    .await?;
    let visits = ended.into_iter().filter(|row| row.kind == "assigned_to_you");
    Ok(visits.filter_map(|row| row.measurement_id.map(MeasurementId)).collect())
}

/// Whoever can be reached again is told what ended unsent, as far as it is of these kinds: each is looked at once
/// more when its turn comes, and ends where it is no longer true.
pub async fn revive(
    conn: &mut PgConnection,
    chat: ChatId,
    kinds: &[NoticeKind],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    sqlx::query!(
        "update outbox set state = 'pending', finished_at = null, attempts = 0, next_attempt_at = $3
         where chat_id = $1 and state = 'unreachable' and kind = any($2)",
        chat.0,
        &kinds,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// What the commands menu of a chat was last set to.
pub async fn commands_shown(conn: &mut PgConnection, chat: ChatId) -> Result<Option<String>, StorageError> {
    let shown = sqlx::query_scalar!("select commands_shown from chats where chat_id = $1", chat.0)
        .fetch_optional(conn)
        .await?;
    Ok(shown.flatten())
}

pub async fn set_commands_shown(
    conn: &mut PgConnection,
    chat: ChatId,
    shown: &str,
) -> Result<(), StorageError> {
    let done = sqlx::query!("update chats set commands_shown = $2 where chat_id = $1", chat.0, shown)
        .execute(conn)
        .await?;
    one_row("chats", done.rows_affected())
}

/// The language of a chat, also of one without a person.
pub async fn language(conn: &mut PgConnection, chat: ChatId) -> Result<Language, StorageError> {
    let text =
        sqlx::query_scalar!("select language from chats where chat_id = $1", chat.0).fetch_one(conn).await?;
    let known = Language::parse(&text);
    known.ok_or(StorageError::Corrupt { table: "chats", id: chat.0, what: "language" })
}
