//! `unknown_names`: zones and dealers of deals that mean nothing here yet.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::{MeasurementId, UnknownNameId};
use crate::domain::proposal::NameKind;
use crate::storage::StorageError;

/// Notes a name. Returns its number if it is new.
pub async fn note(
    conn: &mut PgConnection,
    kind: NameKind,
    (normal, name): (&str, &str),
    measurement: MeasurementId,
    now: DateTime<Utc>,
) -> Result<Option<UnknownNameId>, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into unknown_names (kind, normal, name, measurement_id, seen_at) values ($1, $2, $3, $4, $5)
         on conflict (kind, normal) do nothing returning id",
        kind.as_str(),
        normal,
        name,
        measurement.0,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(UnknownNameId))
}

/// What it is, and how it is written.
pub async fn find(
    conn: &mut PgConnection,
    id: UnknownNameId,
) -> Result<Option<(NameKind, String)>, StorageError> {
    let row =
        sqlx::query!("select kind, name from unknown_names where id = $1", id.0).fetch_optional(conn).await?;
    let corrupt = StorageError::Corrupt { table: "unknown_names", id: id.0, what: "kind" };
    row.map(|row| Ok((NameKind::parse(&row.kind).ok_or(corrupt)?, row.name))).transpose()
}

/// The latest first.
pub async fn list(
    conn: &mut PgConnection,
    kind: NameKind,
    limit: i64,
) -> Result<Vec<(UnknownNameId, String)>, StorageError> {
    let rows = sqlx::query!(
        "select id, name from unknown_names where kind = $1 order by id desc limit $2",
        kind.as_str(),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (UnknownNameId(row.id), row.name)).collect())
}

/// It means something now, or nobody wants to hear of it.
pub async fn forget(conn: &mut PgConnection, kind: NameKind, normal: &str) -> Result<(), StorageError> {
    sqlx::query!("delete from unknown_names where kind = $1 and normal = $2", kind.as_str(), normal)
        .execute(conn)
        .await?;
    Ok(())
}
