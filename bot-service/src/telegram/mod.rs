//! How the product looks and listens in Telegram. Everything that a person can send is on this page.

use sqlx::PgConnection;
use teloxide::utils::command::BotCommands;

use crate::actions::ActionError;
use crate::actions::reach::{self, Undelivered, Why};
use crate::actions::views::{Cursor, Filter, ListKind};
use crate::app::App;
use crate::domain::user::Role;
use crate::storage::users;

pub mod callback;
pub mod connection;
pub mod handlers;
pub mod identify;
pub mod incoming;
pub mod read;
pub mod roles;
pub mod screens;
pub mod sender;
pub mod toasts;
pub mod words;

use callback::Callback;
use handlers::{Ask, Outcome, card, invite, lists, menu, people, recorded};
use incoming::{Answer, Incoming, IncomingKind};

/// What can be typed. Each is in the commands menu of those who may use it (`roles`).
#[derive(Debug, Clone, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "lowercase")]
enum Command {
    Start(String),
    Menu,
    Help,
    Pending,
    All,
    Measurers,
    My,
    Orders,
}

/// Serves what a person sent, in the transaction that will mark it as handled.
///
/// # Errors
///
/// If something broke; the transaction is rolled back, and the update tried again. A refusal is no error: it
/// is the answer.
pub async fn handle(app: &App, conn: &mut PgConnection, incoming: &Incoming) -> anyhow::Result<Answer> {
    match incoming.kind {
        IncomingKind::Group => return Ok(Answer::default()),
        IncomingKind::Reachability { is_member: false } => {
            let user = users::find_by_chat(conn, incoming.chat_id).await?.map(|user| user.id);
            let lost = Undelivered { chat: incoming.chat_id, user, measurement: None };
            reach::lose(conn, lost, Why::Left, app.now()).await?;
            return Ok(Answer::default());
        }
        _ => {}
    }
    let mut ask = identify::identify(app, conn, incoming).await?;
    let outcome = match &incoming.kind {
        IncomingKind::Text(text) => typed(&mut ask, text).await,
        IncomingKind::Press { data, .. } => pressed(&mut ask, data.as_deref()).await,
        IncomingKind::Other => menu::hint(&mut ask).await,
        IncomingKind::Group | IncomingKind::Reachability { .. } => Ok(None),
    };
    if !matches!(outcome, Err(ActionError::Failed(_))) {
        identify::follow(&mut ask).await?;
    }
    let is_press = matches!(incoming.kind, IncomingKind::Press { .. });
    match outcome {
        Ok(toast) => Ok(Answer { toast }),
        Err(ActionError::Refused(refused)) => {
            let toast = toasts::refused(&refused, &ask.context());
            if is_press {
                return Ok(Answer { toast: Some(toast) });
            }
            if ask.actor().is_err() {
                menu::no_access(&mut ask).await?;
            } else {
                let screen = screens::texts::toast(&toast);
                ask.say(&screen).await?;
            }
            Ok(Answer { toast: None })
        }
        Err(ActionError::Failed(error)) => Err(error),
    }
}

async fn typed(ask: &mut Ask<'_>, text: &str) -> Outcome {
    let Ok(command) = Command::parse(text, ask.app.bot_username().unwrap_or_default()) else {
        return menu::hint(ask).await;
    };
    match command {
        Command::Start(payload) => invite::start(ask, payload.trim()).await,
        Command::Menu => menu::menu(ask).await,
        Command::Help => menu::help(ask).await,
        Command::Pending => lists::page(ask, ListKind::Pending, Cursor::First).await,
        Command::All => lists::page(ask, ListKind::All(Filter::Everything), Cursor::First).await,
        Command::Measurers => people::list(ask, Some(Role::Measurer), 0).await,
        Command::My => lists::page(ask, ListKind::My, Cursor::First).await,
        Command::Orders => lists::page(ask, ListKind::Orders, Cursor::First).await,
    }
}

async fn pressed(ask: &mut Ask<'_>, data: Option<&str>) -> Outcome {
    ask.actor()?;
    let Some(callback) = data.and_then(Callback::parse) else {
        return Ok(Some(toasts::outdated(&ask.context())));
    };
    match callback {
        Callback::Menu => menu::menu(ask).await,
        Callback::List { kind, cursor } => lists::page(ask, kind, cursor).await,
        Callback::Open(id) => card::open(ask, id).await,
        Callback::Card { id, step, press } => card::press(ask, id, step, press).await,
        Callback::Invite => invite::choose(ask).await,
        Callback::InviteAs(role) => invite::create(ask, role).await,
        Callback::People { only, page } => people::list(ask, only, page).await,
        Callback::Person(id) => people::person(ask, id).await,
        Callback::Employees { user, page } => people::employees(ask, user, page).await,
        Callback::Link { user, employee } => people::link(ask, user, employee).await,
        Callback::RefreshEmployees(user) => people::refresh_employees(ask, user).await,
        Callback::AskDisable(user) => people::ask_disable(ask, user).await,
        Callback::Disable(user) => people::disable(ask, user).await,
        Callback::Enable(user) => people::enable(ask, user).await,
        Callback::Recorded { recording, choice } => recorded::decide(ask, recording, choice).await,
    }
}

#[cfg(test)]
mod tests;
