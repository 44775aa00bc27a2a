//! Admins hear of what is stuck: of messages that nobody could read at most once an hour, of deals that could not be
//! read for an hour once for each outage. What was told is kept in the transaction that tells it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::actions::alerts;
use crate::actions::views::{Alert, ParkedCount};
use crate::app::App;
use crate::domain::failures::{LINGERS_FOR, OUTAGE, Outage, OutageNews, ParkedKind, TOLD_AFTER, WhyParked};
use crate::leader::Fence;
use crate::storage::{lead_nudges, parked_messages, settings};

const LOOP: &str = "failures";
const EVERY: Duration = Duration::from_secs(15);
const PARKED_TOLD_EVERY: TimeDelta = TimeDelta::hours(1);
/// Holds when admins were last told of parked messages.
const PARKED_TOLD: &str = "parked_messages_told";

/// Looks again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        for told in [tell_parked(app, fence).await, tell_stuck(app, fence).await] {
            if let Err(error) = told {
                tracing::warn!(error = format!("{error:#}"), "Could not look at what is stuck");
            }
        }
        fence.rest(LOOP, sleep(EVERY), over).await;
    }
}

/// What came since the last time is told together, an hour after that at the earliest.
pub async fn tell_parked(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let now = app.now();
    let mut transaction = app.db.begin().await?;
    let told: Option<DateTime<Utc>> = settings::find(&mut transaction, PARKED_TOLD).await?;
    if told.is_some_and(|told| now - told < PARKED_TOLD_EVERY) {
        return Ok(());
    }
    let untold = parked_messages::take_untold(&mut transaction, now).await?;
    if untold.is_empty() {
        return Ok(());
    }
    let kinds = by_kind(&untold);
    alerts::tell_office(&mut transaction, &Alert::MessagesParked { kinds }, now).await?;
    settings::save(&mut transaction, PARKED_TOLD, &now, now).await?;
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

/// `counted` has the most frequent first.
fn by_kind(counted: &[(ParkedKind, WhyParked, i64)]) -> Vec<ParkedCount> {
    let of = |kind: &ParkedKind| {
        let mut rows = counted.iter().filter(|row| row.0 == *kind).peekable();
        let why = rows.peek()?.1;
        Some(ParkedCount { kind: *kind, count: rows.map(|row| row.2).sum(), why })
    };
    ParkedKind::ALL.iter().filter_map(of).collect()
}

pub async fn tell_stuck(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let now = app.now();
    let mut transaction = app.db.begin().await?;
    let mut outage: Outage = settings::find(&mut transaction, OUTAGE).await?.unwrap_or_default();
    let stuck = lead_nudges::count_by_reason(&mut transaction, now - TOLD_AFTER).await?;
    let lingering = lead_nudges::count_by_reason(&mut transaction, now - LINGERS_FOR).await?;
    let Some(news) = outage.look(&stuck, lingering.values().sum()) else { return Ok(()) };
    let alert = match news {
        OutageNews::Begun { deals, why } => Alert::DealsStuck { deals, why },
        OutageNews::Over => Alert::DealsUnstuck,
    };
    alerts::tell_office(&mut transaction, &alert, now).await?;
    settings::save(&mut transaction, OUTAGE, &outage, now).await?;
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests;
