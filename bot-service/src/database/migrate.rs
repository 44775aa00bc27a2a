//! Brings the schema up to date, however often the database goes away meanwhile: a migration is a transaction. One
//! replica at a time: the migrator holds an advisory lock, and the others find nothing left to do.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::time::{sleep, timeout};

use super::{CONNECT_LIMIT, FIRST_PAUSE, LONGEST_PAUSE};
use crate::complaint::Complaint;
use crate::storage::{Cause, StorageError, cause_of, gave_way, silent};

/// How often the session is looked at from beside.
const LOOK: Duration = Duration::from_secs(5);

/// Returns when it is done.
///
/// # Errors
///
/// If a migration is wrong.
pub async fn migrate(options: &PgConnectOptions) -> anyhow::Result<()> {
    let mut failing = Complaint::about("The database's schema is not up to date yet");
    loop {
        let connection = wait(options).await;
        match once(options, connection).await {
            Ok(()) => return Ok(()),
            Err(error) if cause_of(&error) == Some(Cause::Away) || gave_way(&error) => failing.fails(error),
            Err(error) => return Err(error),
        }
        sleep(FIRST_PAUSE).await;
    }
}

async fn wait(options: &PgConnectOptions) -> PgConnection {
    let mut away = Complaint::about("Waiting for the database");
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match timeout(CONNECT_LIMIT, PgConnection::connect_with(options)).await {
            Ok(Ok(connection)) => {
                away.works();
                return connection;
            }
            Ok(Err(error)) => StorageError::from(error),
            Err(_) => silent(),
        };
        away.fails(error);
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// No limit of time fits: a migration may take long, and so may waiting for another replica's.
async fn once(options: &PgConnectOptions, mut connection: PgConnection) -> anyhow::Result<()> {
    let asked = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection);
    let session: i32 = timeout(CONNECT_LIMIT, asked).await.map_err(|_| silent())??;
    let migrating = async {
        crate::MIGRATOR.run(&mut connection).await?;
        Ok(connection.close().await?)
    };
    tokio::select! {
        migrated = migrating => migrated,
        () = until_forgotten(options, session) => Err(silent().into()),
    }
}

/// Returns when the server has nothing to do for the session: what it had to say did not arrive.
async fn until_forgotten(options: &PgConnectOptions, session: i32) {
    loop {
        sleep(LOOK).await;
        if matches!(timeout(CONNECT_LIMIT, end_if_forgotten(options, session)).await, Ok(Ok(true))) {
            return;
        }
    }
}

/// Its lock would keep everybody from migrating.
async fn end_if_forgotten(options: &PgConnectOptions, session: i32) -> sqlx::Result<bool> {
    let mut connection = PgConnection::connect_with(options).await?;
    let asked = "select not exists (
                     select from pg_stat_activity where pid = $1 and
                         coalesce(state not like 'idle%' or state_change > now() - interval '10 seconds', true))";
    let is_forgotten = sqlx::query_scalar(asked).bind(session).fetch_one(&mut connection).await?;
    if is_forgotten {
        sqlx::query("select pg_terminate_backend($1)").bind(session).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(is_forgotten)
}
