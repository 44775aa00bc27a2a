//! Looks after the pool: says when the database is away, and when the pool is of no use any more.

use std::time::Duration;

use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::{Instant, sleep, timeout};

use super::CONNECT_LIMIT;
use super::pool::CONNECTIONS;
use crate::complaint::Complaint;
use crate::storage::{self, StorageError};

const EVERY: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(20);
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// The pool gives no connection although the database can be reached. Only a new process helps.
#[derive(Debug, thiserror::Error)]
#[error("the pool has given no connection for {0:?}, but the database can be reached")]
pub struct PoolIsDead(Duration);

/// The server takes no changes: a standby, or a primary that was told so.
#[derive(Debug, thiserror::Error)]
#[error("the server is read-only")]
struct ReadOnly;

/// Returns only if the pool has to be given up.
pub async fn watch(pool: &PgPool) -> PoolIsDead {
    watch_with(pool, EVERY, PATIENCE).await
}

async fn watch_with(pool: &PgPool, every: Duration, patience: Duration) -> PoolIsDead {
    let mut away = Complaint::about("The database cannot be used; its work waits");
    let mut good_at = Instant::now();
    loop {
        sleep(every).await;
        match look(pool).await {
            Ok(true) => {
                good_at = Instant::now();
                away.works();
            }
            Ok(false) => {
                good_at = Instant::now();
                away.fails(ReadOnly);
            }
            Err(error) => {
                away.fails(error);
                if good_at.elapsed() >= patience && is_reachable(pool).await {
                    return PoolIsDead(good_at.elapsed());
                }
            }
        }
    }
}

/// Whether the database takes changes. A connection on which it does not is closed: another server may be the primary
/// by now, and only a new connection leads to it.
async fn look(pool: &PgPool) -> Result<bool, StorageError> {
    for _ in 0..=CONNECTIONS {
        let mut connection = pool.acquire().await?;
        let asked = timeout(ANSWERS_WITHIN, storage::takes_changes(&mut connection));
        if asked.await.unwrap_or_else(|_| Err(storage::silent()))? {
            return Ok(true);
        }
        connection.close().await?;
    }
    Ok(false)
}

async fn is_reachable(pool: &PgPool) -> bool {
    let options = pool.connect_options();
    matches!(timeout(CONNECT_LIMIT, PgConnection::connect_with(&options)).await, Ok(Ok(_)))
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgPoolOptions;

    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    #[sqlx::test]
    async fn a_pool_that_gives_nothing_is_given_up(db: PgPool) {
        let patience = Duration::from_millis(500);
        let options = PgPoolOptions::new().max_connections(1).acquire_timeout(patience);
        let pool = options.connect_lazy_with((*db.connect_options()).clone());
        let taken = pool.acquire().await.unwrap();
        let dead = timeout(SOON, watch_with(&pool, patience / 50, patience)).await.unwrap();
        assert!(dead.0 >= patience);
        drop(taken);
        let kept = timeout(2 * patience, watch_with(&pool, patience / 50, patience)).await;
        assert!(kept.is_err(), "a pool that works is kept");
    }

    #[sqlx::test]
    async fn connections_to_what_is_no_primary_any_more_are_closed(db: PgPool) {
        let set = async |value: &str| {
            let name: String = sqlx::query_scalar("select current_database()").fetch_one(&db).await.unwrap();
            let set = format!(r#"alter database "{name}" set default_transaction_read_only = {value}"#);
            let mut conn = db.acquire().await.unwrap();
            sqlx::query("set default_transaction_read_only = off").execute(&mut *conn).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(set)).execute(&mut *conn).await.unwrap();
        };
        let pool = super::super::pool::pool((*db.connect_options()).clone());
        set("on").await;
        let lent: Vec<_> = futures_util::future::join_all((0..3).map(|_| pool.acquire())).await;
        drop(lent);
        assert!(!look(&pool).await.unwrap());
        set("off").await;
        assert!(look(&pool).await.unwrap());
        pool.close().await;
    }
}
