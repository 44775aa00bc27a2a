//! What fails is tried again a few times, then given up, so that the chat goes on; the person is told.

use std::time::Duration;

use super::reply::language;
use crate::app::App;
use crate::storage::telegram_updates::{self, Due};
use crate::storage::{chats, outbox};
use crate::telegram::incoming::Incoming;
use crate::telegram::screens::{Context, texts};
use crate::telegram::words::Words;

/// After each failure the same update waits a little longer; after the last it is given up.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(10)];

/// How long an update waits after one more failure; `None` if that was the last.
pub fn pause(update: &Due) -> Option<Duration> {
    let failures = usize::try_from(update.attempts).unwrap_or(PAUSES.len());
    PAUSES.get(failures).copied()
}

/// Counts a failure in a transaction of its own. Returns how long to wait before the next try; `None` if the
/// update was given up.
///
/// # Errors
///
/// If the database fails: nothing was counted.
pub async fn note(
    app: &App,
    update: &Due,
    incoming: &Incoming,
    error: &anyhow::Error,
) -> anyhow::Result<Option<Duration>> {
    let text = format!("{error:#}");
    let (failures, pause) = (update.attempts, pause(update));
    tracing::error!(error = text, update_id = update.place.update_id, failures, ?pause, "An update failed");
    let (now, mut transaction) = (app.now(), app.db.begin().await?);
    if let Some(pause) = pause {
        telegram_updates::set_failed(&mut transaction, update.place, &text, now + pause).await?;
    } else {
        telegram_updates::park(&mut transaction, update.place, &text, now).await?;
        let contact = chats::contact(&mut transaction, incoming.chat_id, language(incoming), now).await?;
        let words = Words::of(contact.language);
        let screen = texts::update_failed(&Context { words, timezone: app.config.timezone, now });
        outbox::enqueue_screen(&mut transaction, incoming.chat_id, &screen, None, now).await?;
    }
    transaction.commit().await?;
    Ok(pause)
}
