//! `replicas`: what each process of this service told of itself last.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StorageError;
use crate::domain::status::{Broker, Ingest, Replica};

/// Replaces what the replica told before.
pub async fn save(conn: &mut PgConnection, id: Uuid, replica: &Replica) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into replicas
             (replica_id, version, started_at, seen_at, is_leader, broker, ingest, telegram_at, amocrm_at)
         values ($1::text::uuid, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (replica_id) do update set
             seen_at = excluded.seen_at, is_leader = excluded.is_leader, broker = excluded.broker,
             ingest = excluded.ingest, telegram_at = excluded.telegram_at, amocrm_at = excluded.amocrm_at",
        id.to_string(),
        replica.version,
        replica.started_at,
        replica.seen_at,
        replica.is_leader,
        replica.broker.as_str(),
        replica.ingest.map(Ingest::as_str),
        replica.telegram_at,
        replica.amocrm_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those that were there since then, the oldest first.
pub async fn list(conn: &mut PgConnection, since: DateTime<Utc>) -> Result<Vec<Replica>, StorageError> {
    let rows = sqlx::query!(
        "select version, started_at, seen_at, is_leader, broker, ingest, telegram_at, amocrm_at from replicas
         where seen_at >= $1 order by started_at, replica_id",
        since,
    )
    .fetch_all(conn)
    .await?;
    let replicas = rows.into_iter().map(|row| Replica {
        version: row.version,
        started_at: row.started_at,
        seen_at: row.seen_at,
        is_leader: row.is_leader,
        broker: Broker::parse(&row.broker),
        ingest: row.ingest.as_deref().map(Ingest::parse),
        telegram_at: row.telegram_at,
        amocrm_at: row.amocrm_at,
    });
    Ok(replicas.collect())
}

/// One that has ended.
pub async fn erase(conn: &mut PgConnection, id: Uuid) -> Result<(), StorageError> {
    sqlx::query!("delete from replicas where replica_id = $1::text::uuid", id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Those that were killed.
pub async fn erase_old(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<(), StorageError> {
    sqlx::query!("delete from replicas where seen_at < $1", before).execute(conn).await?;
    Ok(())
}
