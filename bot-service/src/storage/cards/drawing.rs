//! What the sender does with cards: creating them before their message is sent, and drawing them anew.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::end_live;
use crate::domain::ids::{CardId, ChatId, MeasurementId, UserId};
use crate::storage::StorageError;

/// A card as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub id: CardId,
    pub chat: ChatId,
    pub user: UserId,
    pub measurement: MeasurementId,
    /// Known once Telegram has taken the message.
    pub message_id: Option<i32>,
    pub wanted_version: i32,
    pub face: String,
    pub pressed_at: Option<DateTime<Utc>>,
    pub attempts: i32,
    pub is_live: bool,
}

struct Row {
    id: i64,
    chat_id: i64,
    user_id: i64,
    measurement_id: i64,
    message_id: Option<i32>,
    wanted_version: i32,
    face: String,
    pressed_at: Option<DateTime<Utc>>,
    attempts: i32,
    is_live: bool,
}

impl From<Row> for Card {
    fn from(row: Row) -> Self {
        Self {
            id: CardId(row.id),
            chat: ChatId(row.chat_id),
            user: UserId(row.user_id),
            measurement: MeasurementId(row.measurement_id),
            message_id: row.message_id,
            wanted_version: row.wanted_version,
            face: row.face,
            pressed_at: row.pressed_at,
            attempts: row.attempts,
            is_live: row.is_live,
        }
    }
}

pub async fn find(conn: &mut PgConnection, id: CardId) -> Result<Option<Card>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, chat_id, user_id, measurement_id, message_id, wanted_version, face, pressed_at, attempts,
                  ended_at is null as "is_live!"
           from cards where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Card::from))
}

/// The live card of a measurement in a chat, also one whose message is only being sent.
pub async fn find_live(
    conn: &mut PgConnection,
    chat: ChatId,
    measurement: MeasurementId,
) -> Result<Option<Card>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, chat_id, user_id, measurement_id, message_id, wanted_version, face, pressed_at, attempts,
                  true as "is_live!"
           from cards where chat_id = $1 and measurement_id = $2 and ended_at is null"#,
        chat.0,
        measurement.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Card::from))
}

/// Creates the live card of a measurement in a chat, before its message is sent; the older one ends.
///
/// Waits for whoever is changing the measurement at this moment, and makes the next one wait: what is read of
/// it afterwards in this transaction is what the card's first version shows, and later changes raise the version.
pub async fn create(
    conn: &mut PgConnection,
    chat: ChatId,
    user: UserId,
    measurement: MeasurementId,
    now: DateTime<Utc>,
) -> Result<CardId, StorageError> {
    sqlx::query_scalar!("select id from measurements where id = $1 for key share", measurement.0)
        .fetch_optional(&mut *conn)
        .await?;
    end_live(conn, chat, measurement, None, now).await?;
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

/// A card whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToRedraw {
    pub id: CardId,
    pub chat: ChatId,
    /// The person has just pressed something on it.
    pub is_pressed: bool,
}

/// For each chat that can be written to and is not `busy`, the card to draw next: the one just pressed, else the
/// one that has waited longest.
pub async fn list_to_redraw(
    conn: &mut PgConnection,
    busy: &[i64],
    now: DateTime<Utc>,
) -> Result<Vec<ToRedraw>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select next.id as "id!", chats.chat_id as "chat_id!", next.is_pressed as "is_pressed!"
        from chats cross join lateral (
            select id, pressed_at is not null as is_pressed
            from cards
            where cards.chat_id = chats.chat_id and shown_version < wanted_version and message_id is not null
              and next_attempt_at <= $2
            order by pressed_at desc nulls last, next_attempt_at, id
            limit 1
        ) as next
        where user_id is not null and chats.chat_id <> all($1) and unreachable_at is null
          and (paused_until is null or paused_until <= $2)
        order by chats.chat_id
        "#,
        busy,
        now,
    )
    .fetch_all(conn)
    .await?;
    let to_redraw = |(id, chat, is_pressed)| ToRedraw { id: CardId(id), chat: ChatId(chat), is_pressed };
    Ok(rows.into_iter().map(|row| to_redraw((row.id, row.chat_id, row.is_pressed))).collect())
}

/// Telegram has taken the card's first message, drawn for this version.
pub async fn sent(
    conn: &mut PgConnection,
    id: CardId,
    message_id: i32,
    version: i32,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set message_id = $2, shown_version = greatest(shown_version, $3), next_attempt_at = $4
         where id = $1",
        id.0,
        message_id,
        version,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Telegram is about to be called: the next leader keeps to the pace.
pub async fn drawing(conn: &mut PgConnection, id: CardId, now: DateTime<Utc>) -> Result<(), StorageError> {
    sqlx::query!("update cards set drawn_at = $2 where id = $1", id.0, now).execute(conn).await?;
    Ok(())
}

/// The message shows `card`, as it was read before it was drawn.
pub async fn drawn(conn: &mut PgConnection, card: &Card, now: DateTime<Utc>) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set shown_version = greatest(shown_version, $2), attempts = 0, last_error = null,
             next_attempt_at = $4, pressed_at = case when pressed_at = $3 then null else pressed_at end
         where id = $1",
        card.id.0,
        card.wanted_version,
        card.pressed_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drawing failed; the next try is not before `until`.
pub async fn postpone(
    conn: &mut PgConnection,
    id: CardId,
    until: DateTime<Utc>,
    error: &str,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set attempts = attempts + 1, next_attempt_at = $2, last_error = $3 where id = $1",
        id.0,
        until,
        error,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The message is gone, or cannot be drawn: the card ends and is not drawn again. The next event brings a new one.
pub async fn lose(
    conn: &mut PgConnection,
    id: CardId,
    error: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set ended_at = coalesce(ended_at, $2), shown_version = wanted_version, pressed_at = null,
             last_error = $3, face = 'stub'
         where id = $1",
        id.0,
        now,
        error,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The person has lost sight of the measurement: older messages of it in his chat are drawn once more too, because
/// they still show the client.
pub async fn stub_ended(
    conn: &mut PgConnection,
    chat: ChatId,
    measurement: MeasurementId,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update cards set face = 'stub', wanted_version = wanted_version + 1
         where chat_id = $1 and measurement_id = $2 and ended_at is not null and message_id is not null
           and face <> 'stub'",
        chat.0,
        measurement.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}
