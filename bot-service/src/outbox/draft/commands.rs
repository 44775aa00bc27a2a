//! The commands menu of a chat: what its person may do, in his language.

use sqlx::PgConnection;

use super::Draft;
use crate::domain::user::{Role, Roles};
use crate::outbox::call::Call;
use crate::storage::outbox::{self, Row};
use crate::storage::users;
use crate::telegram::roles;

/// None if the menu is so already.
pub async fn draw(conn: &mut PgConnection, row: &Row) -> anyhow::Result<Option<Draft>> {
    let (roles, language) = match users::find_by_chat(conn, row.chat).await? {
        Some(user) => (user.actor().roles, user.language),
        None => (Roles::NONE, outbox::language(conn, row.chat).await?),
    };
    let names: Vec<_> = roles.iter().map(Role::as_str).collect();
    let wanted = format!("{}:{}", language.as_str(), names.join(","));
    if outbox::commands_shown(conn, row.chat).await?.as_deref() == Some(wanted.as_str()) {
        return Ok(None);
    }
    let call = Call::Commands(roles::commands(roles, language));
    Ok(Some(Draft { commands: Some(wanted), ..call.into() }))
}
