//! What comes in from Telegram, once it is understood, and what is answered.

use std::fmt;

use super::toasts::Toast;
use crate::domain::ids::ChatId;

/// Something that a person did in a private chat, or that happened to the bot's place in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub update_id: i64,
    pub chat_id: ChatId,
    pub person: Sender,
    pub kind: IncomingKind,
}

/// The person as Telegram describes him.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    pub telegram_id: i64,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language_code: Option<String>,
}

/// Names stay out of logs.
impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.telegram_id).finish()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncomingKind {
    /// Any text, commands among it.
    Text(String),
    Press {
        callback_id: String,
        /// The message of the button, where Telegram still knows it.
        message_id: Option<i32>,
        data: Option<String>,
    },
    /// A photo, a sticker, a voice: nothing that has a purpose here.
    Other,
    /// Any chat that is not private: the bot leaves it.
    Group,
    /// The person blocked the bot, or let it in again.
    Reachability { is_member: bool },
}

/// What a press is answered with; nothing for mere navigation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    pub toast: Option<Toast>,
}
