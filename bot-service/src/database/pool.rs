//! Connections that are shared, and what becomes of one that has gone silent.
//!
//! Where the network drops packets, or a proxy keeps a dead connection open, nothing ends a wait: the client library
//! sets no keepalive, and it would keep the place of a connection that was dropped in the middle of a statement for
//! ever (sqlx issue 4349). So a connection is asked, within a limit, before it is lent and after it came back.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::timeout;

/// The leader's loops, the consumer and the people's updates together. Two replicas leave more than half of a
/// server's usual hundred free.
pub const CONNECTIONS: u32 = 20;
const ACQUIRE_LIMIT: Duration = Duration::from_secs(5);
/// Leaves time to open another connection within the limit above.
const IDLE_ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// Something may still be under way on a connection that was dropped.
const RETURNED_ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Enforced by the server, so that an answer arrives before anybody here gives up waiting, and so that nobody's locks
/// outlive him for long.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "10s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "15s")];

/// Connects when somebody asks for a connection.
pub fn pool(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_LIMIT)
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(answers(connection, IDLE_ANSWERS_WITHIN)))
        .after_release(|connection, _| Box::pin(answers(connection, RETURNED_ANSWERS_WITHIN)))
        .connect_lazy_with(options.options(LIMITS))
}

/// A connection that does not is closed by the pool.
async fn answers(connection: &mut PgConnection, limit: Duration) -> sqlx::Result<bool> {
    Ok(matches!(timeout(limit, connection.ping()).await, Ok(Ok(()))))
}
