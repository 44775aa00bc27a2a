//! Waiting for work that is announced, with a poll as the net: an announcement may be lost.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::{Instant, sleep_until, timeout};

const LISTEN_LIMIT: Duration = Duration::from_secs(5);

/// Listens on one channel. Without a connection to listen on, it only polls.
pub struct Wake {
    db: PgPool,
    channel: &'static str,
    listener: Option<PgListener>,
}

impl Wake {
    pub fn on(db: &PgPool, channel: &'static str) -> Self {
        Self { db: db.clone(), channel, listener: None }
    }

    /// Starts to listen, where it does not yet. What is announced from now on wakes the next wait.
    pub async fn prepare(&mut self) {
        if self.listener.is_none() {
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
    }

    /// Waits for an announcement, at most until `deadline`.
    pub async fn wait(&mut self, deadline: Instant) {
        let Some(listener) = &mut self.listener else {
            sleep_until(deadline).await;
            return;
        };
        tokio::select! {
            () = sleep_until(deadline) => {}
            heard = listener.recv() => {
                // One look answers all that was announced so far.
                while listener.next_buffered().is_some() {}
                if let Err(error) = heard {
                    tracing::warn!(%error, channel = self.channel, "Lost the announcements; polling");
                    self.listener = None;
                }
            }
        }
    }
}
