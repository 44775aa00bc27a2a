//! A database of one's own on a given server, and empty queues on a given broker.

use std::time::Duration;

use anyhow::{Context, Result};
use lapin::options::{QueueDeclareOptions, QueuePurgeOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use shared::topology;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::wait;

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

    /// The code of an invitation, put there by hand. The first admin must be known already.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached.
    pub async fn invitation(&self, role: &str) -> Result<String> {
        let code = format!("{}A", &uuid::Uuid::new_v4().simple().to_string()[..21]);
        sqlx::query(
            "insert into invites (code_hash, role, created_by, created_at, expires_at)
             select sha256($1::text::bytea), $2, min(user_id), now(), now() + interval '1 hour'
             from user_roles where role = 'admin'",
        )
        .bind(&code)
        .bind(role)
        .execute(&mut self.connect().await?)
        .await?;
        Ok(code)
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

/// How long the consumers of services that have just ended may still be known to the broker.
const LEAVING: Duration = Duration::from_secs(5);

/// Declares the queues and empties them: what an earlier story left is none of this one's business.
///
/// # Errors
///
/// If the broker is away, or serves a system that is running: its messages are not ours.
pub async fn empty_queues(broker: &str) -> Result<()> {
    let connection = Connection::connect(broker, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    topology::declare(&channel).await?;
    wait::until("nobody to consume at this broker, whose queues are to be emptied", LEAVING, async || {
        nobody_consumes(&channel).await
    })
    .await?
    .context("asking who consumes")?;
    for queue in
        [topology::LEAD_EVENTS, topology::LEAD_EVENTS_DEAD, topology::UNREADABLE, topology::UNROUTABLE]
    {
        channel.queue_purge(queue.into(), QueuePurgeOptions::default()).await?;
    }
    connection.close(200, "emptied".into()).await?;
    Ok(())
}

/// None while somebody does.
async fn nobody_consumes(channel: &Channel) -> Option<Result<(), lapin::Error>> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let asked = channel.queue_declare(topology::LEAD_EVENTS.into(), options, FieldTable::default()).await;
    match asked {
        Ok(queue) => (queue.consumer_count() == 0).then_some(Ok(())),
        Err(error) => Some(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::ensure;
    use lapin::options::BasicConsumeOptions;

    use super::*;

    #[tokio::test]
    async fn the_queues_of_a_running_system_are_not_emptied() -> Result<()> {
        let url = std::env::var("AMQP_URL")?;
        let connection = Connection::connect(&url, ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        topology::declare(&channel).await?;
        let options = BasicConsumeOptions { no_ack: false, ..BasicConsumeOptions::default() };
        let _consumer = channel
            .basic_consume(topology::LEAD_EVENTS.into(), "bot".into(), options, FieldTable::default())
            .await?;
        let refused = empty_queues(&url).await.err().context("somebody consumes")?;
        ensure!(refused.to_string().contains("nobody to consume at this broker"), "{refused:#}");
        connection.close(200, "consumed".into()).await?;
        empty_queues(&url).await
    }
}
