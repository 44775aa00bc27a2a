//! Which language a person reads.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::ChatId;
use crate::domain::user::{Actor, Language};
use crate::storage::{StorageError, cards, chats, outbox, users};

/// From now on he reads this language: what is still to be sent, the commands, and his cards as they are redrawn.
pub async fn speak(
    conn: &mut PgConnection,
    actor: &Actor,
    chat: ChatId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    chats::set_language(conn, chat, language).await?;
    users::set_language(conn, actor.id, language).await?;
    cards::bump_of_user(conn, actor.id).await?;
    outbox::enqueue_commands(conn, chat, now).await
}
