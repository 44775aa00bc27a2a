//! One chat's turn: its oldest updates, each in one transaction with everything that it causes.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use futures_util::FutureExt;
use sqlx::{PgConnection, Postgres, Transaction};

use super::reply::Reply;
use super::{failure, group};
use crate::app::App;
use crate::domain::ids::ChatId;
use crate::storage::telegram_updates::{self, Due, Place};
use crate::telegram::incoming::{Answer, Incoming, IncomingKind};
use crate::telegram::read;

/// One chat does not keep its place for ever.
const UPDATES_A_TURN: usize = 20;
/// Whoever is at this chat goes on with whatever it has; this is the net under that.
const ELSEWHERE: Duration = Duration::from_millis(200);
const DATABASE_AWAY: Duration = Duration::from_secs(1);

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// What was due is done, as far as one turn goes.
    Done,
    /// Nothing can be done in this chat before so much time has passed.
    Again(Duration),
}

/// What became of the oldest update.
enum Step {
    Handled,
    NothingIsDue,
    /// Another replica is at this chat.
    Elsewhere,
    Failed(Duration),
}

/// Handles what is due in a chat, oldest first.
pub async fn take<H: Handler>(app: &App, handler: &H, chat: ChatId) -> Turn {
    for _ in 0..UPDATES_A_TURN {
        match step(app, handler, chat).await {
            Ok(Step::Handled) => {}
            Ok(Step::NothingIsDue) => return Turn::Done,
            Ok(Step::Elsewhere) => return Turn::Again(ELSEWHERE),
            Ok(Step::Failed(pause)) => return Turn::Again(pause),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "An update could not be taken up");
                return Turn::Again(DATABASE_AWAY);
            }
        }
    }
    Turn::Done
}

async fn step<H: Handler>(app: &App, handler: &H, chat: ChatId) -> anyhow::Result<Step> {
    let bot_id = app.config.telegram.bot_id;
    let mut transaction = app.db.begin().await?;
    if !telegram_updates::try_lock_chat(&mut transaction, chat).await? {
        transaction.rollback().await?;
        return Ok(Step::Elsewhere);
    }
    let Some(update) = telegram_updates::oldest(&mut transaction, bot_id, chat, app.now()).await? else {
        // A transaction that is only dropped holds the chat a little longer.
        transaction.rollback().await?;
        return Ok(Step::NothingIsDue);
    };
    let Some(incoming) = read::read(&update.body) else {
        telegram_updates::set_handled(&mut transaction, update.place, app.now()).await?;
        transaction.commit().await?;
        tracing::info!(update_id = update.place.update_id, "An update concerns nothing here");
        count("ignored");
        return Ok(Step::Handled);
    };
    if incoming.kind == IncomingKind::Group {
        // Telegram is called for this, so nothing may be held meanwhile.
        transaction.rollback().await?;
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
    let serving = serve(app, handler, transaction, update.place, incoming);
    match reply.while_waiting_for(serving).await {
        Ok((answer, was_answered)) => {
            count("handled");
            reply.give(answer.toast, was_answered).await;
            Ok(Step::Handled)
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
    place: Place,
    incoming: &Incoming,
) -> anyhow::Result<(Answer, bool)> {
    let causing = cause(app, handler, &mut transaction, place, incoming);
    let caused = AssertUnwindSafe(causing).catch_unwind().await;
    match caused.unwrap_or_else(|_| Err(anyhow!("the handler panicked"))) {
        Ok(caused) => {
            transaction.commit().await.context("committing what an update caused")?;
            Ok(caused)
        }
        Err(error) => match transaction.rollback().await {
            Ok(()) => Err(error),
            Err(_) => Err(error.context("and the connection was lost")),
        },
    }
}

async fn cause<H: Handler>(
    app: &App,
    handler: &H,
    conn: &mut PgConnection,
    place: Place,
    incoming: &Incoming,
) -> anyhow::Result<(Answer, bool)> {
    telegram_updates::limit_lock_waits(conn).await?;
    let answer = handler.handle(app, conn, incoming).await?;
    let was_answered = telegram_updates::set_handled(conn, place, app.now()).await?;
    Ok((answer, was_answered))
}

fn count(outcome: &'static str) {
    metrics::counter!("bot_updates_total", "outcome" => outcome).increment(1);
}
