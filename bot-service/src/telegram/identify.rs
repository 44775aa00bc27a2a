//! Who sent this: a person of the bot, or a stranger.

use sqlx::PgConnection;

use super::handlers::Ask;
use super::incoming::{Incoming, IncomingKind, Sender};
use crate::actions::reach;
use crate::app::App;
use crate::domain::user::{Language, Name, User};
use crate::storage::{chats, users};

/// Finds the person, by the name he has in Telegram now, and notes that he can be reached.
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
    let user = user.map(|user| User { name: name_of(person), language: contact.language, ..user });
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
        message: incoming.message,
        was_unreachable: contact.was_unreachable,
        now,
    })
}

/// Our record of a person follows Telegram: his name always, his language at first contact alone. Who is back gets
/// what he missed. Comes last in the transaction, because people and messages are locked after measurements.
///
/// # Errors
///
/// If the database fails.
pub async fn follow(ask: &mut Ask<'_>) -> anyhow::Result<()> {
    if let Some(user) = &ask.user {
        users::follow(ask.conn, user.id, &name_of(ask.sender), ask.sender.username.as_deref(), ask.language)
            .await?;
    }
    if ask.was_unreachable {
        reach::regain(ask.conn, ask.chat, ask.now).await?;
    }
    Ok(())
}

fn name_of(sender: &Sender) -> Name {
    Name { first: sender.first_name.clone(), last: sender.last_name.clone() }
}
