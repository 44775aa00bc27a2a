//! Everything that goes out to Telegram. Runs on the leader alone, because the budget of sending is the bot's.
//!
//! A message takes three steps: *prepare* decides in a transaction whether it is still true and what it says, and
//! records the attempt; the call is made outside of any transaction; *settle* records in another one what became
//! of it. A process that dies in between leaves an attempt without an outcome, and the message is sent once more.
//! A card that has a message is redrawn from the state of that moment until it shows the version that is wanted.

mod albums;
mod backoff;
mod call;
mod desk;
mod draft;
mod flood;
mod letter;
mod redraw;
pub mod rights;
mod settle;
mod verdict;

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::leader::Fence;
use crate::storage::outbox::CHANNEL;
use crate::wake::Wake;
pub use desk::Desk;

/// How long nothing may be noticed where a notification was lost.
const NET: Duration = Duration::from_secs(1);
/// Calls that are under way at a stop may still come back so long.
const LAST_CALLS: Duration = Duration::from_secs(3);

/// Sends until leadership is over.
pub async fn run(app: App, fence: Fence, over: CancellationToken) {
    let mut wake = Wake::on(&app.db, CHANNEL);
    let mut desk = Desk::new(app.clone(), fence.clone());
    while !over.is_cancelled() {
        fence.progressed("outbox");
        wake.prepare().await;
        let wake_at = desk.start_ready().await;
        tokio::select! {
            () = over.cancelled() => break,
            report = desk.next_report() => desk.take(report).await,
            () = wake.heard() => {}
            () = tokio::time::sleep(pause_until(wake_at, app.now())) => {}
        }
    }
    if tokio::time::timeout(LAST_CALLS, desk.finish()).await.is_err() {
        tracing::warn!("Calls to Telegram were still under way at the end; their messages may come twice");
    }
}

fn pause_until(wake_at: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (wake_at - now).to_std().unwrap_or(Duration::ZERO).min(NET)
}

#[cfg(test)]
mod tests;
