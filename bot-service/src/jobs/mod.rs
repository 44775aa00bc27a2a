//! Work by the clock, on the leader. Every job may be run twice, or be killed anywhere.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::leader::Fence;
use crate::storage::{outbox, parked_messages, searches, telegram_updates};

mod acceptance;
mod failures;
mod proposals;
mod reminders;
mod resend;
mod token;
mod zones;

/// The loop's name to those who watch over the leader's loops.
const LOOP: &str = "jobs";
const EVERY: Duration = Duration::from_mins(30);
/// What people wrote, pressed and looked for is kept no longer than it is needed.
const UPDATES_ARE_KEPT: TimeDelta = TimeDelta::hours(48);
const SENT_TEXTS_ARE_KEPT: TimeDelta = TimeDelta::days(90);
/// Messages that nobody could read and nobody decided about.
const PARKED_ARE_KEPT: TimeDelta = TimeDelta::days(30);

/// Everything until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    tokio::join!(
        housekeeping(app, fence, over),
        failures::run(app, fence, over),
        acceptance::run(app, fence, over),
        proposals::run(app, fence, over),
        reminders::run(app, fence, over),
        resend::run(app, fence, over),
        zones::run(app, fence, over)
    );
}

/// Erases what need not be kept and looks at the token, again and again.
async fn housekeeping(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        match erase(app, fence).await {
            Ok(erased) => tracing::debug!(erased, "Erased old texts"),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "Could not erase old texts"),
        }
        if let Err(error) = token::warn(app, fence).await {
            tracing::warn!(error = format!("{error:#}"), "Could not look at the end of AmoCRM's token");
        }
        fence.rest(LOOP, sleep(EVERY), over).await;
    }
}

/// Returns how many texts were erased.
async fn erase(app: &App, fence: &Fence) -> anyhow::Result<u64> {
    let now = app.now();
    let mut transaction = app.db.begin().await?;
    let updates = telegram_updates::erase_bodies(&mut transaction, now - UPDATES_ARE_KEPT).await?;
    let texts = outbox::erase_texts(&mut transaction, now - SENT_TEXTS_ARE_KEPT).await?;
    let searches = searches::erase(&mut transaction, now - UPDATES_ARE_KEPT).await?;
    let parked = parked_messages::expire(&mut transaction, now - PARKED_ARE_KEPT).await?;
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    if parked > 0 {
        tracing::warn!(
            parked,
            "Gave up messages that nobody could read and nobody decided about for a month"
        );
    }
    Ok(updates + texts + searches)
}
