//! From the queue to `lead_nudges`, on every replica; and from where events go that found no queue, because
//! somebody deleted it or has not declared it yet. What nobody could read goes to a table of its own (`parked.rs`).
//!
//! A message is acknowledged once its nudge is committed, or once it is safe among the dead ones. Whatever
//! else happens it comes again, which does no harm: nudges merge.
//!
//! Nothing is consumed while the database is away: what is given back too often the broker takes for deadly.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use shared::broker::{BrokerError, BrokerState, Supervisor};
use shared::events::{DecodeError, LeadEvent};
use shared::topology::{LEAD_EVENTS, UNROUTABLE};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::domain::failures::ParkedKind;
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::{self, Cause, StorageError, heard};

mod parked;
mod session;

/// So long a batch is tried while the database is away; after half an hour the broker would take it back.
const PATIENCE: Duration = Duration::from_mins(15);
/// How the reasons begin that are given to messages which are no events.
const NOT_AN_EVENT: &str = "not a lead event";
const NEWER: &str = "the message has version";

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its nudge is committed.
    Done,
    /// The database is away or busy: to be tried again.
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
            let events = [LEAD_EVENTS, UNROUTABLE];
            consume(&app, connection, events, ParkedKind::ALL, PATIENCE, &stop).await
        };
        self.supervisor.run(&shutdown, session).await;
    }
}

/// Consumes all queues on one connection. Where one of them ends, the session does: a new one consumes all again.
///
/// Nothing is taken from the broker while the database is away: each message that is given back comes nearer to the
/// limit of its deliveries.
async fn consume(
    app: &App,
    connection: &lapin::Connection,
    [first, second]: [&str; 2],
    parked: &[ParkedKind],
    patience: Duration,
    stop: &CancellationToken,
) -> Result<(), BrokerError> {
    let over = stop.child_token();
    tokio::select! {
        () = over.cancelled() => return Ok(()),
        () = until_database_is_there(app) => {}
    }
    let one = async |queue| {
        let _ends_the_others = over.clone().drop_guard();
        session::run(app, connection, queue, patience, &over).await
    };
    let park = async |kind: &ParkedKind| {
        let _ends_the_others = over.clone().drop_guard();
        parked::run(app, connection, *kind, &over).await
    };
    let parking = try_join_all(parked.iter().map(park));
    tokio::try_join!(one(first), one(second), parking).map(|_| ())
}

async fn until_database_is_there(app: &App) {
    let asked = async || storage::takes_changes(&mut *app.db.acquire().await?).await;
    for tries in 0.. {
        if matches!(heard(asked()).await, Ok(true)) {
            return;
        }
        sleep(pause(tries)).await;
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
            (Ok(_), Err(error)) if error.cause() == Cause::Away => Verdict::Wait,
            // The fault, perhaps a lock that somebody holds, is of one of them; the others must not share its end.
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
        Err(error) if error.cause() != Cause::Own => Verdict::Wait,
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
                "{NOT_AN_EVENT}: {:?} at line {}, column {}",
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
    let storing = async {
        let mut transaction = app.db.begin().await?;
        lead_nudges::upsert(&mut transaction, &nudges, app.now()).await?;
        transaction.commit().await?;
        Ok(())
    };
    heard(storing).await
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
