//! `cards`: measurements shown in chats as messages of their own. Whoever changes what a card shows raises
//! `wanted_version`; the sender draws until `shown_version` has caught up.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use super::outbox::announce;
use crate::domain::ids::{ChatId, MeasurementId, UserId};

mod drawing;
mod rights;

pub use drawing::{
    Card, ToRedraw, create, drawing, drawn, find, find_live, list_to_redraw, lose, postpone, sent, stub_ended,
};
pub use rights::{bump_of_user, go_on};

/// A transition: every live card of the measurement shows its main face anew. In a chat that has no live one, older
/// messages are drawn anew too: its person may have lost sight of the client whom they show.
pub async fn bump(conn: &mut PgConnection, measurement: MeasurementId) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set wanted_version = wanted_version + 1, face = 'main'
         where measurement_id = $1
           and (ended_at is null
                or message_id is not null and face <> 'stub' and not exists (
                    select from cards live
                    where live.chat_id = cards.chat_id and live.measurement_id = $1 and live.ended_at is null))",
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

/// A press chose another keyboard for this card: it is redrawn at once. Does nothing for an unknown message.
pub async fn set_face(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
    face: impl Display + Send,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set face = $3, pressed_at = $4, wanted_version = wanted_version + 1
         where chat_id = $1 and message_id = $2 and ended_at is null",
        chat.0,
        message_id,
        face.to_string(),
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
    user: UserId,
    measurement: MeasurementId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    // A card whose message was sent, but whose answer has not come or was lost, may be this very message.
    let known = sqlx::query_scalar!(
        "select id from cards
         where chat_id = $1 and (message_id = $2 or (measurement_id = $3 and message_id is null and ended_at is null))
         order by message_id is null limit 1",
        chat.0,
        message_id,
        measurement.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    end_live(conn, chat, measurement, known, now).await?;
    match known {
        Some(id) => {
            sqlx::query!(
                "update cards set message_id = $2, user_id = $3, measurement_id = $4, ended_at = null,
                     face = 'main', pressed_at = $5, next_attempt_at = $5, wanted_version = wanted_version + 1
                 where id = $1",
                id,
                message_id,
                user.0,
                measurement.0,
                now,
            )
            .execute(&mut *conn)
            .await?;
        }
        None => {
            sqlx::query!(
                "insert into cards (chat_id, user_id, measurement_id, message_id, pressed_at, next_attempt_at,
                     created_at)
                 values ($1, $2, $3, $4, $5, $5, $5)",
                chat.0,
                user.0,
                measurement.0,
                message_id,
                now,
            )
            .execute(&mut *conn)
            .await?;
        }
    }
    announce(conn).await
}

/// The message now shows something else (a list, a menu): it is no card any more and is not drawn again, not even as
/// a stub.
/// Does nothing for an unknown message.
pub async fn end(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set ended_at = coalesce(ended_at, $3), shown_version = wanted_version, face = 'stub'
         where chat_id = $1 and message_id = $2",
        chat.0,
        message_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the live card of a measurement in a chat, unless it is `kept`: it is drawn once more, without a keyboard.
async fn end_live(
    conn: &mut PgConnection,
    chat: ChatId,
    measurement: MeasurementId,
    kept: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set ended_at = $4, wanted_version = wanted_version + 1
         where chat_id = $1 and measurement_id = $2 and ended_at is null and id is distinct from $3",
        chat.0,
        measurement.0,
        kept,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
