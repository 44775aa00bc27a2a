//! /measurers, 👥 Сотрудники and the card of a person.

use shared::ids::AmoUserId;

use super::{Ask, Outcome};
use crate::actions::people;
use crate::domain::ids::UserId;
use crate::domain::user::Role;
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

pub async fn link(ask: &mut Ask<'_>, id: UserId, employee: AmoUserId) -> Outcome {
    let actor = ask.actor()?;
    let (user, employee) = people::link(ask.conn, &actor, id, employee).await?;
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

pub async fn disable(ask: &mut Ask<'_>, id: UserId) -> Outcome {
    let actor = ask.actor()?;
    let protected = &ask.app.config.telegram.admin_ids;
    let (user, _) = people::disable(ask.conn, &actor, id, protected, ask.now).await?;
    person(ask, id).await?;
    Ok(Some(toasts::disabled(&user.name, &ask.context())))
}

pub async fn enable(ask: &mut Ask<'_>, id: UserId) -> Outcome {
    let actor = ask.actor()?;
    let user = people::enable(ask.conn, &actor, id, ask.now).await?;
    person(ask, id).await?;
    Ok(Some(toasts::enabled(&user.name, &ask.context())))
}
