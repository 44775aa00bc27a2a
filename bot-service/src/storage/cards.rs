//! `cards`: measurements shown in chats as messages of their own. Whoever changes what a card shows raises
//! `wanted_version`; the sender draws until `shown_version` has caught up.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::ids::{CardId, ChatId, MeasurementId, UserId};

/// The face that every card begins with, and returns to after a transition.
pub const MAIN_FACE: &str = "main";

/// A transition: every live card of the measurement shows its main face anew.
pub async fn bump(conn: &mut PgConnection, measurement: MeasurementId) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set wanted_version = wanted_version + 1, face = 'main'
         where measurement_id = $1 and ended_at is null",
        measurement.0,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// The facts changed: every live card is drawn anew and keeps the keyboard it wears.
pub async fn bump_keeping_face(
    conn: &mut PgConnection,
    measurement: MeasurementId,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set wanted_version = wanted_version + 1 where measurement_id = $1 and ended_at is null",
        measurement.0,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// The person's rights changed: all cards he has are drawn anew, and become stubs where he sees nothing.
pub async fn bump_of_user(conn: &mut PgConnection, user: UserId) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set wanted_version = wanted_version + 1, face = 'main'
         where user_id = $1 and ended_at is null",
        user.0,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// A press chose another keyboard for this card: it is redrawn at once. Does nothing for an unknown message.
pub async fn set_face(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
    face: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set face = $3, pressed_at = $4, wanted_version = wanted_version + 1
         where chat_id = $1 and message_id = $2 and ended_at is null",
        chat.0,
        message_id,
        face,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// A press on this card, whatever comes of it: its next redraw does not wait, and there is one even where
/// nothing changed, because the person may be looking at an old keyboard.
pub async fn touch_pressed(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set pressed_at = $3, wanted_version = wanted_version + 1
         where chat_id = $1 and message_id = $2",
        chat.0,
        message_id,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// A press on a card message, known or not: from now on it is the live card of its measurement in this chat,
/// and is redrawn at once. The older live one ends.
pub async fn adopt(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
    (user, measurement): (UserId, MeasurementId),
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set ended_at = $4, wanted_version = wanted_version + 1
         where chat_id = $1 and measurement_id = $2 and ended_at is null and message_id is distinct from $3",
        chat.0,
        measurement.0,
        message_id,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into cards (chat_id, user_id, measurement_id, message_id, pressed_at, next_attempt_at, created_at)
         values ($1, $2, $3, $4, $5, $5, $5)
         on conflict (chat_id, message_id) do update
         set user_id = excluded.user_id, measurement_id = excluded.measurement_id, ended_at = null,
             pressed_at = excluded.pressed_at, next_attempt_at = excluded.next_attempt_at,
             wanted_version = cards.wanted_version + 1",
        chat.0,
        user.0,
        measurement.0,
        message_id,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// The message now shows something else (a list, a menu): it is no card any more and is not drawn again.
/// Does nothing for an unknown message.
pub async fn end(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set ended_at = coalesce(ended_at, $3), shown_version = wanted_version
         where chat_id = $1 and message_id = $2",
        chat.0,
        message_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Creates the live card of a measurement in a chat, before its message is sent. The older one ends and is
/// drawn once more, without a keyboard.
pub async fn create(
    conn: &mut PgConnection,
    chat: ChatId,
    (user, measurement): (UserId, MeasurementId),
    now: DateTime<Utc>,
) -> Result<CardId, StorageError> {
    sqlx::query!(
        "update cards set ended_at = $3, wanted_version = wanted_version + 1
         where chat_id = $1 and measurement_id = $2 and ended_at is null",
        chat.0,
        measurement.0,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let id = sqlx::query_scalar!(
        "insert into cards (chat_id, user_id, measurement_id, next_attempt_at, created_at)
         values ($1, $2, $3, $4, $4) returning id",
        chat.0,
        user.0,
        measurement.0,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(CardId(id))
}

/// Wakes the sender when the transaction commits.
async fn announce(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select pg_notify('outbox', '')").fetch_one(conn).await?;
    Ok(())
}
