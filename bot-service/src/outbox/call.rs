//! The call itself.

use super::albums::Album;
use crate::app::App;
use crate::domain::ids::ChatId;
use crate::telegram::roles::Command;
use crate::telegram::screens::Screen;
use crate::telegram::sender::{self, Failure, Trouble, plain};

/// What to ask of Telegram for one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Send { screen: Screen, reply_to: Option<i32> },
    Edit { message_id: i32, screen: Screen },
    Files(Album),
    Commands(Vec<Command>),
}

impl Call {
    /// As it goes out.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Send { screen, .. } | Self::Edit { screen, .. } => Some(&screen.text),
            Self::Files(album) => album.lost.as_ref().map(|screen| screen.text.as_str()),
            Self::Commands(_) => None,
        }
    }

    /// What to ask instead of what Telegram refused as malformed. That is our mistake, so the words go out without the
    /// part that was refused, and if they are refused again, without the other. None if it was refused for another
    /// reason, or nothing is left to take away.
    pub fn instead(&self, failure: &Failure) -> Option<Self> {
        if let Self::Files(album) = self {
            return album.instead(failure.trouble);
        }
        let Trouble::Malformed(part) = failure.trouble else { return None };
        match self {
            Self::Send { screen, reply_to } => {
                Some(Self::Send { screen: plain::simpler(part, screen)?, reply_to: *reply_to })
            }
            Self::Edit { message_id, screen } => {
                Some(Self::Edit { message_id: *message_id, screen: plain::simpler(part, screen)? })
            }
            Self::Files(_) | Self::Commands(_) => None,
        }
    }

    /// Returns the id of a new message.
    pub async fn make(&self, app: &App, chat: ChatId) -> Result<Option<i32>, Failure> {
        let bot = &app.bot;
        match self {
            Self::Send { screen, reply_to } => sender::send(bot, chat, screen, *reply_to).await.map(Some),
            Self::Edit { message_id, screen } => {
                sender::edit(bot, chat, *message_id, screen).await.map(|()| None)
            }
            Self::Files(album) => album.send(app, chat).await.map(Some),
            Self::Commands(commands) => sender::set_commands(bot, chat, commands).await.map(|()| None),
        }
    }
}
