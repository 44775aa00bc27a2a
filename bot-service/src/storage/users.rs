//! `users`, `user_roles`, and where a person is reached (`chats.user_id`).

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{ChatId, UserId};
use crate::domain::user::{Language, Name, Role, Roles, User};

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
    disabled_at: Option<DateTime<Utc>>,
    roles: Vec<String>,
}

impl TryFrom<Row> for User {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = |what| StorageError::Corrupt { table: "users", id: row.id, what };
        let language = Language::ALL.into_iter().find(|language| language.as_str() == row.language);
        let roles: Option<Roles> = row.roles.iter().map(|role| Role::parse(role)).collect();
        Ok(Self {
            id: UserId(row.id),
            language: language.ok_or_else(|| corrupt("language"))?,
            roles: roles.ok_or_else(|| corrupt("role"))?,
            name: Name { first: row.first_name, last: row.last_name },
            username: row.username,
            amo_user_id: row.amo_user_id.map(AmoUserId),
            is_disabled: row.disabled_at.is_some(),
        })
    }
}

pub async fn find(conn: &mut PgConnection, id: UserId) -> Result<Option<User>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, first_name, last_name, username, language, amo_user_id, disabled_at,
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

/// A person in a list, with how many open measurements he has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: UserId,
    pub name: Name,
    pub roles: Roles,
    pub open: i64,
    pub is_disabled: bool,
    pub is_reachable: bool,
}

/// People who have or had a role, by name; `only` keeps one role. One more than `limit` tells of a next page.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<Role>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select u.id, u.first_name, u.last_name, u.disabled_at,
               array(select role from user_roles where user_id = u.id) as "roles!",
               (select count(*) from measurements m
                where m.measurer_id = u.id and m.status in ('assigned', 'in_progress')) as "open!",
               exists(select from chats c where c.user_id = u.id and c.unreachable_at is null) as "is_reachable!"
        from users u
        where exists(select from user_roles r where r.user_id = u.id and ($1::text is null or r.role = $1))
          and ($1::text is null or u.disabled_at is null)
        order by u.disabled_at is not null, u.first_name, u.last_name, u.id
        offset $2 limit $3
        "#,
        only.map(Role::as_str),
        offset,
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let roles: Option<Roles> = row.roles.iter().map(|role| Role::parse(role)).collect();
            let corrupt = StorageError::Corrupt { table: "user_roles", id: row.id, what: "role" };
            Ok(Listed {
                id: UserId(row.id),
                name: Name { first: row.first_name, last: row.last_name },
                roles: roles.ok_or(corrupt)?,
                open: row.open,
                is_disabled: row.disabled_at.is_some(),
                is_reachable: row.is_reachable,
            })
        })
        .collect()
}

/// Measurers who can be given work, the least busy first.
pub async fn list_candidates(
    conn: &mut PgConnection,
    offset: i64,
    limit: i64,
) -> Result<Vec<(UserId, Name, i64)>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select u.id, u.first_name, u.last_name,
               (select count(*) from measurements m
                where m.measurer_id = u.id and m.status in ('assigned', 'in_progress')) as "open!"
        from user_roles r join users u on u.id = r.user_id
        where r.role = 'measurer' and u.disabled_at is null
        order by 4, u.first_name, u.last_name, u.id
        offset $1 limit $2
        "#,
        offset,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let candidate =
        |row: (i64, String, Option<String>, i64)| (UserId(row.0), Name { first: row.1, last: row.2 }, row.3);
    Ok(rows.into_iter().map(|row| candidate((row.id, row.first_name, row.last_name, row.open))).collect())
}
