//! What comes in from Telegram, once it is understood, and what is answered.

use std::fmt;

use super::toasts::Toast;
use crate::domain::comment::{Attachment, Place};
use crate::domain::ids::ChatId;

/// Something that a person did in a private chat, or that happened to the bot's place in a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    pub update_id: i64,
    pub chat_id: ChatId,
    pub person: Sender,
    /// The message itself, where it is one.
    pub message: Option<MessagePlace>,
    pub kind: IncomingKind,
}

/// Where a message stands in its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessagePlace {
    pub id: i32,
    /// The message that it answers.
    pub reply_to: Option<i32>,
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

#[derive(Clone, PartialEq)]
pub enum IncomingKind {
    /// Any text, commands among it.
    Text(String),
    Press {
        callback_id: String,
        /// The message of the button, where Telegram still knows it.
        message_id: Option<i32>,
        data: Option<String>,
    },
    /// A phone number by Telegram's button, or somebody's card.
    Contact(Contact),
    /// A file or a place, perhaps with words.
    Media(Media),
    /// A sticker, a poll: nothing that has a purpose here.
    Other,
    /// Any chat that is not private: the bot leaves it.
    Group,
    /// The person blocked the bot, or let it in again.
    Reachability { is_member: bool },
}

/// What can be said of a measurement other than in words.
#[derive(Clone, PartialEq)]
pub struct Media {
    pub text: Option<String>,
    pub what: Brought,
    /// What the parts of an album have in common.
    pub album: Option<String>,
}

#[derive(Clone, PartialEq)]
pub enum Brought {
    File(Attachment),
    Place(Place),
}

/// A card with a phone number.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    pub phone: String,
    /// Telegram says so of the sender's own number alone.
    pub is_own: bool,
}

/// Numbers stay out of logs.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("is_own", &self.is_own).finish_non_exhaustive()
    }
}

/// What people type stays out of logs, too: it may be the name or the phone that they look for.
impl fmt::Debug for IncomingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text"),
            Self::Press { data, .. } => f.debug_tuple("Press").field(data).finish(),
            Self::Contact(contact) => f.debug_tuple("Contact").field(contact).finish(),
            Self::Media(_) => f.write_str("Media"),
            Self::Other => f.write_str("Other"),
            Self::Group => f.write_str("Group"),
            Self::Reachability { is_member } => f.debug_tuple("Reachability").field(is_member).finish(),
        }
    }
}

/// What a press is answered with; nothing for mere navigation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    pub toast: Option<Toast>,
}
