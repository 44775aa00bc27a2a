//! What people see: their chats, messages and commands.

use anyhow::Context as _;

use super::Simulator;
use super::callbacks::{CallbackId, Toast};
use super::chat::Membership;
use super::commands::Command;
use super::message::{Body, Message};
use super::people::{Person, Standing};
use super::transcript;

impl Simulator {
    pub fn people(&self) -> Vec<(Person, Standing)> {
        self.shared
            .look(|state| state.people.values().map(|known| (known.person.clone(), known.standing)).collect())
    }

    /// The messages of a chat as they are now, oldest first; empty for an unknown chat.
    pub fn chat(&self, chat: i64) -> Vec<Message> {
        self.shared.look(|state| {
            state.chats.get(&chat).map(|chat| chat.messages.values().cloned().collect()).unwrap_or_default()
        })
    }

    /// Only what the bot wrote.
    pub fn bot_messages(&self, chat: i64) -> Vec<Message> {
        let mut messages = self.chat(chat);
        messages.retain(Message::is_from_bot);
        messages
    }

    /// What the bot wrote since the chat was last [`read`](Self::read). Edits do not make a message unread.
    pub fn unread(&self, chat: i64) -> Vec<Message> {
        let read_to = self.shared.look(|state| state.chats.get(&chat).map_or(0, |chat| chat.read_to));
        let mut messages = self.bot_messages(chat);
        messages.retain(|message| message.id > read_to);
        messages
    }

    /// Returns what was unread and marks it as read.
    pub fn read(&self, chat: i64) -> Vec<Message> {
        let unread = self.unread(chat);
        self.shared.change(|state| {
            if let (Some(chat), Some(last)) = (state.chats.get_mut(&chat), unread.last()) {
                chat.read_to = last.id;
            }
        });
        unread
    }

    pub fn message(&self, chat: i64, id: i64) -> Option<Message> {
        self.shared.look(|state| state.chats.get(&chat)?.messages.get(&id).cloned())
    }

    /// The newest message of the bot.
    pub fn last_message(&self, chat: i64) -> Option<Message> {
        self.bot_messages(chat).pop()
    }

    /// The newest message of the bot whose text contains `text`.
    ///
    /// # Errors
    ///
    /// If there is none; the error shows the chat.
    pub fn find_message_containing(&self, chat: i64, text: &str) -> anyhow::Result<Message> {
        let found = self.bot_messages(chat).into_iter().rev().find(|message| message.text.contains(text));
        found.with_context(|| format!("no message with «{text}» in chat {chat}:\n{}", self.transcript(chat)))
    }

    /// By which the bot would send the file of a message again; none for one without a file.
    pub fn file_id_of(&self, message: &Message) -> Option<String> {
        match &message.body {
            Body::Photo(photo) => Some(photo.sizes().last()?["file_id"].as_str()?.to_owned()),
            Body::File(file) => Some(file.file_id()),
            _ => None,
        }
    }

    pub fn answer_to(&self, press: &CallbackId) -> Option<Toast> {
        self.shared.look(|state| state.callbacks.answer_to(press).cloned())
    }

    /// The command list in a person's menu.
    pub fn commands_shown_to(&self, person: i64) -> Vec<Command> {
        self.shared.look(|state| {
            let known = state.people.get(&person);
            known.map(|known| state.commands.shown_to(&known.person).to_vec()).unwrap_or_default()
        })
    }

    /// `None` for an unknown group.
    pub fn bot_in_group(&self, group: i64) -> Option<Membership> {
        self.shared.look(|state| state.membership(group))
    }

    /// A chat as its person sees it: texts as edited, keyboards in brackets, presses with their answers.
    pub fn transcript(&self, chat: i64) -> String {
        self.shared.look(|state| transcript::render(state, chat))
    }
}
