//! Fills an empty schema with a company's years.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const COMPANY: &str = include_str!("fill.sql");
/// Nothing of this must survive a crash. References are not checked row by row: they hold by construction, and
/// `not valid` ones would show in the steps.
const SESSION: &str = "
    set synchronous_commit = off;
    set session_replication_role = replica;
    set maintenance_work_mem = '256MB';
    set temp_buffers = '128MB'";
/// Those that stand for a constraint stay.
const INDEXES: &str = "
    select indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint where conindid = indexrelid)";

/// Indexes are built at the end, which takes a third of the time.
///
/// # Errors
///
/// If the database refuses; it wants a superuser.
pub async fn fill(url: &str, measurements: i64) -> Result<()> {
    let mut conn = PgConnection::connect(url).await?;
    sqlx::raw_sql(SESSION).execute(&mut conn).await?;
    let indexes: Vec<(String, String)> = sqlx::query_as(INDEXES).fetch_all(&mut conn).await?;
    for (name, _) in &indexes {
        sqlx::query(AssertSqlSafe(format!("drop index {name}"))).execute(&mut conn).await?;
    }
    sqlx::query("create temp table size (n bigint, now timestamptz)").execute(&mut conn).await?;
    sqlx::query("insert into size values ($1, now())").bind(measurements).execute(&mut conn).await?;
    sqlx::raw_sql(COMPANY).execute(&mut conn).await.context("filling the tables")?;
    for (_, definition) in indexes {
        sqlx::query(AssertSqlSafe(definition)).execute(&mut conn).await.context("building an index")?;
    }
    // As autovacuum does in time.
    sqlx::query("vacuum analyze").execute(&mut conn).await?;
    // What was filled in is written before anything is measured, and not beside it.
    sqlx::query("checkpoint").execute(&mut conn).await?;
    Ok(conn.close().await?)
}
