//! What a failure of the database says of the one who met it.

use sqlx::postgres::PgDatabaseError;

use super::StorageError;

/// Why the database did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The database itself: it is away, full, or takes no changes. Whatever is asked fails meanwhile.
    Away,
    /// The moment: a lock, a limit of time, another transaction, a schema that is just being changed.
    Busy,
    /// What was asked for. It fails again.
    Own,
}

impl StorageError {
    pub fn cause(&self) -> Cause {
        match self {
            Self::Sql(error) => cause(error),
            Self::Corrupt { .. } | Self::Unmatched { .. } => Cause::Own,
        }
    }
}

/// Of the database's failure behind an error; none where another thing failed.
pub fn cause_of(error: &anyhow::Error) -> Option<Cause> {
    error.chain().find_map(|error| {
        let storage = error.downcast_ref::<StorageError>().map(StorageError::cause);
        storage.or_else(|| error.downcast_ref::<sqlx::Error>().map(cause))
    })
}

/// Whether the server chose this transaction to give way to another one: the same is to be done again at once.
pub fn gave_way(error: &anyhow::Error) -> bool {
    let refused = error.chain().find_map(|error| error.downcast_ref::<sqlx::Error>());
    refused.is_some_and(|error| ["40001", "40P01"].contains(&code(error)))
}

fn cause(error: &sqlx::Error) -> Cause {
    match error {
        sqlx::Error::Database(_) => by_code(code(error)),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // An answer that broke off: a proxy that hung up, a server that died in mid-word.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::BeginFailed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Cause::Away,
        _ => Cause::Own,
    }
}

/// Classes of PostgreSQL's appendix A. What the code itself asks for is checked when it is compiled, so that a
/// wrong statement (42) means a schema that is older or newer than this process.
fn by_code(code: &str) -> Cause {
    let class = code.get(..2).unwrap_or_default();
    match (class, code) {
        // Data, constraints, size, and the server's own mistakes, which the same data would meet again.
        ("21" | "22" | "23" | "44" | "54" | "P0" | "XX", _) => Cause::Own,
        (_, "57014") => Cause::Busy,
        // A server that takes no changes, as after a fail-over; a session that rested for too long.
        (_, "25006" | "25P03") | ("08" | "28" | "3D" | "53" | "57" | "58", _) => Cause::Away,
        _ => Cause::Busy,
    }
}

fn code(error: &sqlx::Error) -> &str {
    let refused = error.as_database_error();
    let refused = refused.and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    refused.map(PgDatabaseError::code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;
    use sqlx::PgPool;

    use super::*;

    async fn raised(db: &PgPool, code: &str) -> sqlx::Error {
        let raise = format!("do $$ begin raise exception using errcode = '{code}'; end $$");
        sqlx::query(sqlx::AssertSqlSafe(raise)).execute(db).await.unwrap_err()
    }

    #[sqlx::test]
    async fn each_failure_is_blamed_on_the_database_on_the_moment_or_on_what_was_asked(db: PgPool) {
        let away = ["08006", "25006", "25P03", "28P01", "3D000", "53100", "53300", "57P01", "57P03", "58030"];
        let busy = ["40001", "40P01", "55P03", "57014", "42703", "0A000", "26000"];
        let own = ["22003", "22021", "23505", "23514", "54000", "XX000"];
        for (codes, expected) in [(&away[..], Cause::Away), (&busy, Cause::Busy), (&own, Cause::Own)] {
            for code in codes {
                let error = StorageError::Sql(raised(&db, code).await);
                assert_eq!(error.cause(), expected, "{code}");
                let wrapped = Err::<(), _>(error).context("a step").unwrap_err();
                assert_eq!(cause_of(&wrapped), Some(expected), "{code}");
                assert_eq!(gave_way(&wrapped), ["40001", "40P01"].contains(code), "{code}");
            }
        }
        assert_eq!(cause_of(&anyhow::anyhow!("something else")), None);
        let wrapped = anyhow::Error::from(sqlx::Error::PoolTimedOut).context("beginning");
        assert_eq!(cause_of(&wrapped), Some(Cause::Away));
    }

    #[sqlx::test]
    async fn a_cause_is_found_through_an_action_that_failed(db: PgPool) {
        let error = StorageError::Sql(raised(&db, "40P01").await);
        let failed = anyhow::Error::from(crate::actions::ActionError::from(error));
        assert_eq!((cause_of(&failed), gave_way(&failed)), (Some(Cause::Busy), true));
    }
}
