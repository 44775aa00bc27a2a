//! Lists of people, with how much open work each has.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::user::{Name, Role, Roles};
use crate::storage::StorageError;

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: UserId,
    pub name: Name,
    pub roles: Roles,
    /// Counted no further than asked.
    pub open: i64,
    pub is_disabled: bool,
    pub is_reachable: bool,
}

/// People who have or had a role, by name; `only` keeps one role. Their open work is counted no further than `cap`, and
/// only that of those on the page: not that of whom `offset` passes over.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<Role>,
    offset: i64,
    limit: i64,
    cap: i64,
) -> Result<Vec<Listed>, StorageError> {
    let rows = sqlx::query!(
        r#"
        with page as (
            select u.id, u.first_name, u.last_name, u.disabled_at
            from users u
            where exists(select from user_roles r where r.user_id = u.id and ($1::text is null or r.role = $1))
              and ($1::text is null or u.disabled_at is null)
            order by u.disabled_at is not null, u.first_name, u.last_name, u.id
            offset $2 limit $3
        )
        select u.id, u.first_name, u.last_name, u.disabled_at,
               array(select role from user_roles where user_id = u.id) as "roles!",
               (select count(*) from (
                    select from measurements m
                    where m.measurer_id = u.id and m.status in ('assigned', 'in_progress') limit $4) as counted) as "open!",
               exists(select from chats c where c.user_id = u.id and c.unreachable_at is null) as "is_reachable!"
        from page u
        order by u.disabled_at is not null, u.first_name, u.last_name, u.id
        "#,
        only.map(Role::as_str),
        offset,
        limit,
        cap,
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

/// A measurer who can be given work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available {
    pub id: UserId,
    pub name: Name,
    /// Counted no further than asked.
    pub open: i64,
    /// He has said that he cannot go to the measurement in question.
    pub has_declined: bool,
    pub is_away: bool,
}

/// Measurers who can be given work, but for one: the least busy first, then who has a day off, and last
/// who has declined this measurement.
/// Their open work is counted no further than `cap`.
pub async fn list_candidates(
    conn: &mut PgConnection,
    (measurement, except): (Option<MeasurementId>, Option<UserId>),
    offset: i64,
    limit: i64,
    (cap, now): (i64, DateTime<Utc>),
) -> Result<Vec<Available>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select u.id, u.first_name, u.last_name,
               (select count(*) from (
                    select from measurements m
                    where m.measurer_id = u.id and m.status in ('assigned', 'in_progress') limit $3) as counted) as "open!",
               u.id in (
                    select actor_id from measurement_history where measurement_id = $4 and what = 'declined')
                    as "has_declined!",
               coalesce(u.away_until > $6, false) as "is_away!"
        from user_roles r join users u on u.id = r.user_id
        where r.role = 'measurer' and u.disabled_at is null and u.id is distinct from $5
        order by 5, 6, 4, u.first_name, u.last_name, u.id
        offset $1 limit $2
        "#,
        offset,
        limit,
        cap,
        measurement.map(|id| id.0),
        except.map(|user| user.0),
        now,
    )
    .fetch_all(conn)
    .await?;
    let available = rows.into_iter().map(|row| Available {
        id: UserId(row.id),
        name: Name { first: row.first_name, last: row.last_name },
        open: row.open,
        has_declined: row.has_declined,
        is_away: row.is_away,
    });
    Ok(available.collect())
}

/// Everybody with this role and with access.
pub async fn list_names_by_role(
    conn: &mut PgConnection,
    role: Role,
) -> Result<Vec<(UserId, Name)>, StorageError> {
    let rows = sqlx::query!(
        "select u.id, u.first_name, u.last_name from user_roles r join users u on u.id = r.user_id
         where r.role = $1 and u.disabled_at is null order by u.first_name, u.last_name, u.id",
        role.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let name = |first, last| Name { first, last };
    Ok(rows.into_iter().map(|row| (UserId(row.id), name(row.first_name, row.last_name))).collect())
}
