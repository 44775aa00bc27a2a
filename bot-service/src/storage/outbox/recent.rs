//! What was sent a moment ago: a new leader keeps to the pace that the one before had begun.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::ChatId;
use crate::storage::StorageError;

/// A call that was made, or was about to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub chat: ChatId,
    pub at: DateTime<Utc>,
    /// It changed a message.
    pub is_edit: bool,
}

/// Messages after `since`, oldest first; of the redraws of each card the last one.
pub async fn list_sent(conn: &mut PgConnection, since: DateTime<Utc>) -> Result<Vec<Sent>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select chat_id as "chat_id!", at as "at!", edit_message_id is not null as "is_edit!"
        from outbox_attempts join outbox on outbox.id = outbox_id
        where outbox_attempts.text is not null and at > $1
        union all
        select chat_id, drawn_at, true from cards where drawn_at > $1
        order by 2
        "#,
        since,
    )
    .fetch_all(conn)
    .await?;
    let sent =
        rows.into_iter().map(|row| Sent { chat: ChatId(row.chat_id), at: row.at, is_edit: row.is_edit });
    Ok(sent.collect())
}
