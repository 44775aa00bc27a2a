//! From the queues of what nobody could read to `parked_messages`, on every replica.
//!
//! The broker keeps such messages first, because it is there when the database is not. But it can show a queue only by
//! taking messages out of it, so lists, pages and buttons read a table, and the queues are empty while all is well.
//! Whichever replica takes a message stores it; the same message twice is one row.
//!
//! One message at a time: they are rare, and none may hold up another. What cannot be stored stays unacknowledged,
//! for the broker to give out again.

use std::error::Error;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use lapin::Connection;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicCancelOptions};
use lapin::types::{AMQPValue, FieldTable};
use shared::broker::BrokerError;
use shared::topology::{LEAD_EVENTS_DEAD, REASON_HEADER, UNREADABLE};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::session::{delivery, limited, subscribe};
use super::{NEWER, NOT_AN_EVENT, PATIENCE, pause};
use crate::app::App;
use crate::domain::failures::{ParkedKind, WhyParked};
use crate::storage::parked_messages::{self, Arrival};
use crate::storage::{Cause, StorageError, heard};

const TAG: &str = "bot-service-parked";
/// Bodies of webhooks have up to a megabyte.
const PREFETCH: u16 = 16;

/// Consumes the queue of one kind until `shutdown`, or until the session is no longer good.
pub async fn run(
    app: &App,
    connection: &Connection,
    kind: ParkedKind,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let queue = match kind {
        ParkedKind::Event => LEAD_EVENTS_DEAD,
        ParkedKind::Webhook => UNREADABLE,
    };
    run_on(app, connection, queue, kind, shutdown).await
}

pub(super) async fn run_on(
    app: &App,
    connection: &Connection,
    queue: &str,
    kind: ParkedKind,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let (channel, mut consumer) = subscribe(connection, queue, TAG, PREFETCH).await?;
    loop {
        let next = tokio::select! {
            () = shutdown.cancelled() => break,
            next = consumer.next() => delivery(next)?,
        };
        match keep(app, &arrival(kind, &next, app.now()), shutdown).await {
            Kept::Yes => limited("ack", next.acker.ack(BasicAckOptions::default())).await.map(|_| ())?,
            Kept::Never => {}
            Kept::NotNow => break,
        }
    }
    limited("cancel", channel.basic_cancel(TAG.into(), BasicCancelOptions::default())).await
}

enum Kept {
    Yes,
    /// It stays with the broker; others are not held up.
    Never,
    NotNow,
}

/// Stores a message, however long the database is away.
async fn keep(app: &App, arrival: &Arrival, shutdown: &CancellationToken) -> Kept {
    let deadline = Instant::now() + PATIENCE;
    for tries in 0.. {
        let error = match heard(store(app, arrival)).await {
            Ok(is_new) => {
                if is_new {
                    count(arrival);
                }
                return Kept::Yes;
            }
            Err(error) => error,
        };
        if error.cause() == Cause::Own {
            tracing::error!(error = &error as &dyn Error, "A message that nobody could read cannot be kept");
            return Kept::Never;
        }
        if Instant::now() >= deadline {
            break;
        }
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = sleep(pause(tries)) => {}
        }
    }
    Kept::NotNow
}

async fn store(app: &App, arrival: &Arrival) -> Result<bool, StorageError> {
    let mut transaction = app.db.begin().await?;
    let is_new = parked_messages::park(&mut transaction, arrival, app.now()).await?;
    transaction.commit().await?;
    Ok(is_new)
}

fn count(arrival: &Arrival) {
    let (kind, why) = (arrival.kind.as_str(), arrival.why.as_str());
    tracing::warn!(kind, why, bytes = arrival.body.len(), "Parked a message that nobody could read");
    metrics::counter!("bot_parked_total", "kind" => kind).increment(1);
}

fn arrival(kind: ParkedKind, delivery: &Delivery, now: DateTime<Utc>) -> Arrival {
    let properties = &delivery.properties;
    let headers = properties.headers().clone().unwrap_or_default();
    let reason = text(&headers, REASON_HEADER);
    let why = match (&reason, kind) {
        (Some(reason), ParkedKind::Event) => of_event(reason),
        (Some(flaws), ParkedKind::Webhook) => WhyParked::of_flaws(flaws),
        (None, _) if headers.inner().contains_key("x-death") => WhyParked::Returned,
        (None, _) => WhyParked::Unknown,
    };
    let sent_at = properties.timestamp().and_then(|seconds| i64::try_from(seconds).ok());
    Arrival {
        kind,
        message_id: properties.message_id().as_ref().map(ToString::to_string),
        content_type: properties.content_type().as_ref().map(ToString::to_string),
        why,
        reason: reason.unwrap_or_default(),
        body: delivery.data.clone(),
        received_at: sent_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or(now),
    }
}

/// By how the reasons begin that we give ourselves.
fn of_event(reason: &str) -> WhyParked {
    if reason.starts_with(NOT_AN_EVENT) {
        WhyParked::NotAnEvent
    } else if reason.starts_with(NEWER) {
        WhyParked::Newer
    } else {
        WhyParked::NotStored
    }
}

fn text(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}
