//! Works through people's updates, on every replica: chats in parallel, each chat in its order.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::domain::ids::ChatId;
use crate::storage::StorageError;
use crate::storage::telegram_updates;
use crate::wake::Wake;

mod turn;

pub use turn::{Handler, Turn};

/// Chats handled at the same time by one replica.
const CHATS: usize = 8;
/// The net under notifications.
const POLL: Duration = Duration::from_secs(1);
/// What is under way at shutdown has this long to end.
const END: Duration = Duration::from_secs(5);

/// Handles updates until `shutdown`, then lets those under way end.
pub async fn run<H: Handler>(app: App, handler: Arc<H>, shutdown: CancellationToken) {
    let mut wake = Wake::on(&app.db, telegram_updates::CHANNEL);
    let mut running: JoinSet<(ChatId, Turn)> = JoinSet::new();
    let mut busy = HashSet::new();
    while !shutdown.is_cancelled() {
        wake.prepare().await;
        match waiting_chats(&app, &busy).await {
            Ok(chats) => {
                for chat in chats.into_iter().take(CHATS - running.len()) {
                    busy.insert(chat);
                    let (app, handler) = (app.clone(), handler.clone());
                    running.spawn(async move { (chat, turn::take(&app, &*handler, chat).await) });
                }
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "Cannot look for updates; the database is away");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = running.join_next(), if !running.is_empty() => free(ended, &mut busy),
            () = wake.heard(), if running.len() < CHATS => {}
            () = sleep(POLL) => {}
        }
        while let Some(ended) = running.try_join_next() {
            free(ended, &mut busy);
        }
    }
    let ending = async { while running.join_next().await.is_some() {} };
    if timeout(END, ending).await.is_err() {
        tracing::warn!("Some updates were not handled in time; they will be handled after the start");
    }
}

async fn waiting_chats(app: &App, busy: &HashSet<ChatId>) -> Result<Vec<ChatId>, StorageError> {
    let mut conn = app.db.acquire().await?;
    let limit = i64::try_from(busy.len() + CHATS).unwrap_or(i64::MAX);
    let chats = telegram_updates::list_chats(&mut conn, app.now(), limit).await?;
    Ok(chats.into_iter().filter(|chat| !busy.contains(chat)).collect())
}

/// A turn never panics: whatever its handler does is caught there. A lost task would leave its chat busy.
fn free(ended: Result<(ChatId, Turn), tokio::task::JoinError>, busy: &mut HashSet<ChatId>) {
    match ended {
        Ok((chat, _)) => {
            busy.remove(&chat);
        }
        Err(error) => {
            tracing::error!(%error, "A turn was lost");
            busy.clear();
        }
    }
}

#[cfg(test)]
mod tests;
