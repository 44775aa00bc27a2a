//! What ingest-service does with the body of a webhook, once it is known to come from AmoCRM.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use shared::clock::Clock;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::account::Account;
use crate::config::Config;
use crate::events::{self, Reading};
use crate::flaw::Flaw;
use crate::form;
use crate::metrics::Metrics;
use crate::publisher::{Message, PublishError, Publisher};
use crate::rejection::Rejection;
use crate::secret::Gate;

/// How many bodies are worked on at once; each takes at most a megabyte and two seconds.
const PLACES: usize = 128;
/// The broker has this long to confirm everything that a body says.
const PUBLISH_WITHIN: Duration = Duration::from_millis(1500);
/// How many messages of one body are under way at once.
const WIDTH: usize = 32;

/// How a body was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// A probe without content.
    Empty,
    Whole,
    /// Kept raw, and published as far as it was understood.
    Partial,
}

impl Accepted {
    pub const ALL: [Self; 3] = [Self::Empty, Self::Whole, Self::Partial];

    /// The outcome in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Whole => "accepted",
            Self::Partial => "unreadable",
        }
    }
}

/// Everything that outlives a request.
#[derive(Debug)]
pub struct Ingest {
    pub gate: Gate,
    pub places: Semaphore,
    /// The work that a stopping process waits for.
    pub tasks: TaskTracker,
    pub metrics: Metrics,
    pub publisher: Arc<Publisher>,
    account: Account,
    clock: Clock,
}

impl Ingest {
    pub fn new(config: &Config) -> Self {
        Self {
            gate: Gate::new(&config.secrets),
            places: Semaphore::new(PLACES),
            tasks: TaskTracker::new(),
            metrics: Metrics::new(),
            publisher: Arc::new(Publisher::new(config.broker.clone())),
            account: config.account.clone(),
            clock: Clock::system(),
        }
    }

    /// Brings everything a body says into the broker, or the body itself where it cannot be read.
    ///
    /// # Errors
    ///
    /// If the body is another account's, or the broker has not confirmed all of it in time. Then a part
    /// of it may be published all the same, and will be once more when the sender tries again.
    pub async fn keep(
        &self,
        body: Vec<u8>,
        content_type: Option<String>,
        deadline: Instant,
    ) -> Result<Accepted, Rejection> {
        let form = form::read(content_type.as_deref(), &body);
        if !self.account.accepts(&form.root) {
            return Err(Rejection::OtherAccount);
        }
        let reading = events::read(&form);
        let (flaws, skipped, partial) = (Flaw::list(&reading.flaws), reading.skipped, reading.is_partial());
        self.count(&reading);

        let now = self.clock.now();
        let mut messages = messages(reading, now);
        if partial {
            messages.push(Message::unreadable(body, content_type.as_deref(), flaws.clone(), now));
        }
        let count = messages.len();
        self.publish_all(messages, deadline.min(Instant::now() + PUBLISH_WITHIN)).await?;
        tracing::info!(messages = count, skipped = skipped.total(), flaws, "Accepted a webhook");
        Ok(if partial { Accepted::Partial } else { Accepted::Whole })
    }

    /// Every message gets its chance, even after one has failed: a publish that is broken off would cost
    /// its channel.
    async fn publish_all(&self, messages: Vec<Message>, deadline: Instant) -> Result<(), Rejection> {
        let count = messages.len();
        let publishing: Vec<_> =
            messages.into_iter().map(|message| self.publish(message, deadline)).collect();
        let outcomes: Vec<_> = stream::iter(publishing).buffer_unordered(WIDTH).collect().await;
        let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
        let Some(first) = failures.first() else { return Ok(()) };
        let error: &dyn std::error::Error = first;
        tracing::error!(error, failed = failures.len(), of = count, "A webhook is not safe");
        Err(Rejection::NowhereSafe)
    }

    async fn publish(&self, message: Message, deadline: Instant) -> Result<(), PublishError> {
        let (started, kind) = (Instant::now(), message.event_kind());
        let result = self.publisher.publish(message, deadline).await;
        let outcome = result.as_ref().err().map_or("confirmed", PublishError::as_str);
        self.metrics.published(outcome, started.elapsed());
        if let (Ok(()), Some(kind)) = (&result, kind) {
            self.metrics.event(kind);
        }
        result
    }

    fn count(&self, reading: &Reading) {
        self.metrics.skipped(reading.skipped);
        for flaw in &reading.flaws {
            self.metrics.unreadable(*flaw);
        }
    }
}

fn messages(reading: Reading, now: DateTime<Utc>) -> Vec<Message> {
    let events = reading.found.into_iter().map(|found| found.into_event(now));
    events
        .map(|event| {
            tracing::debug!(event = %event.id, subject = ?event.subject, "Read an event");
            Message::event(&event)
        })
        .collect()
}
