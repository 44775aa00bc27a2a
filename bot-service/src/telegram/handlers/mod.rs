//! What a person asked for: parse → action → screen. One file per subject; the list of everything that can be
//! asked is in [`super`].

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::actions::{ActionError, Refused};
use crate::app::App;
use crate::domain::ids::ChatId;
use crate::domain::permissions::Refusal;
use crate::domain::user::{Actor, Language, User};
use crate::storage::{StorageError, cards, outbox};
use crate::telegram::incoming::{MessagePlace, Sender};
use crate::telegram::screens::{Context, Screen};
use crate::telegram::toasts::Toast;
use crate::telegram::words::Words;

pub mod access;
pub mod card;
pub mod comment;
pub mod contact;
pub mod dealers;
pub mod dispatch;
pub mod failures;
pub mod files;
pub mod find;
pub mod invite;
pub mod language;
pub mod lists;
pub mod menu;
pub mod people;
pub mod recorded;
pub mod setup;
pub mod status;
pub mod zones;

/// One thing that a person sent, with everything needed to serve it. Lives for one transaction.
pub struct Ask<'a> {
    pub app: &'a App,
    pub conn: &'a mut PgConnection,
    pub chat: ChatId,
    pub sender: &'a Sender,
    pub language: Language,
    /// None for a stranger.
    pub user: Option<User>,
    /// The message whose button was pressed.
    pub pressed: Option<i32>,
    /// What he sent, where it is a message.
    pub message: Option<MessagePlace>,
    /// What was meant for this chat has ended unsent.
    pub was_unreachable: bool,
    pub now: DateTime<Utc>,
}

/// What a press is answered with; nothing for mere navigation.
pub type Outcome = Result<Option<Toast>, ActionError>;

impl Ask<'_> {
    /// Whose rights count.
    ///
    /// # Errors
    ///
    /// Refused to strangers and to people without access.
    pub fn actor(&self) -> Result<Actor, ActionError> {
        let actor = self.user.as_ref().map(User::actor).filter(|actor| !actor.roles.is_empty());
        actor.ok_or_else(|| Refusal::NoAccess.into())
    }

    /// The person behind the actor.
    ///
    /// # Errors
    ///
    /// As [`Ask::actor`].
    pub fn member(&self) -> Result<&User, ActionError> {
        self.actor()?;
        self.user.as_ref().ok_or_else(|| Refused::Denied(Refusal::NoAccess).into())
    }

    pub fn context(&self) -> Context<'static> {
        Context { words: Words::of(self.language), timezone: self.app.timezone(), now: self.now }
    }

    /// Shows a screen where the person is: in the message he pressed, or as a new one. A card that becomes
    /// another screen ends with that.
    pub async fn show(&mut self, screen: &Screen) -> Result<(), StorageError> {
        if let Some(message) = self.pressed {
            cards::end(self.conn, self.chat, message, self.now).await?;
        }
        outbox::enqueue_screen(self.conn, self.chat, screen, self.pressed, self.now).await
    }

    /// Sends a screen as a new message.
    pub async fn say(&mut self, screen: &Screen) -> Result<(), StorageError> {
        outbox::enqueue_screen(self.conn, self.chat, screen, None, self.now).await
    }
}

#[cfg(test)]
mod tests;
