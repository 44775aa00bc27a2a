//! One chat's turn: its oldest updates, each in one transaction with everything that it causes.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::TimeDelta;
use futures_util::FutureExt;
use sqlx::PgConnection;
use tokio::time::timeout;

use crate::app::App;
use crate::domain::ids::ChatId;
use crate::domain::user::Language;
use crate::storage::telegram_updates::{self, Due};
use crate::storage::{chats, outbox};
use crate::telegram::incoming::{Answer, Incoming, IncomingKind};
use crate::telegram::read;
use crate::telegram::screens::{Context, texts};
use crate::telegram::sender::direct;
use crate::telegram::toasts::{self, Toast};
use crate::telegram::words::Words;

/// A press is answered after this long at the latest: people press again when nothing happens.
const ANSWER_WITHIN: Duration = Duration::from_millis(1500);
/// After each failure the same update waits a little longer; after the last it is given up.
const PAUSES: [TimeDelta; 4] =
    [TimeDelta::milliseconds(300), TimeDelta::seconds(1), TimeDelta::seconds(3), TimeDelta::seconds(10)];
/// One chat does not keep a place for ever.
const UPDATES_A_TURN: usize = 20;

/// What serves an update inside the transaction that marks it as handled.
pub trait Handler: Send + Sync + 'static {
    fn handle(
        &self,
        app: &App,
        conn: &mut PgConnection,
        incoming: &Incoming,
    ) -> impl Future<Output = anyhow::Result<Answer>> + Send;
}

/// Why a chat's turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing more is due in this chat.
    Done,
    /// Another replica is at it, or the database is away.
    Elsewhere,
    Failed,
}

/// Handles what is due in a chat, oldest first.
pub async fn take<H: Handler>(app: &App, handler: &H, chat: ChatId) -> Turn {
    for _ in 0..UPDATES_A_TURN {
        match AssertUnwindSafe(one(app, handler, chat)).catch_unwind().await {
            Ok(Ok(Some(()))) => {}
            Ok(Ok(None)) => return Turn::Done,
            Ok(Err(Broken::Elsewhere)) => return Turn::Elsewhere,
            Ok(Err(Broken::Failed(update, error))) => {
                note_failure(app, chat, &update, &error).await;
                return Turn::Failed;
            }
            Err(_) => {
                note_panic(app, chat).await;
                return Turn::Failed;
            }
        }
    }
    Turn::Done
}

enum Broken {
    Elsewhere,
    Failed(Due, anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Broken {
    fn from(error: E) -> Self {
        let error: anyhow::Error = error.into();
        tracing::warn!(error = format!("{error:#}"), "An update could not be taken up");
        Self::Elsewhere
    }
}

async fn one<H: Handler>(app: &App, handler: &H, chat: ChatId) -> Result<Option<()>, Broken> {
    let mut transaction = app.db.begin().await?;
    if !telegram_updates::try_lock_chat(&mut transaction, chat).await? {
        return Err(Broken::Elsewhere);
    }
    let Some(update) = telegram_updates::oldest(&mut transaction, chat, app.now()).await? else {
        return Ok(None);
    };
    let place = (chat, update.update_id);
    let Some(incoming) = read::read(&update.body) else {
        telegram_updates::set_handled(&mut transaction, place, app.now()).await?;
        transaction.commit().await?;
        tracing::info!(update_id = update.update_id, "An update concerns nothing here");
        return Ok(Some(()));
    };
    let serving = async {
        telegram_updates::limit_lock_waits(&mut transaction).await?;
        let answer = handler.handle(app, &mut transaction, &incoming).await?;
        telegram_updates::set_handled(&mut transaction, place, app.now()).await?;
        transaction.commit().await.context("committing what an update caused")?;
        anyhow::Ok(answer)
    };
    let mut serving = std::pin::pin!(serving);
    let (served, is_answered) = match timeout(ANSWER_WITHIN, &mut serving).await {
        Ok(served) => (served, false),
        Err(_) => {
            say_slow(app, &incoming).await;
            (serving.await, true)
        }
    };
    match served {
        Ok(answer) => {
            respond(app, &incoming, answer.toast, is_answered).await;
            metrics::counter!("bot_updates_total", "outcome" => "handled").increment(1);
            Ok(Some(()))
        }
        Err(error) => Err(Broken::Failed(update, error)),
    }
}

/// «Секунду…»: the press itself is answered, the result follows as a message.
async fn say_slow(app: &App, incoming: &Incoming) {
    if let IncomingKind::Press { callback_id, .. } = &incoming.kind {
        let toast = toasts::slow(&context(app, incoming));
        answer(app, callback_id, Some(&toast)).await;
    }
}

/// Tells the person what came of it. The update is handled by now: a failure here repeats nothing.
async fn respond(app: &App, incoming: &Incoming, toast: Option<Toast>, is_answered: bool) {
    match &incoming.kind {
        IncomingKind::Press { callback_id, .. } => {
            let is_told = !is_answered && answer(app, callback_id, toast.as_ref()).await;
            if let Some(toast) = toast.filter(|_| !is_told) {
                say_later(app, incoming.chat_id, &toast).await;
            }
        }
        IncomingKind::Group => {
            if let Err(error) = direct::leave(&app.bot, incoming.chat_id).await {
                tracing::warn!(trouble = error.trouble.as_str(), "Could not leave a group");
            }
        }
        IncomingKind::Text(_) | IncomingKind::Other | IncomingKind::Reachability { .. } => {}
    }
}

async fn answer(app: &App, callback_id: &str, toast: Option<&Toast>) -> bool {
    match direct::answer(&app.bot, callback_id, toast).await {
        Ok(()) => true,
        Err(error) => {
            tracing::info!(trouble = error.trouble.as_str(), "A press could not be answered directly");
            false
        }
    }
}

/// A toast that came too late for its press becomes a message.
async fn say_later(app: &App, chat: ChatId, toast: &Toast) {
    let said = async {
        let mut conn = app.db.acquire().await?;
        outbox::enqueue_screen(&mut conn, chat, &texts::toast(toast), None, app.now()).await
    };
    if let Err(error) = said.await {
        let error: &dyn std::error::Error = &error;
        tracing::warn!(error, "The result of a press could not be told");
    }
}

/// Counts a failure in a transaction of its own, or gives the update up and tells the person.
async fn note_failure(app: &App, chat: ChatId, update: &Due, error: &anyhow::Error) {
    let (place, now) = ((chat, update.update_id), app.now());
    let text = format!("{error:#}");
    let attempt = usize::try_from(update.attempts).unwrap_or(PAUSES.len());
    let noted = async {
        let mut transaction = app.db.begin().await?;
        if let Some(pause) = PAUSES.get(attempt) {
            telegram_updates::set_failed(&mut transaction, place, &text, now + *pause).await?;
        } else {
            telegram_updates::park(&mut transaction, place, &text, now).await?;
            if let Some(incoming) = read::read(&update.body) {
                chats::contact(&mut transaction, chat, language(&incoming), now).await?;
                let screen = texts::update_failed(&context(app, &incoming));
                outbox::enqueue_screen(&mut transaction, chat, &screen, None, now).await?;
            }
        }
        transaction.commit().await?;
        anyhow::Ok(())
    };
    let outcome = if attempt < PAUSES.len() { "failed" } else { "parked" };
    metrics::counter!("bot_updates_total", "outcome" => outcome).increment(1);
    tracing::error!(error = text, update_id = update.update_id, attempt, outcome, "An update failed");
    if let Err(error) = noted.await {
        tracing::warn!(error = format!("{error:#}"), "The failure of an update could not be noted");
    }
}

/// The panic rolled the transaction back; the update is found again as the chat's oldest.
async fn note_panic(app: &App, chat: ChatId) {
    let found = async {
        let mut conn = app.db.acquire().await?;
        telegram_updates::oldest(&mut conn, chat, app.now()).await
    };
    match found.await {
        Ok(Some(update)) => note_failure(app, chat, &update, &anyhow!("the handler panicked")).await,
        Ok(None) => {}
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "The update of a panic could not be found");
        }
    }
}

/// Before the person is identified, the language is what Telegram says.
fn language(incoming: &Incoming) -> Language {
    Language::from_tag(incoming.person.language_code.as_deref())
}

fn context(app: &App, incoming: &Incoming) -> Context<'static> {
    Context { words: Words::of(language(incoming)), timezone: app.config.timezone, now: app.now() }
}
