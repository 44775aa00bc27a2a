//! People: lists, cards, and who each is in AmoCRM.

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;
use sqlx::PgConnection;

use super::views::{COUNT_CAP, EmployeeRow, EmployeesView, PEOPLE_A_PAGE, PeopleView, PersonRow, PersonView};
use super::{ActionError, Refused, paging};
use crate::domain::audit::Change;
use crate::domain::ids::{ChatId, UserId};
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::{Actor, Language, Name, Role, User};
use crate::storage::employees::{Employee, Traits};
use crate::storage::users::NewUser;
use crate::storage::{StorageError, audit, cards, chats, dealers, employees, users, zones};

mod access;
mod away;
mod changes;
mod contact;
mod language;
mod roles;

pub use access::{disable, enable, hand_over, successors};
pub use away::set_away;
pub use changes::changes;
pub use contact::take_phone;
pub use language::speak;
pub use roles::{give, roles, take};

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
    check_area(actor, Area::People)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let chat = chats::find_by_user(conn, id).await?;
    let employee = match user.amo_user_id {
        Some(employee) => employees::find_name(conn, employee).await?.or_else(|| Some(employee.to_string())),
        None => None,
    };
    Ok(PersonView {
        open: access::open_work(conn, id).await?,
        zones: zones::list_of_measurer(conn, id).await?,
        dealers: dealers::list_of_measurer(conn, id).await?,
        employee,
        is_reachable: chat.is_some_and(|chat| chat.unreachable_at.is_none()),
        can_be_disabled: access::check_disabling(actor, &user, chat, protected).is_ok(),
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
    check_area(actor, Area::People)?;
    let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
    let mut rows = users::list(conn, only, offset, limit, COUNT_CAP + 1).await?;
    let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
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

impl From<Employee> for EmployeeRow {
    fn from(Employee { id, name, is_likely }: Employee) -> Self {
        Self { amo_user_id: id, name, is_likely }
    }
}

/// The employees that a person may be, the likely ones first: with his phone, his name, or his Telegram name as e-mail.
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
    check_area(actor, Area::People)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
    let traits = Traits::of(&user);
    let mut rows = employees::list_free(conn, &traits, offset, limit).await?;
    let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
    let is_known = employees::are_known(conn).await?;
    let rows = rows.into_iter().map(EmployeeRow::from);
    Ok(EmployeesView { user, page, rows: rows.collect(), has_next, is_known })
}

/// The first free employees with these words in their name or e-mail.
///
/// # Errors
///
/// Refused to who does not look after people, and for an unknown person.
pub async fn search_employees(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    words: &str,
) -> Result<EmployeesView, ActionError> {
    check_area(actor, Area::People)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let rows = employees::search_free(conn, words.trim(), i64::from(PEOPLE_A_PAGE)).await?;
    let is_known = employees::are_known(conn).await?;
    let rows = rows.into_iter().map(EmployeeRow::from);
    Ok(EmployeesView { user, page: 0, rows: rows.collect(), has_next: false, is_known })
}

/// Has the leader read AmoCRM's lists again, soon.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn ask_for_employees(conn: &mut PgConnection, actor: &Actor) -> Result<(), ActionError> {
    check_area(actor, Area::People)?;
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
    now: DateTime<Utc>,
) -> Result<(User, String), ActionError> {
    check_area(actor, Area::People)?;
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
    audit::append(conn, actor, Some(id), &Change::Linked { employee: name.clone() }, now).await?;
    Ok((user, name))
}

#[cfg(test)]
mod tests;
