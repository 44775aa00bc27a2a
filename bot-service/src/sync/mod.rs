//! From nudges to decided deals, on the leader: the only place that calls AmoCRM.
//!
//! ```text
//! nudges.rs    wakes, and works until nothing is due
//! round.rs     due nudges → AmoCRM in batches → one plan for each deal
//! answer.rs    what AmoCRM said of them, and each deal taken in by it
//! contacts.rs  the contacts of those deals
//! companies.rs their companies, which may be dealers
//! missing.rs   deals that an answer lacks
//! lag.rs       an answer that is older than the deal's hook
//! apply.rs     one deal, one transaction
//! trouble.rs   what a deal's failure is to people
//! away.rs      AmoCRM cannot be asked, or does not answer: deals are taken from their hooks, or wait
//! gateway.rs   the budget of the account and its pauses, kept for the next leader
//! directory.rs mirrors the account's small lists
//! reconcile/   what no hook told: AmoCRM's journal and its deals compared with what we know
//! webhook/     keeps AmoCRM subscribed to us
//! ```

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::leader::Fence;

mod answer;
mod apply;
mod away;
mod companies;
mod contacts;
mod directory;
mod gateway;
mod lag;
mod missing;
mod nudges;
mod reconcile;
mod round;
mod trouble;
mod webhook;

use gateway::Gateway;

/// The loops' names to those who watch over the leader's loops.
const LOOP: &str = "sync";
const DIRECTORY_LOOP: &str = "directory";
const RECONCILE_LOOP: &str = "reconciliation";
const WEBHOOK_LOOP: &str = "webhook";
const PAUSE: Duration = Duration::from_secs(1);

/// Syncs until `over`, the end of leadership.
pub async fn run(app: App, fence: Fence, over: CancellationToken) {
    let Some(gateway) = open(&app, &fence, &over).await else { return };
    let syncer = Syncer { app, gateway, fence, over, mirrored: Notify::new() };
    tokio::join!(
        nudges::run(&syncer),
        directory::run(&syncer),
        reconcile::run(&syncer),
        webhook::run(&syncer)
    );
    if let Some(gateway) = &syncer.gateway {
        gateway.finish().await;
    }
}

/// What the loops work with.
struct Syncer {
    app: App,
    /// None where no token is configured: deals then live by their hooks.
    gateway: Option<Gateway>,
    fence: Fence,
    over: CancellationToken,
    /// The account's lists have been read.
    mirrored: Notify,
}

/// Tries until it works: `None` if asked to stop before that.
async fn open(app: &App, fence: &Fence, over: &CancellationToken) -> Option<Option<Gateway>> {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        match Gateway::open(app, fence, over).await {
            Ok(gateway) => return Some(gateway),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "Cannot begin to sync yet"),
        }
        tokio::select! {
            () = over.cancelled() => {}
            () = sleep(PAUSE) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
