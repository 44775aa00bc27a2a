//! /measurers, 👥 Сотрудники and the card of a person.

use shared::ids::AmoUserId;

use super::{Ask, Outcome};
use crate::actions::people;
use crate::domain::conversation::Flow;
use crate::domain::ids::UserId;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Role;
use crate::storage::conversations;
use crate::telegram::screens::people as screens;
use crate::telegram::toasts;

pub async fn list(ask: &mut Ask<'_>, only: Option<Role>, page: u32) -> Outcome {
    let actor = ask.actor()?;
    let view = people::people(ask.conn, &actor, only, page).await?;
    let screen = screens::list(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

pub async fn person(ask: &mut Ask<'_>, id: UserId) -> Outcome {
    let actor = ask.actor()?;
    let view = people::person(ask.conn, &actor, id, &ask.app.config.telegram.admin_ids).await?;
    let screen = screens::person(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// Whom of AmoCRM's employees this person is.
pub async fn employees(ask: &mut Ask<'_>, id: UserId, page: u32) -> Outcome {
    let actor = ask.actor()?;
    let view = people::employees_for(ask.conn, &actor, id, page).await?;
    let screen = screens::employees(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// «🔄 Обновить»: the leader asks AmoCRM for its lists now; no press waits for AmoCRM.
pub async fn refresh_employees(ask: &mut Ask<'_>, id: UserId) -> Outcome {
    let actor = ask.actor()?;
    people::ask_for_employees(ask.conn, &actor).await?;
    employees(ask, id, 0).await?;
    Ok(Some(toasts::refreshing(&ask.context())))
}

/// Asks for part of a name; the next words that the person types are the answer.
pub async fn find_employee(ask: &mut Ask<'_>, user: UserId) -> Outcome {
    check_area(&ask.actor()?, Area::People)?;
    conversations::ask(ask.conn, ask.chat, &Flow::FindEmployee { user }, ask.now).await?;
    let screen = screens::ask_for_employee(user, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

pub async fn found_employees(ask: &mut Ask<'_>, user: UserId, words: &str) -> Outcome {
    let actor = ask.actor()?;
    let view = people::search_employees(ask.conn, &actor, user, words).await?;
    let screen = screens::employees(&view, &ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

pub async fn link(ask: &mut Ask<'_>, id: UserId, employee: AmoUserId) -> Outcome {
    let actor = ask.actor()?;
    let (user, employee) = people::link(ask.conn, &actor, id, employee, ask.now).await?;
    let screen = screens::linked(&user.name, &employee, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

pub async fn ask_disable(ask: &mut Ask<'_>, id: UserId) -> Outcome {
    let actor = ask.actor()?;
    let view = people::person(ask.conn, &actor, id, &ask.app.config.telegram.admin_ids).await?;
    let screen = screens::ask_disable(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

pub async fn enable(ask: &mut Ask<'_>, id: UserId) -> Outcome {
    let actor = ask.actor()?;
    let user = people::enable(ask.conn, &actor, id, ask.now).await?;
    person(ask, id).await?;
    Ok(Some(toasts::enabled(&user.name, &ask.context())))
}
