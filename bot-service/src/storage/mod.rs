//! The only SQL of the service: one file per table, free functions on a connection.
//!
//! A function that changes rows runs in the caller's transaction. Times are parameters, never `now()`.

use sqlx::postgres::PgDatabaseError;

pub mod amo_directory;
pub mod amocrm_tokens;
pub mod backlog;
pub mod cards;
pub mod chats;
pub mod employees;
pub mod history;
pub mod invites;
pub mod lead_nudges;
pub mod leads;
pub mod leases;
pub mod measurements;
pub mod outbox;
pub mod reconciliation;
pub mod recorded_deals;
pub mod settings;
pub mod telegram_updates;
pub mod users;

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
    /// Whether the same statement may succeed later with nobody's help: the database is away, busy, locked.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Sql(error) => is_transient(error),
            Self::Corrupt { .. } | Self::Unmatched { .. } => false,
        }
    }

    /// The name of the constraint that refused a row, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.constraint(),
            _ => None,
        }
    }
}

/// Serialisation failures, deadlocks, timeouts, lost connections, a server that stops or starts.
fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let code =
                error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code).unwrap_or_default();
            ["08", "40", "53", "55", "57"].iter().any(|class| code.starts_with(class))
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Whether the database answers.
pub async fn ping(conn: &mut sqlx::PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select 1 as one").fetch_one(conn).await?;
    Ok(())
}

/// An update that must have met exactly one row.
fn one_row(table: &'static str, rows: u64) -> Result<(), StorageError> {
    if rows == 1 { Ok(()) } else { Err(StorageError::Unmatched { table, rows }) }
}
