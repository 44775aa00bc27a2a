//! Works through people's updates, on every replica: chats in parallel, each chat in its order.
//!
//! ```text
//! mod.rs      which chats have something due, and who is at it
//! turn.rs     one chat's turn: an update and all that it causes are one transaction
//! commit.rs   whether a commit was made whose answer was lost
//! group.rs    a group is left
//! reply.rs    the one answer to a press, in time
//! waiting.rs  the answer to a press whose turn does not come in time
//! failure.rs  what fails is tried again, then given up and told
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::complaint::Complaint;
use crate::domain::ids::ChatId;
use crate::storage::telegram_updates;
use crate::storage::{StorageError, heard};
use crate::wake::Wake;

mod commit;
mod failure;
mod group;
mod reply;
mod turn;
mod waiting;

pub use turn::{Handler, Turn};

/// Chats handled at the same time by one replica.
const CHATS: usize = 8;
/// The net under announcements.
const POLL: Duration = Duration::from_secs(1);
/// The same while there is no room for another chat: its press waits for an answer, not for an announcement.
const POLL_WHEN_FULL: Duration = Duration::from_millis(400);
/// What is under way at shutdown has this long to end.
const END: Duration = Duration::from_secs(5);

/// Handles updates until `shutdown`, then lets those under way end.
pub async fn run<H: Handler>(app: App, handler: Arc<H>, shutdown: CancellationToken) {
    let mut wake = Wake::on(&app.db, telegram_updates::CHANNEL);
    let mut turns = Turns::new(app, handler);
    while !shutdown.is_cancelled() {
        wake.prepare().await;
        turns.start().await;
        turns.answer_waiting();
        let next_look = turns.next_look();
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = turns.running.join_next_with_id() => turns.end(ended),
            () = wake.heard(), if turns.running.len() < CHATS => {}
            () = sleep_until(next_look) => {}
        }
    }
    let ending = async {
        while turns.running.join_next().await.is_some() {}
        while turns.answering.join_next().await.is_some() {}
    };
    if timeout(END, ending).await.is_err() {
        tracing::warn!("Some updates were not handled in time; they will be handled after the start");
    }
}

/// The turns that this replica has given to chats.
struct Turns<H> {
    app: App,
    handler: Arc<H>,
    running: JoinSet<Turn>,
    busy: HashMap<Id, ChatId>,
    /// Chats in which nothing can be done before this moment.
    resting: HashMap<ChatId, Instant>,
    /// At most one look at the presses that wait.
    answering: JoinSet<Result<(), StorageError>>,
    blind: Complaint,
    deaf: Complaint,
    stuck: Complaint,
}

impl<H: Handler> Turns<H> {
    fn new(app: App, handler: Arc<H>) -> Self {
        Self {
            app,
            handler,
            running: JoinSet::new(),
            busy: HashMap::new(),
            resting: HashMap::new(),
            answering: JoinSet::new(),
            blind: Complaint::about("Cannot look for updates"),
            deaf: Complaint::about("Cannot look for presses that wait"),
            stuck: Complaint::about("Updates wait for the database"),
        }
    }

    /// Gives a turn to every chat that has something due, as long as there is room.
    async fn start(&mut self) {
        self.resting.retain(|_, until| *until > Instant::now());
        let room = CHATS.saturating_sub(self.running.len());
        if room == 0 {
            return;
        }
        let due = match heard(self.due()).await {
            Ok(due) => due,
            Err(error) => return self.blind.fails(error),
        };
        self.blind.works();
        for chat in due.into_iter().take(room) {
            let (app, handler) = (self.app.clone(), self.handler.clone());
            let task = self.running.spawn(async move { turn::take(&app, &*handler, chat).await });
            self.busy.insert(task.id(), chat);
        }
    }

    async fn due(&self) -> Result<Vec<ChatId>, StorageError> {
        let except: Vec<ChatId> = self.busy.values().chain(self.resting.keys()).copied().collect();
        let bot_id = self.app.config.telegram.bot_id;
        let mut conn = self.app.db.acquire().await?;
        telegram_updates::list_chats(&mut conn, bot_id, &except, self.app.now()).await
    }

    /// Beside the turns, because Telegram may be slow.
    fn answer_waiting(&mut self) {
        while let Some(ended) = self.answering.try_join_next() {
            match ended {
                Ok(Ok(())) => self.deaf.works(),
                Ok(Err(error)) => self.deaf.fails(error),
                Err(error) => {
                    tracing::error!(error = &error as &dyn Error, "Answering what waits broke");
                }
            }
        }
        if self.answering.is_empty() {
            let app = self.app.clone();
            self.answering.spawn(async move { waiting::answer(&app).await });
        }
    }

    fn end(&mut self, ended: Result<(Id, Turn), JoinError>) {
        let (id, turn) = ended.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn Error, "A turn broke");
            (error.id(), Turn::Again(POLL))
        });
        let chat = self.busy.remove(&id);
        let pause = match turn {
            Turn::Done => return self.stuck.works(),
            Turn::Again(pause) => pause,
            Turn::Away(error) => {
                self.stuck.fails(anyhow::Error::msg(error));
                failure::LATER
            }
        };
        if let Some(chat) = chat {
            self.resting.insert(chat, Instant::now() + pause);
        }
    }

    /// When to look again if nothing happens before.
    fn next_look(&self) -> Instant {
        let poll = Instant::now() + if self.running.len() < CHATS { POLL } else { POLL_WHEN_FULL };
        self.resting.values().copied().fold(poll, Instant::min)
    }
}

#[cfg(test)]
mod tests;
