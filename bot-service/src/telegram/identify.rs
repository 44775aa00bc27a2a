//! Who sent this: a person of the bot, or a stranger.

use sqlx::PgConnection;

use super::handlers::Ask;
use super::incoming::{Incoming, IncomingKind};
use crate::app::App;
use crate::domain::user::{Language, Name};
use crate::storage::{chats, users};

/// Finds the person, notes that he can be reached, and follows his name in Telegram.
///
/// # Errors
///
/// If the database fails.
pub async fn identify<'a>(
    app: &'a App,
    conn: &'a mut PgConnection,
    incoming: &'a Incoming,
) -> anyhow::Result<Ask<'a>> {
    let now = app.now();
    let person = &incoming.person;
    let contact =
        chats::contact(conn, incoming.chat_id, Language::from_tag(person.language_code.as_deref()), now)
            .await?;
    let user = users::find_by_chat(conn, incoming.chat_id).await?;
    if let Some(user) = &user {
        let name = Name { first: person.first_name.clone(), last: person.last_name.clone() };
        users::rename(conn, user.id, &name, person.username.as_deref()).await?;
        if contact.is_first {
            users::set_language(conn, user.id, contact.language).await?;
        }
    }
    let user = match user {
        Some(user) => users::find(conn, user.id).await?,
        None => None,
    };
    let pressed = match &incoming.kind {
        IncomingKind::Press { message_id, .. } => *message_id,
        _ => None,
    };
    Ok(Ask {
        app,
        conn,
        chat: incoming.chat_id,
        sender: person,
        language: contact.language,
        user,
        pressed,
        now,
    })
}
