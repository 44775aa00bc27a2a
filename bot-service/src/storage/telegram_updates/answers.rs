//! Which press has its answer: Telegram takes one to each, and several replicas may want to give it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Place;
use crate::domain::user::Language;
use crate::storage::StorageError;

/// An update that the caller alone is to answer now, if it is a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    pub body: Vec<u8>,
    /// That of its chat, once somebody has written there.
    pub language: Option<Language>,
}

/// `None` if it has been answered.
pub async fn claim_answer(
    conn: &mut PgConnection,
    place: Place,
    now: DateTime<Utc>,
) -> Result<Option<Unanswered>, StorageError> {
    let row = sqlx::query!(
        r#"
        update telegram_updates u set answered_at = $3
        where bot_id = $1 and update_id = $2 and answered_at is null
        returning body, (select language from chats c where c.chat_id = u.chat_id)
        "#,
        place.bot_id,
        place.update_id,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| unanswered(row.body, row.language.as_deref())))
}

/// Updates that came before `behind` and whose turn cannot come yet, because an earlier one of their chat is
/// unhandled, and those that came before `first` whichever place they have. Each is returned once; at most as many as
/// anybody can answer at once.
pub async fn claim_waiting(
    conn: &mut PgConnection,
    bot_id: i64,
    behind: DateTime<Utc>,
    first: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Unanswered>, StorageError> {
    let rows = sqlx::query!(
        r#"
        update telegram_updates u set answered_at = $4
        where bot_id = $1 and update_id in (
            select update_id from telegram_updates later
            where bot_id = $1 and handled_at is null and answered_at is null
              and (received_at < $3 or received_at < $2 and exists (
                  select from telegram_updates earlier
                  where earlier.chat_id = later.chat_id and earlier.handled_at is null
                    and earlier.update_id < later.update_id and earlier.bot_id = later.bot_id))
            order by update_id limit 20 for update skip locked)
        returning body, (select language from chats c where c.chat_id = u.chat_id)
        "#,
        bot_id,
        behind,
        first,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| unanswered(row.body, row.language.as_deref())).collect())
}

fn unanswered(body: Option<Vec<u8>>, language: Option<&str>) -> Unanswered {
    let language = Language::ALL.into_iter().find(|known| Some(known.as_str()) == language);
    Unanswered { body: body.unwrap_or_default(), language }
}
