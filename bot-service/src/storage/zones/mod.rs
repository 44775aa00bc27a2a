//! `zones`, their spellings and who measures in them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{UserId, ZoneId};
use crate::domain::user::Name;

pub mod unknown;

/// A zone in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: ZoneId,
    pub name: String,
    /// Who can be given work there.
    pub measurers: i64,
}

/// By name.
pub async fn list(conn: &mut PgConnection, offset: i64, limit: i64) -> Result<Vec<Listed>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select z.id, z.name,
               (select count(*) from zone_measurers m join users u on u.id = m.user_id
                where m.zone_id = z.id and u.disabled_at is null) as "measurers!"
        from zones z order by z.name, z.id offset $1 limit $2
        "#,
        offset,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| Listed { id: ZoneId(row.id), name: row.name, measurers: row.measurers }).collect())
}

/// The name.
pub async fn find(conn: &mut PgConnection, id: ZoneId) -> Result<Option<String>, StorageError> {
    Ok(sqlx::query_scalar!("select name from zones where id = $1", id.0).fetch_optional(conn).await?)
}

/// Keeps the zone as it is until the transaction ends. Returns its name.
pub async fn lock(conn: &mut PgConnection, id: ZoneId) -> Result<Option<String>, StorageError> {
    let name = sqlx::query_scalar!("select name from zones where id = $1 for update", id.0);
    Ok(name.fetch_optional(conn).await?)
}

/// How else it is written.
pub async fn list_spellings(conn: &mut PgConnection, id: ZoneId) -> Result<Vec<String>, StorageError> {
    let names = sqlx::query_scalar!(
        "select n.name from zone_names n join zones z on z.id = n.zone_id
         where z.id = $1 and n.name <> z.name order by n.name",
        id.0,
    );
    Ok(names.fetch_all(conn).await?)
}

/// Who measures there and has access, by name.
pub async fn list_measurers(conn: &mut PgConnection, id: ZoneId) -> Result<Vec<Name>, StorageError> {
    let rows = sqlx::query!(
        "select u.first_name, u.last_name from zone_measurers m join users u on u.id = m.user_id
         where m.zone_id = $1 and u.disabled_at is null order by u.first_name, u.last_name, u.id",
        id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Name { first: row.first_name, last: row.last_name }).collect())
}

/// Who measures there, with or without access.
pub async fn list_measurer_ids(conn: &mut PgConnection, id: ZoneId) -> Result<Vec<UserId>, StorageError> {
    let ids =
        sqlx::query_scalar!("select user_id from zone_measurers where zone_id = $1 order by user_id", id.0);
    Ok(ids.fetch_all(conn).await?.into_iter().map(UserId).collect())
}

/// The zones in which somebody measures, by name.
pub async fn list_of_measurer(conn: &mut PgConnection, user: UserId) -> Result<Vec<String>, StorageError> {
    let names = sqlx::query_scalar!(
        "select z.name from zone_measurers m join zones z on z.id = m.zone_id
         where m.user_id = $1 order by z.name, z.id",
        user.0,
    );
    Ok(names.fetch_all(conn).await?)
}

/// A zone without spellings: [`spell`] gives it its own name.
pub async fn insert(conn: &mut PgConnection, name: &str, now: DateTime<Utc>) -> Result<ZoneId, StorageError> {
    let id =
        sqlx::query_scalar!("insert into zones (name, created_at) values ($1, $2) returning id", name, now)
            .fetch_one(conn)
            .await?;
    Ok(ZoneId(id))
}

/// Whose spelling this is.
pub async fn find_by_spelling(conn: &mut PgConnection, normal: &str) -> Result<Option<ZoneId>, StorageError> {
    let id = sqlx::query_scalar!("select zone_id from zone_names where normal = $1", normal);
    Ok(id.fetch_optional(conn).await?.map(ZoneId))
}

/// From now on a zone may be written like this too.
pub async fn spell(
    conn: &mut PgConnection,
    id: ZoneId,
    (normal, name): (&str, &str),
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into zone_names (normal, name, zone_id) values ($1, $2, $3) on conflict (normal) do nothing",
        normal,
        name,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn rename(conn: &mut PgConnection, id: ZoneId, name: &str) -> Result<(), StorageError> {
    let done = sqlx::query!("update zones set name = $2 where id = $1", id.0, name).execute(conn).await?;
    one_row("zones", done.rows_affected())
}

/// Spellings and measurers of a zone become another one's, and it is gone.
pub async fn merge(conn: &mut PgConnection, id: ZoneId, into: ZoneId) -> Result<(), StorageError> {
    sqlx::query!("update zone_names set zone_id = $2 where zone_id = $1", id.0, into.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into zone_measurers (zone_id, user_id)
         select $2, user_id from zone_measurers where zone_id = $1 on conflict do nothing",
        id.0,
        into.0,
    )
    .execute(&mut *conn)
    .await?;
    remove(conn, id).await
}

pub async fn remove(conn: &mut PgConnection, id: ZoneId) -> Result<(), StorageError> {
    let done = sqlx::query!("delete from zones where id = $1", id.0).execute(conn).await?;
    one_row("zones", done.rows_affected())
}

/// Returns whether that is new.
pub async fn add_measurer(conn: &mut PgConnection, id: ZoneId, user: UserId) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "with heard as (update zones set told_at = null where id = $1)
         insert into zone_measurers (zone_id, user_id) values ($1, $2) on conflict do nothing",
        id.0,
        user.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Returns whether he measured there.
pub async fn remove_measurer(
    conn: &mut PgConnection,
    id: ZoneId,
    user: UserId,
) -> Result<bool, StorageError> {
    let done = sqlx::query!("delete from zone_measurers where zone_id = $1 and user_id = $2", id.0, user.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Returns whether it is to be told now that nobody measures there: once until somebody does.
pub async fn tell_empty(
    conn: &mut PgConnection,
    id: ZoneId,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let done = sqlx::query!("update zones set told_at = $2 where id = $1 and told_at is null", id.0, now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}
