//! One chat's turn: its oldest updates, each in one transaction with everything that it causes.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use sqlx::{PgConnection, Postgres, Transaction};

use super::reply::Reply;
use super::{commit, failure, group};
use crate::app::App;
use crate::domain::ids::ChatId;
use crate::storage::telegram_updates::{self, Due, Place};
use crate::storage::{Cause, StorageError, cause_of, gave_way, heard};
use crate::telegram::incoming::{Answer, Incoming, IncomingKind};
use crate::telegram::read;

/// One chat does not keep its place for ever.
const UPDATES_A_TURN: usize = 20;
/// Whoever is at this chat goes on with whatever it has; this is the net under that.
const ELSEWHERE: Duration = Duration::from_millis(200);

/// What serves an update inside the transaction that marks it as handled.
pub trait Handler: Send + Sync + 'static {
    fn handle(
        &self,
        app: &App,
        conn: &mut PgConnection,
        incoming: &Incoming,
    ) -> impl Future<Output = anyhow::Result<Answer>> + Send;
}

/// How a chat's turn ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// What was due is done, as far as one turn goes.
    Done,
    /// Nothing can be done in this chat before so much time has passed.
    Again(Duration),
    /// The database cannot be used; this is how it failed.
    Away(String),
}

/// What became of the oldest update.
enum Step {
    Handled,
    NothingIsDue,
    /// To another transaction; nothing is done, and all of it may be done at once.
    GaveWay,
    /// Another replica is at this chat.
    Elsewhere,
    Failed(Duration),
}

/// Handles what is due in a chat, oldest first.
pub async fn take<H: Handler>(app: &App, handler: &H, chat: ChatId) -> Turn {
    for _ in 0..UPDATES_A_TURN {
        match step(app, handler, chat).await {
            Ok(Step::Handled | Step::GaveWay) => {}
            Ok(Step::NothingIsDue) => return Turn::Done,
            Ok(Step::Elsewhere) => return Turn::Again(ELSEWHERE),
            Ok(Step::Failed(pause)) => return Turn::Again(pause),
            Err(error) if cause_of(&error) == Some(Cause::Away) => return Turn::Away(format!("{error:#}")),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "An update could not be taken up");
                return Turn::Again(failure::LATER);
            }
        }
    }
    Turn::Done
}

/// The chat's oldest update with the transaction that holds the chat, or why there is none.
async fn take_up(
    app: &App,
    chat: ChatId,
) -> anyhow::Result<Result<(Transaction<'static, Postgres>, Due), Step>> {
    let bot_id = app.config.telegram.bot_id;
    let mut transaction = app.db.begin().await?;
    if !telegram_updates::try_lock_chat(&mut transaction, chat).await? {
        transaction.rollback().await?;
        return Ok(Err(Step::Elsewhere));
    }
    let Some(update) = telegram_updates::oldest(&mut transaction, bot_id, chat, app.now()).await? else {
        transaction.rollback().await?;
        return Ok(Err(Step::NothingIsDue));
    };
    Ok(Ok((transaction, update)))
}

async fn step<H: Handler>(app: &App, handler: &H, chat: ChatId) -> anyhow::Result<Step> {
    let (mut transaction, update) = match heard(take_up(app, chat)).await? {
        Ok(taken) => taken,
        Err(step) => return Ok(step),
    };
    let Some(incoming) = read::read(&update.body) else {
        let ignoring = async {
            telegram_updates::set_handled(&mut transaction, update.place, app.now()).await?;
            anyhow::Ok(transaction.commit().await?)
        };
        heard(ignoring).await?;
        tracing::info!(update_id = update.place.update_id, "An update concerns nothing here");
        count("ignored");
        return Ok(Step::Handled);
    };
    if incoming.kind == IncomingKind::Group {
        // Telegram is called for this, so nothing may be held meanwhile.
        roll_back(transaction).await?;
        let pause = group::leave(app, &update, chat).await?;
        count(if pause.is_some() { "failed" } else { "handled" });
        return Ok(pause.map_or(Step::Handled, Step::Failed));
    }
    handle(app, handler, transaction, &update, &incoming).await
}

async fn handle<H: Handler>(
    app: &App,
    handler: &H,
    transaction: Transaction<'static, Postgres>,
    update: &Due,
    incoming: &Incoming,
) -> anyhow::Result<Step> {
    let mut reply = Reply::new(app, incoming, update);
    let serving = serve(app, handler, transaction, (incoming, update.place));
    match reply.while_waiting_for(serving).await {
        Ok((answer, was_answered)) => {
            count("handled");
            reply.give(answer.toast, was_answered).await;
            Ok(Step::Handled)
        }
        Err(error) if cause_of(&error) == Some(Cause::Away) => {
            count("waiting");
            reply.say_slow().await;
            Err(error)
        }
        Err(error) if gave_way(&error) && failure::is_excused(app, update, &error) => {
            tracing::info!(update_id = update.place.update_id, "An update gave way to another transaction");
            Ok(Step::GaveWay)
        }
        Err(error) => {
            // The press itself cannot wait for another try.
            let (noted, ()) = tokio::join!(failure::note(app, update, incoming, &error), reply.say_slow());
            let pause = noted?;
            count(if pause.is_some() { "failed" } else { "parked" });
            Ok(pause.map_or(Step::Handled, Step::Failed))
        }
    }
}

/// The update and all that it causes, or nothing. Also says whether the press was answered while it waited.
async fn serve<H: Handler>(
    app: &App,
    handler: &H,
    mut transaction: Transaction<'static, Postgres>,
    (incoming, place): (&Incoming, Place),
) -> anyhow::Result<(Answer, bool)> {
    let now = app.now();
    let causing = heard(cause(app, handler, &mut transaction, (incoming, place), now));
    let caused = AssertUnwindSafe(causing).catch_unwind().await;
    match caused.unwrap_or_else(|_| Err(anyhow!("the handler panicked"))) {
        Ok(caused) => {
            commit::commit(app, transaction, (incoming.chat_id, place), now).await?;
            Ok(caused)
        }
        // Nothing is asked of a connection that may be silent; the pool looks after it.
        Err(error) if cause_of(&error) == Some(Cause::Away) => Err(error),
        Err(error) => match roll_back(transaction).await {
            Ok(()) => Err(error),
            Err(_) => Err(error.context("and the connection was lost")),
        },
    }
}

/// Before anything else is done: a transaction that is only dropped holds the chat a little longer.
async fn roll_back(transaction: Transaction<'static, Postgres>) -> Result<(), StorageError> {
    heard(async { Ok(transaction.rollback().await?) }).await
}

async fn cause<H: Handler>(
    app: &App,
    handler: &H,
    conn: &mut PgConnection,
    (incoming, place): (&Incoming, Place),
    now: DateTime<Utc>,
) -> anyhow::Result<(Answer, bool)> {
    telegram_updates::limit_lock_waits(conn).await?;
    let answer = handler.handle(app, conn, incoming).await?;
    let was_answered = telegram_updates::set_handled(conn, place, now).await?;
    Ok((answer, was_answered))
}

fn count(outcome: &'static str) {
    metrics::counter!("bot_updates_total", "outcome" => outcome).increment(1);
}
