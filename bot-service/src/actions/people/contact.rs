//! The number by which a person is matched with an employee of AmoCRM.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::domain::phone;
use crate::domain::user::{Actor, Role};
use crate::storage::{StorageError, employees, users};

/// Keeps a person's own number. If he is a manager whom nobody has linked yet, and one free employee has this number,
/// the office is offered to link them. Returns false where it is no number that can be called.
pub async fn take_phone(
    conn: &mut PgConnection,
    actor: &Actor,
    number: &str,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let international = format!("+{}", number.trim_start_matches('+'));
    let Some(e164) = phone::parse(&international).into_iter().find_map(|phone| phone.e164) else {
        return Ok(false);
    };
    users::set_phone(conn, actor.id, &e164).await?;
    if actor.roles.has(Role::Manager) && actor.amo_user_id.is_none() {
        suggest(conn, actor, &e164, now).await?;
    }
    Ok(true)
}

async fn suggest(
    conn: &mut PgConnection,
    actor: &Actor,
    phone: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let (Some(employee), Some(user)) =
        (employees::find_free_by_phone(conn, phone).await?, users::find(conn, actor.id).await?)
    else {
        return Ok(());
    };
    let alert = Alert::EmployeeSuggested {
        user: user.id,
        name: user.name.full(),
        employee: employee.id,
        employee_name: employee.name,
    };
    alerts::tell_office_but(conn, Some(user.id), &alert, now).await
}
