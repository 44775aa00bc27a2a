//! A commit whose answer was lost. It may have been made, and then the person must hear what came of it, for nothing
//! will be done again.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::domain::ids::ChatId;
use crate::storage::telegram_updates::{self, Place};
use crate::storage::{Cause, StorageError, heard};

/// A person waits no longer for the result than this; his card shows it all the same.
const PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(200);

/// Commits what has marked an update of the chat as handled at this moment.
///
/// # Errors
///
/// If it was not made, or nobody can tell.
pub async fn commit(
    app: &App,
    transaction: Transaction<'static, Postgres>,
    (chat, place): (ChatId, Place),
    handled_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let committing = async { Ok::<_, StorageError>(transaction.commit().await?) };
    let Err(error) = heard(committing).await else { return Ok(()) };
    if error.cause() == Cause::Away {
        let asking = was_made(app, chat, place, handled_at);
        if timeout(PATIENCE, asking).await == Ok(true) {
            tracing::info!(update_id = place.update_id, "A commit whose answer was lost has been made");
            return Ok(());
        }
    }
    Err(error).context("committing what an update caused")
}

/// Asks as soon as the database answers and the transaction is over.
async fn was_made(app: &App, chat: ChatId, place: Place, handled_at: DateTime<Utc>) -> bool {
    loop {
        match heard(look(app, chat, place, handled_at)).await {
            Ok(Some(was_made)) => return was_made,
            Ok(None) | Err(_) => sleep(PAUSE).await,
        }
    }
}

/// `None` while the transaction may still be made: it holds the chat.
async fn look(
    app: &App,
    chat: ChatId,
    place: Place,
    handled_at: DateTime<Utc>,
) -> Result<Option<bool>, StorageError> {
    let mut transaction = app.db.begin().await?;
    let is_over = telegram_updates::try_lock_chat(&mut transaction, chat).await?;
    let was_made = telegram_updates::was_handled_at(&mut transaction, place, handled_at).await?;
    transaction.rollback().await?;
    Ok(is_over.then_some(was_made))
}
