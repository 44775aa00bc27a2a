//! What waits to be sent, and whose turn it is.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::domain::ids::{CardId, ChatId, HistoryId, MeasurementId, OutboxId, UserId};
use crate::domain::notices::NoticeKind;
use crate::storage::StorageError;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    Reply,
    Urgent,
    Notice,
}

impl Lane {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "reply" => Some(Self::Reply),
            "urgent" => Some(Self::Urgent),
            "notice" => Some(Self::Notice),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The payload is the screen.
    Screen,
    Card,
    Notice(NoticeKind),
    /// The payload is the files, to be shown together.
    Files,
    /// The payload is the alert.
    Alert,
    Commands,
}

impl Kind {
    /// All that this version knows.
    fn names() -> Vec<&'static str> {
        let notices = NoticeKind::ALL.into_iter().map(NoticeKind::as_str);
        ["screen", "card", "files", "alert", "commands"].into_iter().chain(notices).collect()
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "screen" => Some(Self::Screen),
            "card" => Some(Self::Card),
            "files" => Some(Self::Files),
            "alert" => Some(Self::Alert),
            "commands" => Some(Self::Commands),
            notice => NoticeKind::parse(notice).map(Self::Notice),
        }
    }
}

/// A row whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub id: OutboxId,
    pub chat: ChatId,
    pub lane: Lane,
    pub kind: Kind,
    /// It changes a message instead of sending one.
    pub is_edit: bool,
}

/// For each chat that is neither paused nor `busy`, the row to send next: by lane, then in the order they came.
/// Those of the first lane come first. A kind that another version wrote waits for that version, and holds up nobody.
pub async fn list_due(
    conn: &mut PgConnection,
    busy: &[i64],
    now: DateTime<Utc>,
) -> Result<Vec<Due>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select distinct on (o.chat_id) o.id, o.chat_id, o.lane, o.kind, o.edit_message_id is not null as "is_edit!"
        from outbox o join chats on chats.chat_id = o.chat_id
        where o.state = 'pending' and o.next_attempt_at <= $2 and o.chat_id <> all($1) and o.kind = any($3)
          and (paused_until is null or paused_until <= $2)
        order by o.chat_id, array_position(array['reply', 'urgent', 'notice'], o.lane), o.id
        "#,
        busy,
        now,
        &Kind::names() as &[&str],
    )
    .fetch_all(conn)
    .await?;
    let due = |(id, chat, lane, kind, is_edit): (i64, i64, String, String, bool)| {
        let corrupt = |what| StorageError::Corrupt { table: "outbox", id, what };
        Ok(Due {
            id: OutboxId(id),
            chat: ChatId(chat),
            lane: Lane::parse(&lane).ok_or_else(|| corrupt("lane"))?,
            kind: Kind::parse(&kind).ok_or_else(|| corrupt("kind"))?,
            is_edit,
        })
    };
    let mut due: Vec<Due> = rows
        .into_iter()
        .map(|row| due((row.id, row.chat_id, row.lane, row.kind, row.is_edit)))
        .collect::<Result<_, StorageError>>()?;
    due.sort_by_key(|due| (due.lane, due.id));
    Ok(due)
}

/// A row as stored, waiting.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub id: OutboxId,
    pub chat: ChatId,
    pub user: Option<UserId>,
    pub kind: Kind,
    pub measurement: Option<MeasurementId>,
    pub history: Option<HistoryId>,
    pub payload: Value,
    pub edit_message_id: Option<i32>,
    /// The card that an earlier attempt created.
    pub card: Option<CardId>,
    pub attempts: i32,
}

/// None if the row has ended meanwhile.
pub async fn find_pending(conn: &mut PgConnection, id: OutboxId) -> Result<Option<Row>, StorageError> {
    let row = sqlx::query!(
        "select chat_id, user_id, kind, measurement_id, history_id, payload, edit_message_id, card_id, attempts
         from outbox where id = $1 and state = 'pending'",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let corrupt = StorageError::Corrupt { table: "outbox", id: id.0, what: "kind" };
        Ok(Row {
            id,
            chat: ChatId(row.chat_id),
            user: row.user_id.map(UserId),
            kind: Kind::parse(&row.kind).ok_or(corrupt)?,
            measurement: row.measurement_id.map(MeasurementId),
            history: row.history_id.map(HistoryId),
            payload: row.payload,
            edit_message_id: row.edit_message_id,
            card: row.card_id.map(CardId),
            attempts: row.attempts,
        })
    })
    .transpose()
}
