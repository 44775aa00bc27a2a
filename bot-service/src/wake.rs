//! Waiting for work that is announced in the database, with a poll as the net: an announcement may be lost.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{Acquire, Connection, PgPool};
use tokio::time::{Instant, sleep_until, timeout};

use crate::complaint::Complaint;
use crate::storage::{StorageError, silent};

const LISTEN_LIMIT: Duration = Duration::from_secs(5);
const BETWEEN_TRIES: Duration = Duration::from_secs(10);
/// A connection on which nothing comes may have nothing to tell, or be dead: so often it is asked.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(15);
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// Listens on one channel. Without a connection to listen on, it hears nothing, and whoever waits polls.
pub struct Wake {
    db: PgPool,
    channel: &'static str,
    listener: Option<PgListener>,
    next_try: Instant,
    next_question: Instant,
    deaf: Complaint,
}

impl Wake {
    pub fn on(db: &PgPool, channel: &'static str) -> Self {
        let now = Instant::now();
        let deaf = Complaint::about("Cannot listen to announcements; polling");
        Self { db: db.clone(), channel, listener: None, next_try: now, next_question: now, deaf }
    }

    /// Starts to listen, where it does not yet. What is announced from now on is heard.
    pub async fn prepare(&mut self) {
        self.ask().await;
        if self.listener.is_some() || Instant::now() < self.next_try {
            return;
        }
        let listening = timeout(LISTEN_LIMIT, listen(&self.db, self.channel)).await;
        self.next_try = Instant::now() + BETWEEN_TRIES;
        self.next_question = Instant::now() + BETWEEN_QUESTIONS;
        match listening.unwrap_or_else(|_| Err(silent())) {
            Ok(listener) => {
                self.listener = Some(listener);
                self.deaf.works();
            }
            Err(error) => self.deaf.fails(error),
        }
    }

    /// Gives up a connection that says nothing.
    async fn ask(&mut self) {
        let Some(listener) = &mut self.listener else { return };
        if Instant::now() < self.next_question {
            return;
        }
        self.next_question = Instant::now() + BETWEEN_QUESTIONS;
        let asking = async { listener.acquire().await?.ping().await };
        if !matches!(timeout(ANSWERS_WITHIN, asking).await, Ok(Ok(()))) {
            tracing::warn!(channel = self.channel, "Announcements have gone silent; listening anew");
            self.listener = None;
        }
    }

    /// Returns when something was announced, however often. Never returns where nothing listens.
    pub async fn heard(&mut self) {
        let Some(listener) = &mut self.listener else { return std::future::pending().await };
        let heard = listener.recv().await;
        // One look answers all that was announced so far.
        while listener.next_buffered().is_some() {}
        if let Err(error) = heard {
            self.deaf.fails(error);
            self.listener = None;
        }
    }

    /// Waits for an announcement, at most until `deadline`.
    pub async fn wait(&mut self, deadline: Instant) {
        tokio::select! {
            () = sleep_until(deadline) => {}
            () = self.heard() => {}
        }
    }

    /// The same, but not before `soonest`, however often it is announced.
    pub async fn wait_between(&mut self, soonest: Instant, deadline: Instant) {
        self.wait(deadline).await;
        sleep_until(soonest).await;
    }
}

/// On a connection of its own: a listener that is given up says goodbye first, which on a dead one lasts for ever, and
/// would take a place of the shared ones along.
async fn listen(db: &PgPool, channel: &str) -> Result<PgListener, StorageError> {
    let options = PgPoolOptions::new().max_connections(1).acquire_timeout(LISTEN_LIMIT);
    let alone = options.max_lifetime(None).idle_timeout(None);
    let alone = alone.connect_lazy_with((*db.connect_options()).clone());
    let mut listener = PgListener::connect_with(&alone).await?;
    listener.listen(channel).await?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database;
    use crate::test_relay::Relay;

    const SOON: Duration = Duration::from_secs(10);

    async fn announce(db: &PgPool) {
        sqlx::query("select pg_notify('test', '')").execute(db).await.unwrap();
    }

    #[sqlx::test]
    async fn announcements_that_have_gone_silent_are_heard_again(db: PgPool) {
        let relay = Relay::before(&db).await;
        let pool = database::pool(relay.options());
        let mut wake = Wake::on(&pool, "test");
        wake.prepare().await;
        announce(&db).await;
        timeout(SOON, wake.heard()).await.unwrap();

        relay.silence();
        announce(&db).await;
        // The moment of the next question, and of the next try.
        (wake.next_question, wake.next_try) = (Instant::now(), Instant::now());
        timeout(SOON, wake.prepare()).await.unwrap();
        announce(&db).await;
        timeout(SOON, wake.heard()).await.unwrap();
        timeout(SOON, pool.close()).await.unwrap();
    }

    #[sqlx::test]
    async fn a_question_in_between_loses_no_announcement(db: PgPool) {
        let mut wake = Wake::on(&db, "test");
        wake.prepare().await;
        announce(&db).await;
        wake.next_question = Instant::now();
        wake.prepare().await;
        timeout(SOON, wake.heard()).await.unwrap();
    }
}
