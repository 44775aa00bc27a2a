//! Updates out of Telegram into our table, by the leader. Telegram forgets an update when the next ones are
//! asked for, so they are asked for only once these are committed.
//!
//! A leader begins without a place to go on from, with the oldest that Telegram still has. What is in the table
//! says nothing of that place: of what came by a webhook, an older one may still wait.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::note::note;
use super::webhook;
use crate::app::App;
use crate::domain::reception::Reception;
use crate::leader::Fence;
use crate::storage::heard;
use crate::storage::telegram_updates::{self, Raw};
use crate::telegram::read;
use crate::telegram::sender::{Failure, direct};

/// The loop's name to those who watch over the leader's loops.
const LOOP: &str = "polling";
/// How long Telegram holds the question open while there is nothing to tell.
const WAIT: Duration = Duration::from_secs(25);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Polls until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    let (mut poller, mut pause) = (Poller::new(app, fence), FIRST_PAUSE);
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        let outcome = tokio::select! {
            () = over.cancelled() => return,
            outcome = poller.once() => outcome,
        };
        match outcome {
            Ok(()) => pause = FIRST_PAUSE,
            Err(error) => {
                let rest = webhook::asked_for(&error).max(pause);
                tracing::warn!(error = format!("{error:#}"), ?rest, "Could not fetch updates from Telegram");
                fence.progressed(LOOP);
                fence.rest(LOOP, sleep(rest), over).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

struct Poller<'a> {
    app: &'a App,
    fence: &'a Fence,
    /// All before it is stored.
    offset: Option<i64>,
    /// It has been noted that Telegram answers.
    is_noted: bool,
}

impl<'a> Poller<'a> {
    fn new(app: &'a App, fence: &'a Fence) -> Self {
        Self { app, fence, offset: None, is_noted: false }
    }

    /// One question to Telegram, its answer stored.
    async fn once(&mut self) -> anyhow::Result<()> {
        let asked_at = Instant::now();
        let updates = match direct::updates(&self.app.bot, self.offset, self.wait()).await {
            Ok(updates) => updates,
            Err(failure) => return self.in_the_way(failure).await,
        };
        self.app.answers.telegram_answered(self.app.now());
        let raw: Vec<Raw> = updates.iter().filter_map(|update| raw(update.get())).collect();
        if raw.is_empty() {
            self.note_that_it_works().await?;
            // Something in between does not hold the question open: it must not become a busy loop.
            sleep(FIRST_PAUSE.saturating_sub(asked_at.elapsed())).await;
            return Ok(());
        }
        heard(self.store(&raw)).await?;
        self.offset = raw.iter().map(|update| update.update_id + 1).max();
        self.note_that_it_works().await
    }

    /// The first answer is not waited for: it says at once whether a webhook is in the way.
    fn wait(&self) -> Duration {
        if self.is_noted { WAIT } else { Duration::ZERO }
    }

    async fn store(&self, updates: &[Raw]) -> anyhow::Result<()> {
        let mut transaction = self.app.db.begin().await?;
        let bot_id = self.app.config.telegram.bot_id;
        let new = telegram_updates::store(&mut transaction, bot_id, updates, self.app.now()).await?;
        self.fence.hold(&mut transaction).await?;
        transaction.commit().await?;
        metrics::counter!("bot_updates_received_total").increment(new);
        Ok(())
    }

    async fn in_the_way(&mut self, failure: Failure) -> anyhow::Result<()> {
        if failure.is_of_webhook() {
            self.is_noted = false;
            if webhook::clear(self.app, self.fence).await? {
                sleep(FIRST_PAUSE).await;
                return Ok(());
            }
        }
        Err(anyhow::Error::new(failure).context("asking Telegram for updates"))
    }

    async fn note_that_it_works(&mut self) -> anyhow::Result<()> {
        if !self.is_noted {
            note(self.app, self.fence, |reception, _| Reception::polls(reception)).await?;
            self.is_noted = true;
        }
        Ok(())
    }
}

fn raw(update: &str) -> Option<Raw> {
    let raw = read::raw(update.as_bytes());
    if raw.is_none() {
        tracing::error!("Telegram sent an update without a number; it is skipped");
    }
    raw
}

#[cfg(test)]
mod tests;
