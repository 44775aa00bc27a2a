//! Lists of people, with how much open work each has.

use sqlx::PgConnection;

use crate::domain::ids::UserId;
use crate::domain::user::{Name, Role, Roles};
use crate::storage::StorageError;

/// A person in a list.
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
