//! A database of one's own on a given server, and empty queues on a given broker.

use anyhow::{Context, Result};
use lapin::options::QueuePurgeOptions;
use lapin::{Connection, ConnectionProperties};
use shared::topology;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// An empty database, dropped by [`Database::drop_it`].
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes a database on the server that `server` is an address of.
    ///
    /// # Errors
    ///
    /// If the server is away or refuses.
    pub async fn create(server: &str) -> Result<Self> {
        let name = format!("story_{}", uuid::Uuid::new_v4().simple());
        let mut conn = PgConnection::connect(server).await.context("connecting to PostgreSQL")?;
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut conn).await?;
        Ok(Self { server: server.to_owned(), name })
    }

    /// The address of this database.
    pub fn url(&self) -> String {
        let (base, _) = self.server.rsplit_once('/').unwrap_or((&self.server, ""));
        format!("{base}/{}", self.name)
    }

    /// # Errors
    ///
    /// If the database cannot be reached.
    pub async fn connect(&self) -> Result<PgConnection> {
        PgConnection::connect(&self.url()).await.context("connecting to the story's database")
    }

    /// # Errors
    ///
    /// If the server is away.
    pub async fn drop_it(&self) -> Result<()> {
        let mut conn = PgConnection::connect(&self.server).await?;
        let drop = format!("drop database if exists {} with (force)", self.name);
        sqlx::query(AssertSqlSafe(drop)).execute(&mut conn).await?;
        Ok(())
    }
}

/// Declares the queues and empties them: what an earlier story left is none of this one's business.
///
/// # Errors
///
/// If the broker is away.
pub async fn empty_queues(broker: &str) -> Result<()> {
    let connection = Connection::connect(broker, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    topology::declare(&channel).await?;
    for queue in
        [topology::LEAD_EVENTS, topology::LEAD_EVENTS_DEAD, topology::UNREADABLE, topology::UNROUTABLE]
    {
        channel.queue_purge(queue.into(), QueuePurgeOptions::default()).await?;
    }
    connection.close(200, "emptied".into()).await?;
    Ok(())
}
