//! The call itself.

use teloxide::Bot;
use tracing::error;

use crate::domain::ids::ChatId;
use crate::telegram::roles::Command;
use crate::telegram::screens::Screen;
use crate::telegram::sender::{self, Failure, Trouble, plain};

/// What to ask of Telegram for one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Send { screen: Screen, reply_to: Option<i32> },
    Edit { message_id: i32, screen: Screen },
    Commands(Vec<Command>),
}

impl Call {
    /// As it goes out.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Send { screen, .. } | Self::Edit { screen, .. } => Some(&screen.text),
            Self::Commands(_) => None,
        }
    }

    /// Returns the id of a new message. What Telegram refuses as malformed is our mistake, so the words go out
    /// once more without what was refused.
    pub async fn make(&self, bot: &Bot, chat: ChatId) -> Result<Option<i32>, Failure> {
        let result = self.once(bot, chat).await;
        let Err(Failure { trouble: Trouble::Malformed(part), .. }) = &result else { return result };
        error!(%chat, ?part, "Telegram refused a message as malformed");
        match self {
            Self::Send { screen, reply_to } => {
                let screen = plain::without(*part, screen);
                Self::Send { screen, reply_to: *reply_to }.once(bot, chat).await
            }
            Self::Edit { message_id, screen } => {
                let screen = plain::without(*part, screen);
                Self::Edit { message_id: *message_id, screen }.once(bot, chat).await
            }
            Self::Commands(_) => result,
        }
    }

    async fn once(&self, bot: &Bot, chat: ChatId) -> Result<Option<i32>, Failure> {
        match self {
            Self::Send { screen, reply_to } => sender::send(bot, chat, screen, *reply_to).await.map(Some),
            Self::Edit { message_id, screen } => {
                sender::edit(bot, chat, *message_id, screen).await.map(|()| None)
            }
            Self::Commands(commands) => sender::set_commands(bot, chat, commands).await.map(|()| None),
        }
    }
}
