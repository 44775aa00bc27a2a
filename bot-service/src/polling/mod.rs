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
use crate::telegram::sender::{Failure, Trouble, direct};

/// The loop's name to those who watch over the leader's loops.
const LOOP: &str = "polling";
/// How long Telegram holds the question open while there is nothing to tell.
const WAIT: Duration = Duration::from_secs(25);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Polls until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    let mut pause = FIRST_PAUSE;
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        let polled = tokio::select! {
            () = over.cancelled() => return,
            polled = once(app, fence) => polled,
        };
        match polled {
            Ok(()) => pause = FIRST_PAUSE,
            Err(error) => {
                let rest = asked_for(&error).max(pause);
                tracing::warn!(error = format!("{error:#}"), ?rest, "Could not fetch updates from Telegram");
                fence.progressed(LOOP);
                fence.rest(LOOP, sleep(rest), over).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// How long Telegram asks to be left alone.
fn asked_for(error: &anyhow::Error) -> Duration {
    match error.downcast_ref() {
        Some(Failure { trouble: Trouble::Wait(time), .. }) => *time,
        _ => Duration::ZERO,
    }
}

/// One question to Telegram, its answer stored.
async fn once(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let bot_id = app.config.telegram.bot_id;
    let mut conn = app.db.acquire().await?;
    let newest = telegram_updates::newest(&mut conn, bot_id, app.now()).await?;
    drop(conn);
    let asked_at = Instant::now();
    let updates = direct::updates(&app.bot, newest.map(|id| id + 1), WAIT).await;
    let updates = updates.context("asking Telegram for updates")?;
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
