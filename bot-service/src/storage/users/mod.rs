//! `users`, `user_roles`, and where a person is reached (`chats.user_id`).

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{ChatId, UserId};
use crate::domain::user::{Language, Name, Role, Roles, User};

mod lists;

pub use lists::{Available, Listed, list, list_candidates, list_names_by_role};

/// What a person tells of himself at first contact.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub name: Name,
    pub username: Option<String>,
    pub language: Language,
}

struct Row {
    id: i64,
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    language: String,
    amo_user_id: Option<i64>,
    phone: Option<String>,
    away_until: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
    roles: Vec<String>,
}

impl TryFrom<Row> for User {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = |what| StorageError::Corrupt { table: "users", id: row.id, what };
        let language = Language::parse(&row.language);
        let roles: Option<Roles> = row.roles.iter().map(|role| Role::parse(role)).collect();
        Ok(Self {
            id: UserId(row.id),
            language: language.ok_or_else(|| corrupt("language"))?,
            roles: roles.ok_or_else(|| corrupt("role"))?,
            name: Name { first: row.first_name, last: row.last_name },
            username: row.username,
            amo_user_id: row.amo_user_id.map(AmoUserId),
            phone: row.phone,
            away_until: row.away_until,
            is_disabled: row.disabled_at.is_some(),
        })
    }
}

pub async fn find(conn: &mut PgConnection, id: UserId) -> Result<Option<User>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, first_name, last_name, username, language, amo_user_id, phone, away_until, disabled_at,
               array(select role from user_roles where user_id = users.id) as "roles!"
        from users where id = $1
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(User::try_from).transpose()
}

/// Locks the person's row until the transaction ends: whoever gives him work or takes his access waits, but
/// not who merely refers to him (a message to send, a history line).
pub async fn lock(conn: &mut PgConnection, id: UserId) -> Result<Option<User>, StorageError> {
    sqlx::query_scalar!("select id from users where id = $1 for no key update", id.0)
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

/// Holds the person's row as it is until the transaction ends, beside others who do the same.
pub async fn lock_shared(conn: &mut PgConnection, id: UserId) -> Result<Option<User>, StorageError> {
    sqlx::query_scalar!("select id from users where id = $1 for share", id.0)
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

pub async fn find_by_chat(conn: &mut PgConnection, chat: ChatId) -> Result<Option<User>, StorageError> {
    let id = sqlx::query_scalar!(
        r#"select user_id as "user_id!" from chats where chat_id = $1 and user_id is not null"#,
        chat.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => find(conn, UserId(id)).await,
        None => Ok(None),
    }
}

pub async fn insert(
    conn: &mut PgConnection,
    new: &NewUser,
    now: DateTime<Utc>,
) -> Result<UserId, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into users (first_name, last_name, username, language, created_at)
         values ($1, $2, $3, $4, $5) returning id",
        new.name.first,
        new.name.last,
        new.username,
        new.language.as_str(),
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(UserId(id))
}

/// Names change in Telegram; ours follow. The language is that of the person's chat.
pub async fn follow(
    conn: &mut PgConnection,
    id: UserId,
    name: &Name,
    username: Option<&str>,
    language: Language,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update users set first_name = $2, last_name = $3, username = $4, language = $5
         where id = $1 and (first_name, last_name, username, language) is distinct from ($2, $3, $4, $5)",
        id.0,
        name.first,
        name.last,
        username,
        language.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Does nothing if the person has the role already.
pub async fn grant(
    conn: &mut PgConnection,
    id: UserId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into user_roles (user_id, role, granted_at) values ($1, $2, $3) on conflict do nothing",
        id.0,
        role.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn revoke(conn: &mut PgConnection, id: UserId, role: Role) -> Result<(), StorageError> {
    let done = sqlx::query!("delete from user_roles where user_id = $1 and role = $2", id.0, role.as_str())
        .execute(conn)
        .await?;
    one_row("user_roles", done.rows_affected())
}

pub async fn set_language(
    conn: &mut PgConnection,
    id: UserId,
    language: Language,
) -> Result<(), StorageError> {
    let done = sqlx::query!("update users set language = $2 where id = $1", id.0, language.as_str())
        .execute(conn)
        .await?;
    one_row("users", done.rows_affected())
}

/// `phone` in E.164.
pub async fn set_phone(conn: &mut PgConnection, id: UserId, phone: &str) -> Result<(), StorageError> {
    let done = sqlx::query!("update users set phone = $2 where id = $1", id.0, phone).execute(conn).await?;
    one_row("users", done.rows_affected())
}

/// Days off until then; none without.
pub async fn set_away(
    conn: &mut PgConnection,
    id: UserId,
    until: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    let done =
        sqlx::query!("update users set away_until = $2 where id = $1", id.0, until).execute(conn).await?;
    one_row("users", done.rows_affected())
}

/// Takes all access, or gives it back with `None`.
pub async fn set_disabled(
    conn: &mut PgConnection,
    id: UserId,
    disabled_at: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    let done = sqlx::query!("update users set disabled_at = $2 where id = $1", id.0, disabled_at)
        .execute(conn)
        .await?;
    one_row("users", done.rows_affected())
}

/// # Errors
///
/// With the constraint `users_amo_user_is_one_person` if the employee is another person already.
pub async fn link_employee(
    conn: &mut PgConnection,
    id: UserId,
    employee: AmoUserId,
) -> Result<(), StorageError> {
    let done = sqlx::query!("update users set amo_user_id = $2 where id = $1", id.0, employee.0)
        .execute(conn)
        .await?;
    one_row("users", done.rows_affected())
}

/// Frees the employee that this person was.
pub async fn unlink_employee(conn: &mut PgConnection, id: UserId) -> Result<(), StorageError> {
    let done = sqlx::query!("update users set amo_user_id = null where id = $1", id.0).execute(conn).await?;
    one_row("users", done.rows_affected())
}

/// The person who is this employee of AmoCRM, with or without access.
pub async fn find_by_employee(
    conn: &mut PgConnection,
    employee: AmoUserId,
) -> Result<Option<User>, StorageError> {
    let id = sqlx::query_scalar!("select id from users where amo_user_id = $1", employee.0)
        .fetch_optional(&mut *conn)
        .await?;
    match id {
        Some(id) => find(conn, UserId(id)).await,
        None => Ok(None),
    }
}

/// Who is told of all measurements: with access, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Office {
    pub distributing: Vec<UserId>,
    /// Who does not distribute, and only looks on.
    pub observing: Vec<UserId>,
}

pub async fn list_office(conn: &mut PgConnection) -> Result<Office, StorageError> {
    let rows = sqlx::query!(
        r#"
        select u.id, bool_or(r.role <> 'observer') as "distributes!"
        from user_roles r join users u on u.id = r.user_id
        where r.role in ('admin', 'supervisor', 'observer') and u.disabled_at is null
        group by u.id order by u.id
        "#,
    )
    .fetch_all(conn)
    .await?;
    let mut office = Office::default();
    for row in rows {
        let side = if row.distributes { &mut office.distributing } else { &mut office.observing };
        side.push(UserId(row.id));
    }
    Ok(office)
}

/// Everybody with this role and with access, in the order they came.
pub async fn list_ids_by_role(conn: &mut PgConnection, role: Role) -> Result<Vec<UserId>, StorageError> {
    let ids = sqlx::query_scalar!(
        "select u.id from user_roles r join users u on u.id = r.user_id
         where r.role = $1 and u.disabled_at is null order by u.id",
        role.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(UserId).collect())
}
