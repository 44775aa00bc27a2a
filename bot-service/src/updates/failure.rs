//! What fails is tried again a few times, then given up, so that the chat goes on; the person is told.
//!
//! Failures of the database are not the update's: while it is away none is counted, and while something is in the way,
//! none for a minute.

use std::time::Duration;

use chrono::TimeDelta;

use super::reply::{ANSWER_WITHIN, language};
use crate::actions::reach;
use crate::app::App;
use crate::storage::telegram_updates::{self, Due};
use crate::storage::{Cause, cause_of, chats, heard, outbox};
use crate::telegram::incoming::Incoming;
use crate::telegram::screens::{Context, texts};
use crate::telegram::words::Words;

/// After each failure the same update waits a little longer; after the last it is given up.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(10)];

/// After this pause a press that was answered before, though nobody could note it, is too old for another answer.
pub const LATER: Duration = ANSWER_WITHIN;
/// A lock that is held for longer will not be given back soon: the person is told.
const PATIENCE: TimeDelta = TimeDelta::minutes(1);
const SHORTEST: TimeDelta = TimeDelta::milliseconds(300);
const LONGEST: TimeDelta = TimeDelta::seconds(5);

/// Whether the failure says nothing of the update itself.
pub fn is_excused(app: &App, update: &Due, error: &anyhow::Error) -> bool {
    match cause_of(error) {
        Some(Cause::Away) => true,
        Some(Cause::Busy) => app.now() - update.received_at < PATIENCE,
        Some(Cause::Own) | None => false,
    }
}

/// How long an update waits after one more failure; `None` if that was the last.
pub fn pause(update: &Due) -> Option<Duration> {
    let failures = usize::try_from(update.attempts).unwrap_or(PAUSES.len());
    PAUSES.get(failures).copied()
}

/// Counts a failure that is not excused, in a transaction of its own. Returns how long to wait before the next try;
/// `None` if the update was given up.
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
    if is_excused(app, update, error) {
        let pause = ((app.now() - update.received_at) / 3).clamp(SHORTEST, LONGEST);
        tracing::warn!(error = text, update_id = update.place.update_id, "An update waits for the database");
        return Ok(Some(pause.to_std()?));
    }
    let (failures, pause) = (update.attempts, pause(update));
    tracing::error!(error = text, update_id = update.place.update_id, failures, ?pause, "An update failed");
    let noting = async {
        let (now, mut transaction) = (app.now(), app.db.begin().await?);
        if let Some(pause) = pause {
            telegram_updates::set_failed(&mut transaction, update.place, &text, now + pause).await?;
        } else {
            telegram_updates::park(&mut transaction, update.place, &text, now).await?;
            let contact = chats::contact(&mut transaction, incoming.chat_id, language(incoming), now).await?;
            let words = Words::of(contact.language);
            let screen = texts::update_failed(&Context { words, timezone: app.timezone(), now });
            if contact.was_unreachable {
                reach::regain(&mut transaction, incoming.chat_id, now).await?;
            }
            outbox::enqueue_screen(&mut transaction, incoming.chat_id, &screen, None, now).await?;
        }
        anyhow::Ok(transaction.commit().await?)
    };
    heard(noting).await?;
    Ok(pause)
}
