//! Updates out of Telegram into our table, by the leader. Telegram forgets an update when the next ones are
//! asked for, so they are asked for only once these are committed.

use std::time::Duration;

use anyhow::Context;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::leader::Fence;
use crate::storage::telegram_updates::{self, Raw};
use crate::telegram::read;
use crate::telegram::sender::{Trouble, direct};

/// How long Telegram holds the question open while there is nothing to tell.
const WAIT: Duration = Duration::from_secs(25);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Polls until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    let mut pause = FIRST_PAUSE;
    while !over.is_cancelled() {
        fence.progressed("polling");
        let polled = tokio::select! {
            () = over.cancelled() => return,
            polled = once(app, fence) => polled,
        };
        match polled {
            Ok(()) => pause = FIRST_PAUSE,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), ?pause, "Could not fetch updates from Telegram");
                tokio::select! {
                    () = over.cancelled() => return,
                    () = sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// One question to Telegram, its answer stored.
async fn once(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let bot_id = app.config.telegram.bot_id;
    let mut conn = app.db.acquire().await?;
    let newest = telegram_updates::newest(&mut conn, bot_id, app.now()).await?;
    drop(conn);
    let asked_at = Instant::now();
    let updates = match direct::updates(&app.bot, newest.map(|id| id + 1), WAIT).await {
        Ok(updates) => updates,
        Err(failure) => {
            if let Trouble::Wait(duration) = failure.trouble {
                sleep(duration.min(LONGEST_PAUSE)).await;
            }
            return Err(failure).context("asking Telegram for updates");
        }
    };
    let updates: Vec<Raw> = updates.iter().filter_map(|update| raw(update)).collect();
    if updates.is_empty() {
        // Something in between does not hold the question open: it must not become a busy loop.
        sleep(FIRST_PAUSE.saturating_sub(asked_at.elapsed())).await;
        return Ok(());
    }
    let mut transaction = app.db.begin().await?;
    telegram_updates::store(&mut transaction, bot_id, &updates, app.now()).await?;
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    metrics::counter!("bot_updates_received_total").increment(updates.len() as u64);
    Ok(())
}

fn raw(update: &RawValue) -> Option<Raw> {
    let Some((update_id, chat)) = read::place(update.get()) else {
        tracing::error!("Telegram sent an update without a number; it is skipped");
        return None;
    };
    Some(Raw { update_id, chat, body: update.get().as_bytes().to_vec() })
}

#[cfg(test)]
mod tests;
