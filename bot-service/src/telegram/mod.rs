//! How the product looks and listens in Telegram. Everything that a person can send is on this page.

use sqlx::PgConnection;
use teloxide::utils::command::BotCommands;

use crate::actions::ActionError;
use crate::actions::reach::{self, Undelivered, Why};
use crate::actions::views::{Cursor, Filter, ListKind};
use crate::app::App;
use crate::domain::conversation::Flow;
use crate::domain::user::Role;
use crate::storage::{conversations, users};

pub mod callback;
pub mod connection;
pub mod handlers;
pub mod identify;
pub mod incoming;
mod media;
pub mod read;
pub mod roles;
pub mod screens;
pub mod sender;
pub mod toasts;
pub mod words;

use callback::{Callback, DispatchPress};
use handlers::{
    Ask, Outcome, access, card, comment, contact, dealers, dispatch, failures, files, find, invite, language,
    lists, menu, people, recorded, setup, status, zones,
};
use incoming::{Answer, Incoming, IncomingKind};

/// What can be typed. Each is in the commands menu of those who may use it (`roles`).
#[derive(Debug, Clone, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "lowercase")]
enum Command {
    Start(String),
    Menu,
    Help,
    Language,
    Pending,
    All,
    Measurers,
    Zones,
    Dealers,
    Settings,
    Failures,
    Status,
    My,
    Orders,
    Find(String),
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
        IncomingKind::Contact(card) => contact::receive(&mut ask, card).await,
        IncomingKind::Media(media) => comment::media(&mut ask, media).await,
        IncomingKind::Other => comment::nothing(&mut ask).await,
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
        return words(ask, text).await;
    };
    conversations::take(ask.conn, ask.chat, ask.now).await?;
    match command {
        Command::Start(payload) => find::start(ask, payload.trim()).await,
        Command::Menu => menu::menu(ask).await,
        Command::Help => menu::help(ask).await,
        Command::Language => language::choose(ask).await,
        Command::Pending => lists::page(ask, ListKind::Pending, Cursor::First).await,
        Command::All => lists::page(ask, ListKind::All(Filter::Everything), Cursor::First).await,
        Command::Measurers => people::list(ask, Some(Role::Measurer), 0).await,
        Command::My => lists::page(ask, ListKind::My, Cursor::First).await,
        Command::Zones => zones::list(ask, 0).await,
        Command::Dealers => dealers::list(ask, 0).await,
        Command::Settings => dispatch::press(ask, DispatchPress::Open).await,
        Command::Status => status::show(ask).await,
        Command::Failures => failures::overview(ask).await,
        Command::Orders => lists::page(ask, ListKind::Orders, Cursor::First).await,
        Command::Find(words) => find::command(ask, &words).await,
    }
}

/// About the measurement whose card or notice is answered; the answer to a question, if one was asked; else what is to
/// be found.
async fn words(ask: &mut Ask<'_>, text: &str) -> Outcome {
    if contact::is_declined(text) {
        return contact::decline(ask).await;
    }
    if ask.actor().is_ok()
        && let Some(id) = comment::answered(ask).await?
    {
        return comment::words(ask, id, text).await;
    }
    match conversations::take(ask.conn, ask.chat, ask.now).await? {
        Some(Flow::FindEmployee { user }) => people::found_employees(ask, user, text).await,
        Some(Flow::Reason { of, id, step }) => card::because(ask, of, (id, step), text).await,
        Some(flow @ (Flow::NewZone | Flow::RenameZone { .. } | Flow::SpellZone { .. })) => {
            zones::named(ask, &flow, text).await
        }
        Some(Flow::NewDealer) => dealers::named(ask, text).await,
        Some(Flow::RenameDealer { dealer }) => dealers::renamed(ask, dealer, text).await,
        Some(Flow::Comment { id }) => comment::words(ask, id, text).await,
        None => find::typed(ask, text).await,
    }
}

async fn pressed(ask: &mut Ask<'_>, data: Option<&str>) -> Outcome {
    ask.actor()?;
    let Some(callback) = data.and_then(Callback::parse) else {
        return Ok(Some(toasts::outdated(&ask.context())));
    };
    conversations::take(ask.conn, ask.chat, ask.now).await?;
    match callback {
        Callback::Menu => menu::menu(ask).await,
        Callback::List { kind, cursor } => lists::page(ask, kind, cursor).await,
        Callback::Sieve { kind, choice: None } => lists::sieve(ask, kind).await,
        Callback::Sieve { kind, choice: Some((by, page)) } => lists::choices(ask, kind, by, page).await,
        Callback::Open(id) => card::open(ask, id).await,
        Callback::Card { id, step, press } => card::press(ask, id, step, press).await,
        Callback::History { id, before } => card::history(ask, id, before).await,
        Callback::Comment(id) => comment::ask(ask, id).await,
        Callback::Files { id, before } => files::send(ask, id, before).await,
        Callback::Speak(chosen) => language::speak(ask, chosen).await,
        Callback::Invite => invite::choose(ask).await,
        Callback::InviteAs(role) => invite::create(ask, role).await,
        Callback::Invites(press) => invite::press(ask, press).await,
        Callback::People { only, page } => people::list(ask, only, page).await,
        Callback::Person(id) => people::person(ask, id).await,
        Callback::Employees { user, page } => people::employees(ask, user, page).await,
        Callback::Link { user, employee } => people::link(ask, user, employee).await,
        Callback::RefreshEmployees(user) => people::refresh_employees(ask, user).await,
        Callback::FindEmployee(user) => people::find_employee(ask, user).await,
        Callback::AskDisable(user) => people::ask_disable(ask, user).await,
        Callback::Disable(user) => access::hand_over(ask, user, None, true).await,
        Callback::Enable(user) => people::enable(ask, user).await,
        Callback::Access(press) => access::press(ask, press).await,
        Callback::Zone(press) => zones::press(ask, press).await,
        Callback::Dealer(press) => dealers::press(ask, press).await,
        Callback::Dispatch(press) => dispatch::press(ask, press).await,
        Callback::Status => status::show(ask).await,
        Callback::Setup(press) => setup::press(ask, press).await,
        Callback::Find(press) => find::page(ask, press).await,
        Callback::Failure(press) => failures::press(ask, press).await,
        Callback::Recorded { recording, choice } => recorded::decide(ask, recording, choice).await,
    }
}

#[cfg(test)]
mod tests;
