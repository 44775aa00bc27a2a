//! The only SQL of the service: one file per table, free functions on a connection.
//!
//! A function that changes rows runs in the caller's transaction. Times are parameters, never `now()`.

pub mod amo_directory;
pub mod amocrm_tokens;
pub mod audit;
pub mod backlog;
pub mod cards;
mod cause;
pub mod chats;
pub mod comments;
pub mod conversations;
pub mod dealers;
pub mod employees;
pub mod failure_decisions;
pub mod files;
pub mod history;
pub mod invites;
pub mod lead_nudges;
pub mod leads;
pub mod leases;
pub mod measurement_zones;
pub mod measurements;
pub mod outbox;
pub mod parked_messages;
pub mod proposals;
pub mod reconciliation;
pub mod recorded_deals;
pub mod replicas;
pub mod searches;
pub mod settings;
mod silence;
pub mod telegram_updates;
pub mod users;
pub mod zones;

pub use cause::{Cause, cause_of, gave_way};
pub use silence::{heard, silent};

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("the database failed")]
    Sql(#[from] sqlx::Error),
    /// A row that our own checks should have refused.
    #[error("the row {id} of {table} makes no sense: {what}")]
    Corrupt { table: &'static str, id: i64, what: &'static str },
    /// An update met another number of rows than it must.
    #[error("an update of {table} met {rows} rows")]
    Unmatched { table: &'static str, rows: u64 },
}

impl StorageError {
    /// The name of the constraint that refused a row, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.constraint(),
            _ => None,
        }
    }
}

/// Asks the database whether it takes changes; after a fail-over a connection may still lead to what is no longer the
/// primary server.
pub async fn takes_changes(conn: &mut sqlx::PgConnection) -> Result<bool, StorageError> {
    let asked =
        sqlx::query_scalar!(r#"select current_setting('transaction_read_only') = 'off' as "takes_changes!""#);
    Ok(asked.fetch_one(conn).await?)
}

/// An update that must have met exactly one row.
fn one_row(table: &'static str, rows: u64) -> Result<(), StorageError> {
    if rows == 1 { Ok(()) } else { Err(StorageError::Unmatched { table, rows }) }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, PgConnection};
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    /// Tries to connect to something that says `answer` and hangs up.
    async fn failure(answer: &'static [u8]) -> StorageError {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://somebody:secret@{}/nowhere", listener.local_addr().unwrap());
        let hangs_up = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(answer).await.unwrap();
        };
        let (connected, ()) = tokio::join!(PgConnection::connect(&url), hangs_up);
        connected.expect_err("nobody is there").into()
    }

    /// Events whose batch fails for good are buried, so a network must never look like their fault.
    #[tokio::test]
    async fn a_connection_that_breaks_off_in_any_place_is_no_lasting_failure() {
        for answer in [&b""[..], b"N", b"E", b"NR", b"NR\0\0\0\x0c"] {
            let failure = failure(answer).await;
            assert_eq!(failure.cause(), Cause::Away, "{answer:?}: {failure:?}");
        }
    }
}
