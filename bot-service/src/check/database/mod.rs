//! Can the database be used, and what will the start do to it.

use std::collections::BTreeSet;
use std::time::Duration;

use secrecy::SecretString;
use shared::check::{Row, Trouble};
use sqlx::error::DatabaseError;
use sqlx::migrate::{Migrate, MigrateError};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::time::timeout;

use crate::MIGRATOR;
use crate::database;

pub const SUBJECT: &str = "database";
const SCHEMA: &str = "schema";
const SETTING: &str = "DATABASE_URL";
/// As PostgreSQL writes its version 15.0.
const OLDEST: u32 = 15_00_00;

/// Connects, and compares the schema with ours; changes nothing.
pub async fn tried(url: &SecretString, limit: Duration) -> Vec<Row> {
    let options = match database::options(url) {
        Ok(options) => options,
        Err(error) => return vec![Row::fails(SUBJECT, error.to_string(), "Correct DATABASE_URL.")],
    };
    let place = format!("{}:{}", options.get_host(), options.get_port());
    let name = options.get_database().unwrap_or(options.get_username());
    match timeout(limit, look(&options)).await {
        Ok(Ok(seen)) => rows(&place, name, &seen),
        Ok(Err(error)) => vec![refusal(&place, name, &error, limit)],
        Err(_) => vec![unreachable(&place, Trouble::NoAnswer(limit))],
    }
}

struct Seen {
    version: u32,
    may_create: bool,
    /// Migrations that ran here, by their numbers.
    applied: BTreeSet<i64>,
}

async fn look(options: &PgConnectOptions) -> sqlx::Result<Seen> {
    let mut connection = PgConnection::connect_with(options).await?;
    let version = connection.server_version_num().unwrap_or_default();
    let may_create = database::may_create(&mut connection).await?;
    let applied = match connection.list_applied_migrations(&MIGRATOR.table_name).await {
        Ok(applied) => applied.into_iter().map(|migration| migration.version).collect(),
        // The list is made together with the first migration.
        Err(MigrateError::Execute(error)) if is_undefined_table(&error) => BTreeSet::new(),
        Err(error) => return Err(error.into()),
    };
    connection.close().await?;
    Ok(Seen { version, may_create, applied })
}

fn is_undefined_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("42P01"))
}

fn rows(place: &str, name: &str, seen: &Seen) -> Vec<Row> {
    let version = format!("{}.{}", seen.version / 10_000, seen.version % 10_000);
    let server = if seen.version < OLDEST {
        let found = format!("PostgreSQL {version} at {place} is too old");
        Row::fails(SUBJECT, found, "Take PostgreSQL 15 or newer.")
    } else {
        Row::works(SUBJECT, format!("PostgreSQL {version} at {place}, database `{name}`"))
    };
    vec![server, schema(seen)]
}

fn schema(seen: &Seen) -> Row {
    let ours: BTreeSet<i64> = MIGRATOR.iter().map(|migration| migration.version).collect();
    let pending = ours.difference(&seen.applied).count();
    if seen.applied.difference(&ours).next().is_some() {
        let advice = "Run the newer version, or restore the backup that was made before the update.";
        return Row::fails(SCHEMA, "was made by a newer version of the service", advice);
    }
    match pending {
        0 => Row::works(SCHEMA, "is up to date"),
        _ if !seen.may_create => Row::fails(
            SCHEMA,
            format!("{pending} migrations are pending, and the user of DATABASE_URL may not make tables"),
            "Make the user the owner of the database: alter database … owner to …",
        ),
        1 => Row::works(SCHEMA, "1 migration is pending; the start will make it"),
        _ => Row::works(SCHEMA, format!("{pending} migrations are pending; the start will make them")),
    }
}

fn unreachable(place: &str, trouble: Trouble) -> Row {
    Row::fails(SUBJECT, format!("{place} {trouble}"), trouble.advice(SETTING))
}

/// The server's own words are left out: the code says enough.
fn refusal(place: &str, name: &str, error: &sqlx::Error, limit: Duration) -> Row {
    let code = error.as_database_error().and_then(DatabaseError::code);
    let (found, advice) = match code.as_deref() {
        Some("28P01" | "28000") => (
            format!("{place} refused the user or the password"),
            "Is the password in DATABASE_URL the database's? In compose DATABASE_PASSWORD counts only when the \
             database's volume is made.",
        ),
        Some("3D000") => (
            format!("{place} has no database `{name}`"),
            "Create it, or correct the name at the end of DATABASE_URL.",
        ),
        Some("42501") => (
            format!("{place} does not let the user into database `{name}`"),
            "Grant the user of DATABASE_URL the right to connect and to read.",
        ),
        Some("53300") => {
            (format!("{place} has no connection left"), "Raise max_connections, or stop what uses them up.")
        }
        Some(code) => (format!("{place} failed with the code {code}"), "PostgreSQL's log says more."),
        None => return unreachable(place, Trouble::of(error, limit)),
    };
    Row::fails(SUBJECT, found, advice)
}

#[cfg(test)]
mod tests;
