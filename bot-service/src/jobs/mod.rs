//! Work by the clock, on the leader. Every job may be run twice, or be killed anywhere.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::leader::Fence;
use crate::storage::{outbox, telegram_updates};

mod token;

/// The loop's name to those who watch over the leader's loops.
const LOOP: &str = "jobs";
const EVERY: Duration = Duration::from_mins(30);
/// What people wrote and pressed is kept no longer than it is needed.
const UPDATES_ARE_KEPT: TimeDelta = TimeDelta::hours(48);
const SENT_TEXTS_ARE_KEPT: TimeDelta = TimeDelta::days(90);

/// Erases what need not be kept and looks at the token, again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
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
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    Ok(updates + texts)
}
