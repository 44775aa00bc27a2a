//! What goes back to Telegram directly: the answer to a press, of which there is one, and which cannot wait.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use crate::app::App;
use crate::domain::ids::ChatId;
use crate::domain::user::Language;
use crate::storage::telegram_updates::{self, Due, Place, Unanswered};
use crate::storage::{StorageError, heard, outbox};
use crate::telegram::incoming::{Incoming, IncomingKind};
use crate::telegram::screens::{Context, texts};
use crate::telegram::sender::direct;
use crate::telegram::toasts::{self, Toast};
use crate::telegram::words::Words;

/// So long after it came a press is answered at the latest: people press again when nothing happens.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(1500);
/// The database may be what is slow: a press does not wait for it longer than this.
const ASIDE: Duration = Duration::from_millis(250);

/// The answer to one update.
pub struct Reply<'a> {
    app: &'a App,
    incoming: &'a Incoming,
    place: Place,
    /// How long the result may still take to be the answer itself.
    patience: Duration,
    /// Telegram has its answer; what there is to say becomes a message.
    is_answered: bool,
}

impl<'a> Reply<'a> {
    /// A press that failed before was answered then.
    pub fn new(app: &'a App, incoming: &'a Incoming, update: &Due) -> Self {
        let age = (app.now() - update.received_at).to_std().unwrap_or_default();
        let patience = ANSWER_WITHIN.saturating_sub(age);
        let is_answered = update.is_answered || update.attempts > 0;
        Self { app, incoming, place: update.place, patience, is_answered }
    }

    /// Says «Секунду…» if the work takes longer than the press may wait; the work itself is not disturbed.
    pub async fn while_waiting_for<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        match timeout(self.patience, &mut work).await {
            Ok(done) => done,
            Err(_) => tokio::join!(work, self.say_slow()).0,
        }
    }

    /// The result follows as a message.
    pub async fn say_slow(&mut self) {
        if let IncomingKind::Press { callback_id, .. } = &self.incoming.kind
            && !self.is_answered
        {
            self.is_answered = true;
            let claimed = timeout(ASIDE, self.claim()).await;
            let language = match claimed {
                Ok(Ok(None)) => return,
                Ok(Ok(Some(unanswered))) => unanswered.language,
                Ok(Err(_)) | Err(_) => None,
            };
            slow(self.app, callback_id, language.unwrap_or_else(|| self::language(self.incoming))).await;
        }
    }

    /// `None` if the press was answered while it waited for its turn.
    async fn claim(&self) -> Result<Option<Unanswered>, StorageError> {
        let mut conn = self.app.db.acquire().await?;
        telegram_updates::claim_answer(&mut conn, self.place, self.app.now()).await
    }

    /// Tells what came of it. The update is handled by now: a failure here repeats nothing. A press that
    /// `was_answered` at that moment gets no other answer.
    pub async fn give(self, toast: Option<Toast>, was_answered: bool) {
        match &self.incoming.kind {
            IncomingKind::Press { callback_id, .. } => {
                let is_told =
                    !self.is_answered && !was_answered && answer(self.app, callback_id, toast.as_ref()).await;
                if let Some(toast) = toast.filter(|_| !is_told) {
                    say_later(self.app, self.incoming.chat_id, &toast).await;
                }
            }
            IncomingKind::Text(_)
            | IncomingKind::Contact(_)
            | IncomingKind::Media(_)
            | IncomingKind::Other
            | IncomingKind::Group
            | IncomingKind::Reachability { .. } => {}
        }
    }
}

async fn answer(app: &App, callback_id: &str, toast: Option<&Toast>) -> bool {
    let answered = direct::answer(&app.bot, callback_id, toast).await;
    if let Err(failure) = &answered {
        tracing::info!(trouble = failure.trouble.as_str(), "A press could not be answered directly");
    }
    answered.is_ok()
}

/// A toast that came too late for its press becomes a message.
async fn say_later(app: &App, chat: ChatId, toast: &Toast) {
    let said = async {
        let mut conn = app.db.acquire().await?;
        outbox::enqueue_screen(&mut conn, chat, &texts::toast(toast), None, app.now()).await
    };
    if let Err(error) = heard(said).await {
        tracing::warn!(error = &error as &dyn Error, "The result of a press could not be told");
    }
}

/// Before the person is identified, the language is what Telegram says.
pub fn language(incoming: &Incoming) -> Language {
    Language::from_tag(incoming.person.language_code.as_deref())
}

/// «Секунду…»
pub async fn slow(app: &App, callback_id: &str, language: Language) {
    let context = Context { words: Words::of(language), timezone: app.timezone(), now: app.now() };
    answer(app, callback_id, Some(&toasts::slow(&context))).await;
}
