//! A person's roles and visits, and what was changed of people.

use chrono::Days;

use super::{Ask, Outcome, people as card};
use crate::actions::{ActionError, lists, people};
use crate::domain::day::midnight;
use crate::domain::ids::UserId;
use crate::domain::user::User;
use crate::storage::{chats, outbox};
use crate::telegram::callback::AccessPress;
use crate::telegram::screens::{Context, access as screens, menu};
use crate::telegram::toasts;
use crate::telegram::words::Words;

pub async fn press(ask: &mut Ask<'_>, press: AccessPress) -> Outcome {
    let actor = ask.actor()?;
    let screen = match press {
        AccessPress::Roles(user) => {
            let view = people::roles(ask.conn, &actor, user).await?;
            screens::roles(&view, &ask.context())
        }
        AccessPress::Give(user, role) => {
            let user = people::give(ask.conn, &actor, (user, role), ask.now).await?;
            return changed(ask, user).await;
        }
        AccessPress::Take(user, role) => {
            let protected = &ask.app.config.telegram.admin_ids;
            let user = people::take(ask.conn, &actor, (user, role), protected, ask.now).await?;
            return changed(ask, user).await;
        }
        AccessPress::Successors { user, is_leaving, page } => {
            let view = people::successors(ask.conn, &actor, user, is_leaving, (page, ask.now)).await?;
            screens::successors(&view, &ask.context())
        }
        AccessPress::HandOver { user, to, is_leaving } => {
            return hand_over(ask, user, to, is_leaving).await;
        }
        AccessPress::ChooseAway(user) => {
            let protected = &ask.app.config.telegram.admin_ids;
            let view = people::person(ask.conn, &actor, user, protected).await?;
            screens::choose_away(&view, &ask.context())
        }
        AccessPress::Away(user, days) => return set_away(ask, user, days).await,
        AccessPress::Changes { subject, before } => {
            let view = people::changes(ask.conn, &actor, subject, before).await?;
            screens::changes(&view, &ask.context())
        }
    };
    ask.show(&screen).await?;
    Ok(None)
}

/// Until the midnight after so many days from today on the company's wall, or back at work.
async fn set_away(ask: &mut Ask<'_>, id: UserId, days: Option<u32>) -> Outcome {
    let (actor, timezone) = (ask.actor()?, ask.app.timezone());
    let today = ask.now.with_timezone(&timezone).date_naive();
    let until = days.map(|days| midnight(today + Days::new(u64::from(days) + 1), timezone));
    people::set_away(ask.conn, &actor, id, until, ask.now).await?;
    card::person(ask, id).await?;
    Ok(Some(toasts::done(&ask.context())))
}

/// His visits go to `to`, or back into the queue; if he is leaving, so does his access.
pub async fn hand_over(ask: &mut Ask<'_>, id: UserId, to: Option<UserId>, is_leaving: bool) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    let protected = &ask.app.config.telegram.admin_ids;
    let toast = if is_leaving {
        let (user, _) = people::disable(ask.conn, &actor, id, to, protected, now).await?;
        toasts::disabled(&user.name, &ask.context())
    } else {
        let (_, visits) = people::hand_over(ask.conn, &actor, id, to, now).await?;
        toasts::handed_over(visits, &ask.context())
    };
    card::person(ask, id).await?;
    Ok(Some(toast))
}

/// The person reads what he is now, and gets the menu that goes with it.
async fn changed(ask: &mut Ask<'_>, user: User) -> Outcome {
    tell(ask, &user).await?;
    let actor = ask.actor()?;
    let view = people::roles(ask.conn, &actor, user.id).await?;
    let screen = screens::roles(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(Some(toasts::roles_changed(&user.name, &ask.context())))
}

async fn tell(ask: &mut Ask<'_>, user: &User) -> Result<(), ActionError> {
    let chat = chats::find_by_user(ask.conn, user.id).await?;
    let Some(chat) = chat.filter(|chat| chat.chat_id != ask.chat) else { return Ok(()) };
    let context = Context { words: Words::of(user.language), ..ask.context() };
    let view = lists::menu(ask.conn, &user.actor(), ask.now).await?;
    let mut screen = screens::your_roles(user.roles, &context);
    screen.rows = menu::render(&view, &user.name.first, &context).rows;
    Ok(outbox::enqueue_screen(ask.conn, chat.chat_id, &screen, None, ask.now).await?)
}
