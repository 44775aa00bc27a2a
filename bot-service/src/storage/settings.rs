//! `settings`: single values that must outlive a process, by name.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::StorageError;

/// The value under a name; none if there is none, or if it is of another shape than this version writes.
pub async fn find<T: DeserializeOwned>(
    conn: &mut PgConnection,
    name: &str,
) -> Result<Option<T>, StorageError> {
    let value =
        sqlx::query_scalar!("select value from settings where name = $1", name).fetch_optional(conn).await?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

/// # Errors
///
/// Also if the value cannot be written as JSON.
pub async fn save<T: Serialize + Sync>(
    conn: &mut PgConnection,
    name: &str,
    value: &T,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let what = "a value that is no JSON";
    let value =
        serde_json::to_value(value).map_err(|_| StorageError::Corrupt { table: "settings", id: 0, what })?;
    sqlx::query!(
        "insert into settings (name, value, changed_at) values ($1, $2, $3)
         on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at",
        name,
        value,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tells whoever listens on the channel, once the transaction is committed.
pub async fn announce(conn: &mut PgConnection, channel: &str) -> Result<(), StorageError> {
    sqlx::query!("select pg_notify($1, '')", channel).execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_value_is_kept_and_one_of_another_shape_counts_as_none(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(find::<i64>(&mut conn, "answer").await.unwrap(), None);
        save(&mut conn, "answer", &41, at).await.unwrap();
        save(&mut conn, "answer", &42, at).await.unwrap();
        assert_eq!(find::<i64>(&mut conn, "answer").await.unwrap(), Some(42));
        assert_eq!(find::<String>(&mut conn, "answer").await.unwrap(), None);
    }
}
