//! Presses whose turn does not come: behind another update of their chat, which may fail and be tried again for a
//! while, or in a chat for which no replica has room. Nobody looks at them before that, so they are answered here.

use std::time::Duration;

use futures_util::future::join_all;

use super::reply::{self, ANSWER_WITHIN, language};
use crate::app::App;
use crate::storage::telegram_updates::{self, Unanswered};
use crate::storage::{StorageError, heard};
use crate::telegram::incoming::IncomingKind;
use crate::telegram::read;

/// A chat that is well is through with its updates sooner. Together with the pause between two looks this is less
/// than the two seconds that a person gives a press.
const LONG: Duration = Duration::from_millis(700);

/// Says «Секунду…» to each press that waits, once.
///
/// # Errors
///
/// If the database fails: nothing was answered.
pub async fn answer(app: &App) -> Result<(), StorageError> {
    let waiting = heard(claim(app)).await?;
    join_all(waiting.iter().map(|update| one(app, update))).await;
    Ok(())
}

async fn claim(app: &App) -> Result<Vec<Unanswered>, StorageError> {
    let (now, bot_id) = (app.now(), app.config.telegram.bot_id);
    let mut conn = app.db.acquire().await?;
    telegram_updates::claim_waiting(&mut conn, bot_id, now - LONG, now - ANSWER_WITHIN, now).await
}

async fn one(app: &App, update: &Unanswered) {
    let Some(incoming) = read::read(&update.body) else { return };
    if let IncomingKind::Press { callback_id, .. } = &incoming.kind {
        let language = update.language.unwrap_or_else(|| language(&incoming));
        reply::slow(app, callback_id, language).await;
    }
}
