//! Invite links: an admin makes one, a new person follows it.

use anyhow::Context as _;

use super::{Ask, Outcome, contact, menu};
use crate::actions::invites::{self, Opened};
use crate::actions::{ActionError, Refused, lists};
use crate::domain::invite::{Code, Terms};
use crate::domain::permissions::{Area, check_access, check_area};
use crate::domain::user::{Name, Role, Roles, User};
use crate::storage::outbox;
use crate::storage::users::NewUser;
use crate::telegram::callback::InvitePress;
use crate::telegram::screens::{invite, menu as menu_screen};

/// «Кого пригласить?»
pub async fn choose(ask: &mut Ask<'_>) -> Outcome {
    let actor = ask.actor()?;
    check_area(&actor, Area::People)?;
    let may_invite = |role| check_access(&actor, Roles::NONE.with(role)).is_ok();
    let screen = invite::choose(may_invite, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// Makes a link for one person with this role, for a day.
pub async fn create(ask: &mut Ask<'_>, role: Role) -> Outcome {
    make(ask, role, Terms::USUAL).await
}

pub async fn press(ask: &mut Ask<'_>, press: InvitePress) -> Outcome {
    let actor = ask.actor()?;
    let screen = match press {
        InvitePress::List { before } => {
            let view = invites::list(ask.conn, &actor, before, ask.now).await?;
            invite::list(&view, &ask.context())
        }
        InvitePress::Open(id) => {
            let view = invites::view(ask.conn, &actor, id, ask.now).await?;
            invite::one(&view, &ask.context())
        }
        InvitePress::Revoke(id) => {
            invites::revoke(ask.conn, &actor, id, ask.now).await?;
            let view = invites::view(ask.conn, &actor, id, ask.now).await?;
            invite::one(&view, &ask.context())
        }
        InvitePress::Instead { role, terms, of } => {
            // Who has tapped twice, or a link that somebody has used: nothing to end.
            match invites::revoke(ask.conn, &actor, of, ask.now).await {
                Ok(()) | Err(ActionError::Refused(Refused::AlreadyDone)) => {}
                Err(error) => return Err(error),
            }
            return make(ask, role, terms).await;
        }
    };
    ask.show(&screen).await?;
    Ok(None)
}

async fn make(ask: &mut Ask<'_>, role: Role, terms: Terms) -> Outcome {
    let actor = ask.actor()?;
    check_access(&actor, Roles::NONE.with(role))?;
    // Telegram tells it soon after the start; the press is tried again until then.
    let bot = ask.app.bot_username().context("Telegram has not told the bot's name yet")?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    let (code, id) = invites::create(ask.conn, &actor, role, terms, random, ask.now).await?;
    let link = invite::Link {
        id,
        role,
        terms,
        url: &format!("https://t.me/{}?start={}", bot, code.as_str()),
        expires_at: ask.now + terms.lifetime(),
    };
    let screen = invite::link(&link, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// `/start` with or without a code. Works for everybody, above all for strangers.
pub async fn start(ask: &mut Ask<'_>, payload: &str) -> Outcome {
    if payload.is_empty() {
        return match ask.actor() {
            Ok(_) => {
                // People of ADMIN_IDS come in without an invite; for others this changes nothing.
                outbox::enqueue_commands(ask.conn, ask.chat, ask.now).await?;
                menu::menu(ask).await
            }
            Err(_) => menu::no_access(ask).await.map(|()| None),
        };
    }
    let name = Name { first: ask.sender.first_name.clone(), last: ask.sender.last_name.clone() };
    let person = NewUser { name, username: ask.sender.username.clone(), language: ask.language };
    let code = Code::parse(payload);
    let context = ask.context();
    let screen = match invites::open(ask.conn, ask.chat, &person, code.as_ref(), ask.now).await? {
        Opened::Accepted { user, role } => return welcome(ask, user, role).await,
        Opened::Member(user) => invite::member(user.roles, &context),
        Opened::Disabled => invite::disabled(&context),
        Opened::Refused(refusal) => invite::refused(refusal, &context),
    };
    ask.say(&screen).await?;
    Ok(None)
}

/// The greeting carries the menu, so that the first message is a place to start from; then his number is asked for.
async fn welcome(ask: &mut Ask<'_>, user: User, role: Role) -> Outcome {
    let view = lists::menu(ask.conn, &user.actor(), ask.now).await?;
    let context = ask.context();
    let mut screen = invite::accepted(&user.name.first, role, &context);
    screen.rows = menu_screen::render(&view, &user.name.first, &context).rows;
    ask.say(&screen).await?;
    contact::ask_for(ask).await
}
