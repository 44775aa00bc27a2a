//! The connection pool: how it is opened, what the server limits on its behalf, and when it is given up.
//!
//! ```text
//! migrate.rs  waits for the database and brings its schema up to date
//! pool.rs     connections that are shared; one that has gone silent is replaced
//! watch.rs    looks after the pool as long as the process lives
//! ```

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

mod migrate;
mod pool;
mod watch;

pub use pool::pool;
pub use watch::{PoolIsDead, watch};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// By which the server notices that nobody is at the other end any more, and ends what he began: in seconds, and the
/// last in milliseconds.
const KEEPALIVES: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "15"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "30000"),
];
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
    tokio::select! {
        () = shutdown.cancelled() => return Ok(None),
        migrated = migrate::migrate(&options) => migrated.context("migrating the database")?,
    }
    Ok(Some(pool::pool(options)))
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
    Ok(options.application_name(env!("CARGO_PKG_NAME")).options(KEEPALIVES))
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

#[cfg(test)]
mod tests;
