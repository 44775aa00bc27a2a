//! What ingest-service does with the body of a webhook, once it is known to come from AmoCRM.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use shared::clock::Clock;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::account::Account;
use crate::config::Config;
use crate::events::{self, Reading, Skipped};
use crate::flaw::Flaw;
use crate::form;
use crate::metrics::Metrics;
use crate::publisher::{Message, Publisher};
use crate::rejection::Rejection;
use crate::secret::Gate;
use crate::spool::{self, Spool};

/// How many bodies are worked on at once; each takes at most a megabyte and two seconds.
const PLACES: usize = 128;

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
    /// None where `SPOOL_DIR` is empty.
    pub spool: Option<Arc<Spool>>,
    /// The broker has let a message wait past its time, and has said nothing since.
    pub is_silent: AtomicBool,
    account: Account,
    pub clock: Clock,
}

impl Ingest {
    pub fn new(config: &Config) -> Self {
        let metrics = Metrics::new();
        let spool = Spool::new(&config.spool).map(Arc::new);
        if spool.is_some() {
            spool::describe(&metrics);
        }
        Self {
            gate: Gate::new(&config.secrets),
            places: Semaphore::new(PLACES),
            tasks: TaskTracker::new(),
            metrics,
            publisher: Arc::new(Publisher::new(config.broker.clone())),
            spool,
            is_silent: AtomicBool::new(false),
            account: config.account.clone(),
            clock: Clock::system(),
        }
    }

    /// Brings everything a body says into the broker or else to the disk, or the body itself where it cannot
    /// be read.
    ///
    /// # Errors
    ///
    /// If the body is another account's, or neither has taken all of it in time. Then a part of it may be
    /// published all the same, and will be once more when the sender tries again.
    pub async fn keep(
        &self,
        body: Vec<u8>,
        content_type: Option<String>,
        deadline: Instant,
    ) -> Result<Accepted, Rejection> {
        let now = self.clock.now();
        let Understood { mut messages, skipped, flaws, partial } =
            self.understand(content_type.as_deref(), &body, now)?;
        if partial {
            messages.push(Message::unreadable(body, content_type.as_deref(), flaws.clone(), now));
        }
        let count = messages.len();
        let spooled = self.secure(messages, now, deadline).await?;
        let skipped = skipped.total();
        // Of a usual webhook there is nothing but its messages to tell.
        tracing::info!(
            messages = count,
            spooled = (spooled > 0).then_some(spooled),
            skipped = (skipped > 0).then_some(skipped),
            flaws = (!flaws.is_empty()).then_some(flaws),
            "Accepted a webhook"
        );
        Ok(if partial { Accepted::Partial } else { Accepted::Whole })
    }

    /// Reads a body. Apart from [`Self::keep`], because what is read borrows from the body.
    fn understand(
        &self,
        content_type: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Understood, Rejection> {
        let form = form::read(content_type, body);
        if !self.account.accepts(&form.root) {
            return Err(Rejection::OtherAccount);
        }
        let reading = events::read(&form);
        self.count(&reading);
        let (flaws, skipped, partial) = (Flaw::list(&reading.flaws), reading.skipped, reading.is_partial());
        let events = reading.found.into_iter().map(|found| found.into_event(now));
        let messages = events.map(|event| {
            tracing::debug!(event = %event.id, subject = ?event.subject, "Read an event");
            Message::event(&event)
        });
        Ok(Understood { messages: messages.collect(), skipped, flaws, partial })
    }

    fn count(&self, reading: &Reading<'_>) {
        self.metrics.skipped(reading.skipped);
        for flaw in &reading.flaws {
            self.metrics.unreadable(*flaw);
        }
    }
}

/// What a body says, ready for the queue.
struct Understood {
    messages: Vec<Message>,
    skipped: Skipped,
    flaws: String,
    partial: bool,
}
