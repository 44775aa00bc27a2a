//! Waiting for the bot: always up to a limit of real time, never by polling.

use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Simulator;
use super::callbacks::{CallbackId, Toast};
use super::chat::Chat;
use super::message::Message;

impl Simulator {
    /// The first message of the bot in the chat, oldest first, that is as wanted, as soon as there is one.
    ///
    /// # Errors
    ///
    /// When time is up; the error shows the chat.
    pub async fn wait_for(
        &self,
        chat: i64,
        wanted: impl Fn(&Message) -> bool,
        limit: Duration,
    ) -> anyhow::Result<Message> {
        let find = |found: &Chat| {
            let mut own = found.messages.values().filter(|message| message.is_from_bot());
            own.find(|message| wanted(message)).cloned()
        };
        let look = |state: &mut super::state::State| state.chats.get(&chat).and_then(find);
        let found = self.shared.wait_until(Instant::now() + limit, look).await;
        found.with_context(|| {
            format!("waited {limit:?} for a message; chat {chat}:\n{}", self.transcript(chat))
        })
    }

    /// A message of the bot whose text contains `text`.
    pub async fn wait_for_text(&self, chat: i64, text: &str, limit: Duration) -> anyhow::Result<Message> {
        let found = self.wait_for(chat, |message| message.text.contains(text), limit).await;
        found.with_context(|| format!("no message with «{text}»"))
    }

    /// What the bot answers to a press.
    pub async fn answer_of(&self, press: &CallbackId, limit: Duration) -> anyhow::Result<Toast> {
        let look = |state: &mut super::state::State| state.callbacks.answer_to(press).cloned();
        let found = self.shared.wait_until(Instant::now() + limit, look).await;
        found.with_context(|| format!("the press {} was not answered within {limit:?}", press.0))
    }

    /// Wakes after every change of anything in here.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.shared.changes()
    }

    /// Anything that can be asked of the simulator; asked again after every change.
    pub async fn wait_until<T>(
        &self,
        what: &str,
        limit: Duration,
        wanted: impl Fn(&Self) -> Option<T>,
    ) -> anyhow::Result<T> {
        let found = self.shared.wait_unlocked(Instant::now() + limit, || wanted(self)).await;
        found.with_context(|| format!("waited {limit:?} until {what}"))
    }
}
