//! People: who is let in, linked to AmoCRM, disabled and let in again.

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;
use sqlx::PgConnection;

use super::measurements::return_all;
use super::views::{EmployeeRow, EmployeesView, PEOPLE_A_PAGE, PeopleView, PersonRow, PersonView};
use super::{ActionError, Refused};
use crate::domain::ids::{ChatId, UserId};
use crate::domain::permissions::check_people;
use crate::domain::user::{Actor, Language, Name, Role, User};
use crate::storage::measurements::lists::{self, Which};
use crate::storage::users::NewUser;
use crate::storage::{StorageError, cards, chats, employees, measurements, outbox, users};

/// Makes the people of `ADMIN_IDS` admins, also those who had lost their access. Adds only; one who was never heard of gets a provisional name.
pub async fn ensure_admins(
    conn: &mut PgConnection,
    telegram_ids: &[i64],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    for id in telegram_ids {
        let chat = ChatId(*id);
        let user = if let Some(user) = users::find_by_chat(conn, chat).await? {
            if user.is_disabled {
                users::set_disabled(conn, user.id, None).await?;
            }
            user.id
        } else {
            let name = Name { first: format!("Администратор {id}"), last: None };
            let new = NewUser { name, username: None, language: Language::Ru };
            let user = users::insert(conn, &new, now).await?;
            chats::attach(conn, chat, user, Language::Ru, now).await?;
            user
        };
        users::grant(conn, user, Role::Admin, now).await?;
    }
    Ok(())
}

/// One person's card.
///
/// # Errors
///
/// Refused to who is not an admin, and for an unknown person.
pub async fn person(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    protected: &[i64],
) -> Result<PersonView, ActionError> {
    check_people(actor)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let chat = chats::find_by_user(conn, id).await?;
    let employee = match user.amo_user_id {
        Some(employee) => employees::find_name(conn, employee).await?.or_else(|| Some(employee.to_string())),
        None => None,
    };
    Ok(PersonView {
        open: open_work(conn, id).await?,
        employee,
        is_reachable: chat.as_ref().is_some_and(|chat| chat.unreachable_at.is_none()),
        can_be_disabled: can_be_disabled(actor, id, chat.as_ref().map(|chat| chat.chat_id), protected),
        user,
    })
}

/// A page of people, or of those with one role.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn people(
    conn: &mut PgConnection,
    actor: &Actor,
    only: Option<Role>,
    page: u32,
) -> Result<PeopleView, ActionError> {
    check_people(actor)?;
    let (offset, a_page) = (i64::from(page) * i64::from(PEOPLE_A_PAGE), usize::from(PEOPLE_A_PAGE));
    let mut rows = users::list(conn, only, offset, i64::from(PEOPLE_A_PAGE) + 1).await?;
    let has_next = rows.len() > a_page;
    rows.truncate(a_page);
    let rows = rows.into_iter().map(|row| PersonRow {
        id: row.id,
        name: row.name,
        roles: row.roles,
        open: row.open,
        is_disabled: row.is_disabled,
        is_reachable: row.is_reachable,
    });
    Ok(PeopleView { only, page, rows: rows.collect(), has_next })
}

/// The employees that a person may be, those with his name first.
///
/// # Errors
///
/// Refused to who is not an admin, and for an unknown person.
pub async fn employees_for(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    page: u32,
) -> Result<EmployeesView, ActionError> {
    check_people(actor)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let (offset, a_page) = (i64::from(page) * i64::from(PEOPLE_A_PAGE), usize::from(PEOPLE_A_PAGE));
    let full = user.name.full();
    let mut rows = employees::list_free(conn, &full, offset, i64::from(PEOPLE_A_PAGE) + 1).await?;
    let has_next = rows.len() > a_page;
    rows.truncate(a_page);
    let is_known = employees::are_known(conn).await?;
    let rows = rows.into_iter().map(|row| EmployeeRow {
        amo_user_id: row.id,
        name: row.name,
        has_same_name: row.has_same_name,
    });
    Ok(EmployeesView { user, page, rows: rows.collect(), has_next, is_known })
}

/// Has the leader read AmoCRM's lists again, soon.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn ask_for_employees(conn: &mut PgConnection, actor: &Actor) -> Result<(), ActionError> {
    check_people(actor)?;
    employees::ask_for_list(conn).await?;
    Ok(())
}

/// Says who this person is in AmoCRM: from now on he follows that employee's deals.
///
/// # Errors
///
/// Refused to who is not an admin, and where the employee is another person already.
pub async fn link(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    employee: AmoUserId,
) -> Result<(User, String), ActionError> {
    check_people(actor)?;
    let name = employees::find_name(conn, employee).await?.ok_or(Refused::Unknown)?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if let Some(other) = users::find_by_employee(conn, employee).await?.filter(|other| other.id != id) {
        if !other.is_disabled {
            return Err(Refused::EmployeeTaken(other.name).into());
        }
        // Somebody who left must not keep his employee from the one who came instead.
        users::unlink_employee(conn, other.id).await?;
    }
    users::link_employee(conn, id, employee).await?;
    cards::bump_of_user(conn, id).await?;
    Ok((user, name))
}

/// Takes a person's access at once; his open measurements go back into the queue in the same transaction.
/// Returns the person and how many went back.
///
/// # Errors
///
/// Refused to who is not an admin, and for people who must not be disabled. Failed, to be tried again, if
/// somebody gave him a measurement at this very moment.
pub async fn disable(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    protected: &[i64],
    now: DateTime<Utc>,
) -> Result<(User, usize), ActionError> {
    check_people(actor)?;
    let chat = chats::find_by_user(conn, id).await?;
    if !can_be_disabled(actor, id, chat.as_ref().map(|chat| chat.chat_id), protected) {
        return Err(Refused::Protected.into());
    }
    let open = measurements::lock_open_of_measurer(conn, id).await?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if user.is_disabled {
        return Err(Refused::AlreadyDone.into());
    }
    // Assigning holds the person's row shared, so from here on nothing is added to what he has.
    let returned = open.len();
    if usize::try_from(open_work(conn, id).await?).ok() != Some(returned) {
        return Err(anyhow::anyhow!("measurements of person {id} changed meanwhile").into());
    }
    users::set_disabled(conn, id, Some(now)).await?;
    return_all(conn, open, actor.id, now).await?;
    cards::bump_of_user(conn, id).await?;
    renew_commands(conn, chat.map(|chat| chat.chat_id), now).await?;
    Ok((user, returned))
}

/// Gives a person his access back, with the roles he had.
///
/// # Errors
///
/// Refused to who is not an admin, and for an unknown person.
pub async fn enable(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<User, ActionError> {
    check_people(actor)?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if !user.is_disabled {
        return Err(Refused::AlreadyDone.into());
    }
    users::set_disabled(conn, id, None).await?;
    cards::bump_of_user(conn, id).await?;
    let chat = chats::find_by_user(conn, id).await?;
    renew_commands(conn, chat.map(|chat| chat.chat_id), now).await?;
    Ok(User { is_disabled: false, ..user })
}

async fn renew_commands(
    conn: &mut PgConnection,
    chat: Option<ChatId>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    match chat {
        Some(chat) => outbox::enqueue_commands(conn, chat, now).await,
        None => Ok(()),
    }
}

async fn open_work(conn: &mut PgConnection, id: UserId) -> Result<i64, StorageError> {
    use crate::domain::measurement::StatusKind::{Assigned, InProgress};
    let which = Which { statuses: &[Assigned, InProgress], measurer: Some(id), ..Which::default() };
    lists::count(conn, which, i64::MAX).await
}

fn can_be_disabled(actor: &Actor, id: UserId, chat: Option<ChatId>, protected: &[i64]) -> bool {
    let is_protected = chat.is_some_and(|chat| protected.contains(&chat.0));
    actor.id != id && !is_protected
}

#[cfg(test)]
mod tests;
