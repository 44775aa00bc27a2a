//! Waiting for work that is announced in the database, with a poll as the net: an announcement may be lost.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::{Instant, sleep_until, timeout};

const LISTEN_LIMIT: Duration = Duration::from_secs(5);
const BETWEEN_TRIES: Duration = Duration::from_secs(10);

/// Listens on one channel. Without a connection to listen on, it hears nothing, and whoever waits polls.
pub struct Wake {
    db: PgPool,
    channel: &'static str,
    listener: Option<PgListener>,
    next_try: Instant,
}

impl Wake {
    pub fn on(db: &PgPool, channel: &'static str) -> Self {
        Self { db: db.clone(), channel, listener: None, next_try: Instant::now() }
    }

    /// Starts to listen, where it does not yet. What is announced from now on is heard.
    pub async fn prepare(&mut self) {
        if self.listener.is_some() || Instant::now() < self.next_try {
            return;
        }
        self.next_try = Instant::now() + BETWEEN_TRIES;
        let listening = async {
            let mut listener = PgListener::connect_with(&self.db).await?;
            listener.listen(self.channel).await?;
            Ok::<_, sqlx::Error>(listener)
        };
        match timeout(LISTEN_LIMIT, listening).await {
            Ok(Ok(listener)) => self.listener = Some(listener),
            Ok(Err(error)) => tracing::warn!(%error, channel = self.channel, "Cannot listen; polling"),
            Err(_) => tracing::warn!(channel = self.channel, "Cannot listen in time; polling"),
        }
    }

    /// Returns when something was announced, however often. Never returns where nothing listens.
    pub async fn heard(&mut self) {
        let Some(listener) = &mut self.listener else { return std::future::pending().await };
        let heard = listener.recv().await;
        // One look answers all that was announced so far.
        while listener.next_buffered().is_some() {}
        if let Err(error) = heard {
            tracing::warn!(%error, channel = self.channel, "Lost the announcements; polling");
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
}
