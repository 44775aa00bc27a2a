//! Invite links: an admin makes one, a new person follows it.

use anyhow::Context as _;

use super::{Ask, Outcome, menu};
use crate::actions::invites::{self, Opened};
use crate::actions::{ActionError, lists};
use crate::domain::invite::{Code, LIFETIME};
use crate::domain::permissions::check_people;
use crate::domain::user::{Name, Role, User};
use crate::storage::outbox;
use crate::storage::users::NewUser;
use crate::telegram::screens::{invite, menu as menu_screen};

/// «Кого пригласить?»
pub async fn choose(ask: &mut Ask<'_>) -> Outcome {
    check_people(&ask.actor()?)?;
    let screen = invite::choose(&ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// Makes a link for one person with this role.
pub async fn create(ask: &mut Ask<'_>, role: Role) -> Outcome {
    let actor = ask.actor()?;
    check_people(&actor)?;
    // Telegram tells it soon after the start; the press is tried again until then.
    let bot = ask.app.bot_username().context("Telegram has not told the bot's name yet")?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    let code = invites::create(ask.conn, &actor, role, random, ask.now).await?;
    let link = format!("https://t.me/{}?start={}", bot, code.as_str());
    let screen = invite::link(role, &link, ask.now + LIFETIME, &ask.context());
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

/// The greeting carries the menu, so that the first message is a place to start from.
async fn welcome(ask: &mut Ask<'_>, user: User, role: Role) -> Outcome {
    let view = lists::menu(ask.conn, &user.actor()).await?;
    let context = ask.context();
    let mut screen = invite::accepted(&user.name.first, role, &context);
    screen.rows = menu_screen::render(&view, &user.name.first, &context).rows;
    ask.say(&screen).await?;
    Ok::<_, ActionError>(None)
}
