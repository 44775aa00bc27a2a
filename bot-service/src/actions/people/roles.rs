//! The roles of one person, given and taken.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::access::{is_protected, open_work, renew_commands};
use crate::actions::views::{RoleChoice, RolesView};
use crate::actions::{ActionError, Refused};
use crate::domain::audit::Change;
use crate::domain::ids::UserId;
use crate::domain::permissions::{Area, check_access, check_area};
use crate::domain::user::{Actor, Role, Roles, User};
use crate::storage::{audit, cards, chats, proposals, users};

/// What a person may become, of what `actor` may decide.
///
/// # Errors
///
/// Refused to who does not look after people, and for an unknown person.
pub async fn roles(conn: &mut PgConnection, actor: &Actor, id: UserId) -> Result<RolesView, ActionError> {
    check_area(actor, Area::People)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let may_decide = |role: &Role| check_access(actor, Roles::NONE.with(*role)).is_ok();
    let choice = |role| RoleChoice { role, has: user.roles.has(role) };
    let choices = Role::ALL.into_iter().filter(may_decide).map(choice).collect();
    Ok(RolesView { user, choices })
}

/// # Errors
///
/// Refused to who may not give this role, and to somebody without access.
pub async fn give(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, role): (UserId, Role),
    now: DateTime<Utc>,
) -> Result<User, ActionError> {
    check_access(actor, Roles::NONE.with(role))?;
    proposals::basis_changed(conn).await?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if user.is_disabled {
        return Err(Refused::Unknown.into());
    }
    if user.roles.has(role) {
        return Err(Refused::AlreadyDone.into());
    }
    users::grant(conn, id, role, now).await?;
    changed(conn, actor, id, &Change::RoleGiven { role }, now).await?;
    Ok(User { roles: user.roles.with(role), ..user })
}

/// # Errors
///
/// Refused to who may not take this role, for the last one, for what keeps the door open (one's own admin's role, and
/// that of people of `ADMIN_IDS`), and for a measurer with open visits.
pub async fn take(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, role): (UserId, Role),
    protected: &[i64],
    now: DateTime<Utc>,
) -> Result<User, ActionError> {
    check_access(actor, Roles::NONE.with(role))?;
    proposals::basis_changed(conn).await?;
    let chat = chats::find_by_user(conn, id).await?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if !user.roles.has(role) {
        return Err(Refused::AlreadyDone.into());
    }
    if role == Role::Admin && (actor.id == id || is_protected(chat, protected)) {
        return Err(Refused::Protected.into());
    }
    if user.roles.without(role).is_empty() {
        return Err(Refused::LastRole.into());
    }
    // Assigning holds the person's row shared, so that nothing is added to what he has.
    let visits = if role == Role::Measurer { open_work(conn, id).await? } else { 0 };
    if visits > 0 {
        return Err(Refused::HasVisits(visits).into());
    }
    users::revoke(conn, id, role).await?;
    changed(conn, actor, id, &Change::RoleTaken { role }, now).await?;
    Ok(User { roles: user.roles.without(role), ..user })
}

async fn changed(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    cards::bump_of_user(conn, id).await?;
    audit::append(conn, actor, Some(id), change, now).await?;
    let chat = chats::find_by_user(conn, id).await?;
    Ok(renew_commands(conn, chat, now).await?)
}
