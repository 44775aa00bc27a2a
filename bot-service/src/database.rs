//! The connection pool: how it is opened, what the server limits on its behalf, and when it is given up.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// The leader's loops, the consumer, the people's updates and the listeners together. Two replicas leave more
/// than half of a server's usual hundred free.
const CONNECTIONS: u32 = 20;
const ACQUIRE_LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Enforced by the server, so that an answer arrives before anybody here gives up waiting: a connection that
/// is dropped while it waits is lost to the pool.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "10s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "15s")];
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Waits until the database can be reached, brings its schema up to date and opens the pool; `None` if the
/// process is asked to stop before that.
///
/// # Errors
///
/// If the address cannot be used, or a migration fails.
pub async fn open(url: &SecretString, shutdown: &CancellationToken) -> anyhow::Result<Option<PgPool>> {
    let options = options(url)?;
    let connected = tokio::select! {
        () = shutdown.cancelled() => return Ok(None),
        connected = wait(&options) => connected,
    };
    migrate(connected).await.context("migrating the database")?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_LIMIT)
        .connect_lazy_with(options.options(LIMITS));
    Ok(Some(pool))
}

/// Without the server's limits: a replica may have to wait long for another one's migration.
///
/// # Errors
///
/// If the address cannot be used.
pub fn options(url: &SecretString) -> anyhow::Result<PgConnectOptions> {
    // The cause would quote the address, and with it the password.
    let options = PgConnectOptions::from_str(url.expose_secret())
        .map_err(|_| anyhow::anyhow!("DATABASE_URL cannot be read as an address of PostgreSQL"))?;
    Ok(options.application_name(env!("CARGO_PKG_NAME")))
}

async fn wait(options: &PgConnectOptions) -> PgConnection {
    let mut pause = FIRST_PAUSE;
    loop {
        match timeout(CONNECT_LIMIT, PgConnection::connect_with(options)).await {
            Ok(Ok(connection)) => return connection,
            Ok(Err(error)) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, ?pause, "Waiting for the database");
            }
            Err(_) => tracing::warn!(?pause, "Waiting for the database: it does not answer"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One replica at a time: the migrator holds an advisory lock, and the others find nothing left to do.
async fn migrate(mut connection: PgConnection) -> anyhow::Result<()> {
    crate::MIGRATOR.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Whether the user may make tables, as migrations do.
///
/// # Errors
///
/// If the database does not answer.
pub async fn may_create(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let asked = "select coalesce(has_schema_privilege(current_schema(), 'create'), false)";
    sqlx::query_scalar(asked).fetch_one(connection).await
}

/// The pool gives no connection although the database can be reached. Only a new process helps.
#[derive(Debug, thiserror::Error)]
#[error("the pool has given no connection for {0:?}, but the database can be reached")]
pub struct PoolIsDead(Duration);

/// Looks after the pool; returns only if it has to be given up.
pub async fn watch(pool: &PgPool) -> PoolIsDead {
    watch_with(pool, Duration::from_secs(5), Duration::from_secs(20)).await
}

async fn watch_with(pool: &PgPool, every: Duration, patience: Duration) -> PoolIsDead {
    let mut good_at = Instant::now();
    loop {
        sleep(every).await;
        if gives_a_connection(pool).await {
            good_at = Instant::now();
        } else if good_at.elapsed() >= patience && is_reachable(pool).await {
            return PoolIsDead(good_at.elapsed());
        }
    }
}

async fn gives_a_connection(pool: &PgPool) -> bool {
    let acquired = pool.acquire().await;
    if let Err(error) = &acquired {
        tracing::warn!(error = error as &dyn std::error::Error, "The pool gave no connection");
    }
    acquired.is_ok()
}

async fn is_reachable(pool: &PgPool) -> bool {
    let options = pool.connect_options();
    matches!(timeout(CONNECT_LIMIT, PgConnection::connect_with(&options)).await, Ok(Ok(_)))
}

#[cfg(test)]
mod tests {
    use sqlx::ConnectOptions;

    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    #[sqlx::test]
    async fn opening_migrates_an_empty_database_and_sets_limits(db: PgPool) {
        let url = SecretString::from(db.connect_options().to_url_lossy().to_string());
        let pool = open(&url, &CancellationToken::new()).await.unwrap().unwrap();
        let leases: i64 = sqlx::query_scalar("select count(*) from leases").fetch_one(&pool).await.unwrap();
        assert_eq!(leases, 1);
        let limit: String = sqlx::query_scalar("show statement_timeout").fetch_one(&pool).await.unwrap();
        let name: String = sqlx::query_scalar("show application_name").fetch_one(&pool).await.unwrap();
        assert_eq!((limit.as_str(), name.as_str()), ("10s", "bot-service"));
        pool.close().await;
    }

    #[tokio::test]
    async fn a_database_that_is_away_is_waited_for_until_the_process_stops() {
        let url = SecretString::from("postgres://nobody@127.0.0.1:1/none");
        let shutdown = CancellationToken::new();
        let opening = open(&url, &shutdown);
        shutdown.cancel();
        assert!(timeout(SOON, opening).await.unwrap().unwrap().is_none());
    }

    #[test]
    fn a_bad_address_is_not_quoted() {
        let error = options(&SecretString::from("postgres://anna:secret@[")).unwrap_err();
        assert!(!format!("{error:#}").contains("secret"));
    }

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
}
