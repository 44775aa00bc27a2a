//! Being woken by PostgreSQL when something was put into the outbox.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::{Instant, timeout};
use tracing::warn;

use crate::storage::outbox::CHANNEL;

const PATIENCE: Duration = Duration::from_secs(3);
const BETWEEN_TRIES: Duration = Duration::from_secs(10);

/// A listening connection that may be missing: without it the sender looks once a second.
pub struct Bell {
    db: PgPool,
    listener: Option<PgListener>,
    next_try: Instant,
}

impl Bell {
    pub fn new(db: PgPool) -> Self {
        Self { db, listener: None, next_try: Instant::now() }
    }

    /// Listens, if it does not already and the last try is some time ago.
    pub async fn hang(&mut self) {
        if self.listener.is_some() || Instant::now() < self.next_try {
            return;
        }
        self.next_try = Instant::now() + BETWEEN_TRIES;
        match timeout(PATIENCE, listen(&self.db)).await {
            Ok(Ok(listener)) => self.listener = Some(listener),
            Ok(Err(error)) => {
                warn!(error = &error as &dyn std::error::Error, "Cannot listen for new messages");
            }
            Err(_) => warn!("Listening for new messages took too long"),
        }
    }

    /// Returns when something was announced, however often. Never returns where nothing listens.
    pub async fn rung(&mut self) {
        let Some(listener) = &mut self.listener else { return std::future::pending().await };
        match listener.recv().await {
            Ok(_) => while listener.next_buffered().is_some() {},
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "Stopped listening for new messages");
                self.listener = None;
            }
        }
    }
}

async fn listen(db: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(db).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
