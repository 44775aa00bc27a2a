//! From the queue to `lead_nudges`, on every replica; and from where events go that found no queue, because
//! somebody deleted it or has not declared it yet.
//!
//! A message is acknowledged once its nudge is committed, or once it is safe among the dead ones. Whatever
//! else happens it comes again, which does no harm: nudges merge.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use shared::broker::{BrokerState, Supervisor};
use shared::events::{DecodeError, LeadEvent};
use shared::topology::{LEAD_EVENTS, UNROUTABLE};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::storage::StorageError;
use crate::storage::lead_nudges::{self, Nudges};

mod session;

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its nudge is committed.
    Done,
    /// The database is away: to be tried again.
    Wait,
    /// It will never work: to be put among the dead, with the reason.
    Bury(String),
}

impl Verdict {
    /// The outcome in metrics.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "nudged",
            Self::Wait => "waiting",
            Self::Bury(_) => "buried",
        }
    }
}

/// The consumer of this process, and what it knows of the broker.
#[derive(Debug)]
pub struct Consumer {
    supervisor: Supervisor,
}

impl Consumer {
    pub fn new(app: &App) -> Self {
        Self { supervisor: Supervisor::new(app.config.broker.clone(), "bot-service") }
    }

    pub fn state(&self) -> watch::Receiver<BrokerState> {
        self.supervisor.state()
    }

    /// Consumes until `shutdown`, whatever happens to the broker and the database.
    pub async fn run(self: Arc<Self>, app: App, shutdown: CancellationToken) {
        let stop = shutdown.clone();
        let session = async move |connection: &lapin::Connection| {
            let consume = |queue| session::run(&app, connection, queue, &stop);
            tokio::try_join!(consume(LEAD_EVENTS), consume(UNROUTABLE)).map(|((), ())| ())
        };
        self.supervisor.run(&shutdown, session).await;
    }
}

/// Turns one batch of messages into nudges. Never fails: every message ends here as a verdict, in its place.
pub async fn step(app: &App, batch: &[&[u8]]) -> Vec<Verdict> {
    let read: Vec<_> = batch.iter().map(|body| LeadEvent::decode(body)).collect();
    let events: Vec<&LeadEvent> = read.iter().flatten().collect();
    let stored = store(app, &events).await;
    let mut verdicts = Vec::with_capacity(batch.len());
    for message in &read {
        let verdict = match (message, &stored) {
            (Err(error), _) => bury(error),
            (Ok(_), Ok(())) => Verdict::Done,
            (Ok(_), Err(error)) if error.is_transient() => Verdict::Wait,
            // The fault is of one of them; the others must not share its end.
            (Ok(event), Err(_)) => alone(app, event).await,
        };
        metrics::counter!("bot_lead_events_total", "outcome" => verdict.as_str()).increment(1);
        verdicts.push(verdict);
    }
    if let Err(error) = &stored {
        tracing::warn!(
            error = error as &dyn Error,
            messages = events.len(),
            "A batch of events was not stored"
        );
    }
    verdicts
}

async fn alone(app: &App, event: &LeadEvent) -> Verdict {
    match store(app, &[event]).await {
        Ok(()) => Verdict::Done,
        Err(error) if error.is_transient() => Verdict::Wait,
        Err(error) => {
            tracing::error!(error = &error as &dyn Error, event = %event.id, "Burying an event that cannot be stored");
            Verdict::Bury(reason(&error))
        }
    }
}

fn bury(error: &DecodeError) -> Verdict {
    // Where the JSON went wrong, without quoting it: it may hold a name or a phone.
    let reason = match error {
        DecodeError::Malformed(error) => {
            format!(
                "not a lead event: {:?} at line {}, column {}",
                error.classify(),
                error.line(),
                error.column()
            )
        }
        DecodeError::FromTheFuture(_) => error.to_string(),
    };
    tracing::error!(reason, "Burying a message that is not a lead event");
    Verdict::Bury(reason)
}

async fn store(app: &App, events: &[&LeadEvent]) -> Result<(), StorageError> {
    if events.is_empty() {
        return Ok(());
    }
    let nudges = Nudges::merge(events.iter().copied());
    let mut transaction = app.db.begin().await?;
    lead_nudges::upsert(&mut transaction, &nudges, app.now()).await?;
    transaction.commit().await?;
    Ok(())
}

/// The error with its causes, in one line.
fn reason(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// How long to wait before a batch is tried again, by the number of tries so far.
fn pause(tries: u32) -> Duration {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(10);
    (FIRST * 2_u32.pow(tries.min(10))).min(LONGEST)
}

#[cfg(test)]
mod tests;
