//! `amo_users` as people of the bot see it: employees to link a person to.

use shared::ids::AmoUserId;
use sqlx::PgConnection;

use super::StorageError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    pub id: AmoUserId,
    pub name: String,
    pub has_same_name: bool,
}

/// Active employees whom nobody with access is linked to, those called `name` first, then by name.
pub async fn list_free(
    conn: &mut PgConnection,
    name: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<Employee>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select amo_user_id, name, lower(name) = lower($1) as "has_same_name!"
        from amo_users a
        where is_active
          and not exists(select from users u where u.amo_user_id = a.amo_user_id and u.disabled_at is null)
        order by 3 desc, lower(name), amo_user_id offset $2 limit $3
        "#,
        name,
        offset,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let employee = |id, name, has_same_name| Employee { id: AmoUserId(id), name, has_same_name };
    Ok(rows.into_iter().map(|row| employee(row.amo_user_id, row.name, row.has_same_name)).collect())
}

/// Whether the list was ever received.
pub async fn are_known(conn: &mut PgConnection) -> Result<bool, StorageError> {
    let known =
        sqlx::query_scalar!(r#"select exists(select from amo_users) as "known!""#).fetch_one(conn).await?;
    Ok(known)
}

pub async fn find_name(conn: &mut PgConnection, id: AmoUserId) -> Result<Option<String>, StorageError> {
    let name = sqlx::query_scalar!("select name from amo_users where amo_user_id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    Ok(name)
}

/// Wakes the leader's job that mirrors AmoCRM's lists, once this transaction commits.
pub async fn ask_for_list(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select pg_notify($1, '')", super::amo_directory::CHANNEL).execute(conn).await?;
    Ok(())
}
