//! How messages come to lie on a disk before AmoCRM is answered: the broker's, or else our own.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use crate::ingest::Ingest;
use crate::publisher::{Message, PublishError};
use crate::rejection::Rejection;
use crate::spool;

/// The broker has this long to confirm everything that a body says.
const PUBLISH_WITHIN: Duration = Duration::from_millis(1500);
/// With a spool it has less, so that the disk has the rest of the sender's patience.
const PUBLISH_WITHIN_BEFORE_SPOOL: Duration = Duration::from_secs(1);
const SPOOL_WITHIN: Duration = Duration::from_millis(700);
/// How many messages of one body are under way at once.
const WIDTH: usize = 32;

impl Ingest {
    /// Returns how many of the messages wait on the disk.
    ///
    /// # Errors
    ///
    /// If neither disk has taken all of them in time.
    pub async fn secure(
        &self,
        messages: Vec<Message>,
        now: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<usize, Rejection> {
        let count = messages.len();
        let messages: Vec<_> = messages.into_iter().map(Arc::new).collect();
        let (left, why) = if self.is_broker_silent() {
            (messages, None)
        } else {
            self.publish_all(messages, self.publish_by(deadline)).await
        };
        let (failed, broker) = (left.len(), why.as_ref().map_or("silent", PublishError::as_str));
        if left.is_empty() {
            return Ok(0);
        }
        let Some(spool) = &self.spool else {
            let error = why.as_ref().map(|error| error as &dyn Error);
            tracing::error!(error, failed, of = count, "A webhook is not safe");
            return Err(Rejection::NowhereSafe);
        };
        spool.keep(left, now, deadline).await.map_err(|error| {
            spool::refused(&self.metrics, error);
            let error: &dyn Error = &error;
            tracing::error!(error, broker, failed, of = count, "A webhook is not safe");
            Rejection::NowhereSafe
        })?;
        Ok(failed)
    }

    /// Returns what is not published, and why the first of it is not. Every message gets its chance, even after
    /// one has failed: a publish that is broken off would cost its channel.
    async fn publish_all(
        &self,
        messages: Vec<Arc<Message>>,
        deadline: Instant,
    ) -> (Vec<Arc<Message>>, Option<PublishError>) {
        let publishing: Vec<_> = messages
            .into_iter()
            .map(async |message| (message.clone(), self.publish(message, deadline).await))
            .collect();
        let outcomes: Vec<_> = stream::iter(publishing).buffer_unordered(WIDTH).collect().await;
        let failed = outcomes.into_iter().filter_map(|(message, outcome)| Some((message, outcome.err()?)));
        let (left, errors): (Vec<_>, Vec<_>) = failed.unzip();
        (left, errors.into_iter().next())
    }

    /// Publishes one message, and keeps in mind whether the broker says anything.
    pub async fn publish(&self, message: Arc<Message>, deadline: Instant) -> Result<(), PublishError> {
        let started = Instant::now();
        let result = self.publisher.publish(message.clone(), deadline).await;
        let outcome = result.as_ref().err().map_or("confirmed", PublishError::as_str);
        self.metrics.published(outcome, started.elapsed());
        if let (Ok(()), Some(kind)) = (&result, message.event_kind()) {
            self.metrics.event(kind);
        }
        match &result {
            Err(PublishError::Silent | PublishError::Busy) => self.is_silent.store(true, Ordering::Relaxed),
            Err(PublishError::Away | PublishError::Blocked) => {}
            _ => self.is_silent.store(false, Ordering::Relaxed),
        }
        result
    }

    /// While the broker says nothing, webhooks would wait for it in vain, and soon there were no places for
    /// more. So they go to the disk at once, and what waits there asks the broker, a batch at a time, until it
    /// answers.
    fn is_broker_silent(&self) -> bool {
        self.is_silent.load(Ordering::Relaxed) && self.spool.as_ref().is_some_and(|spool| !spool.is_empty())
    }

    fn publish_by(&self, deadline: Instant) -> Instant {
        let now = Instant::now();
        if self.spool.is_none() {
            return deadline.min(now + PUBLISH_WITHIN);
        }
        (now + PUBLISH_WITHIN_BEFORE_SPOOL).min(deadline.checked_sub(SPOOL_WITHIN).unwrap_or(now))
    }

    /// Brings what the metrics tell of the spool up to this moment.
    pub fn show_spool(&self) {
        if let Some(spool) = &self.spool {
            spool::show(&self.metrics, &spool.report(), self.clock.now());
        }
    }
}
