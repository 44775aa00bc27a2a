//! What became of a call, into the database. Locks the chat first, then the card, then the row.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use tracing::warn;

use super::backoff;
use super::call::Call;
use super::desk::Outcome;
use super::letter::Letter;
use crate::actions::reach::{self, Undelivered};
use crate::app::App;
use crate::leader::{Fence, LostLeadership};
use crate::storage::cards::{self, Card};
use crate::storage::heard;
use crate::storage::outbox::{self, End, Kind};
use crate::telegram::sender::{Failure, Trouble};

/// The message is out, so it is worth some trouble to remember that.
const PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_millis(200), Duration::from_secs(1)];
/// After the token was refused.
const AFTER_FATAL: TimeDelta = TimeDelta::seconds(60);

/// A call of the outbox has come back, with the id of a new message.
pub async fn letter(
    app: &App,
    fence: &Fence,
    letter: &Letter,
    result: Result<Option<i32>, Failure>,
) -> Outcome {
    let trouble = result.as_ref().err().map(|failure| failure.trouble);
    count(kind_name(letter.row.kind), trouble);
    if let Some(trouble) = trouble {
        warn!(outbox_id = %letter.row.id, outcome = trouble.as_str(), "A message did not go out as it should");
    }
    for pause in PAUSES {
        tokio::time::sleep(pause).await;
        match heard(try_letter(app, fence, letter, &result)).await {
            Ok(()) => return Outcome::Called(trouble),
            Err(error) => {
                let id = letter.row.id;
                warn!(outbox_id = %id, error = error.as_ref() as &dyn std::error::Error, "Cannot settle a message");
                if matches!(error.downcast_ref(), Some(LostLeadership::Taken)) {
                    break;
                }
            }
        }
    }
    Outcome::Broken
}

/// A redraw has come back.
pub async fn redraw(
    app: &App,
    fence: &Fence,
    card: &Card,
    drawn: Drawn,
    result: Result<(), Failure>,
) -> Outcome {
    let trouble = result.as_ref().err().map(|failure| failure.trouble);
    count("redraw", trouble);
    match heard(try_redraw(app, fence, card, drawn, &result)).await {
        Ok(()) => Outcome::Called(trouble),
        Err(error) => {
            warn!(card_id = %card.id, error = error.as_ref() as &dyn std::error::Error, "Cannot settle a redraw");
            Outcome::Broken
        }
    }
}

/// What a redraw was to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    Facts,
    /// Number and name of the deal alone: the person does not see the measurement any more.
    Stub,
}

async fn try_letter(
    app: &App,
    fence: &Fence,
    letter: &Letter,
    result: &Result<Option<i32>, Failure>,
) -> anyhow::Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (outcome, message_id, error) = match result {
        Ok(message_id) => {
            delivered(&mut tx, letter, *message_id, now).await?;
            ("delivered", *message_id, None)
        }
        Err(failure) => {
            failed(&mut tx, letter, failure.trouble, now).await?;
            (failure.trouble.as_str(), None, Some(failure.description.as_str()))
        }
    };
    outbox::finish_attempt(&mut tx, letter.attempt, outcome, message_id, error).await?;
    fence.hold(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn delivered(
    conn: &mut PgConnection,
    letter: &Letter,
    message_id: Option<i32>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let Letter { row, draft, .. } = letter;
    if let Some(shown) = &draft.commands {
        outbox::set_commands_shown(conn, row.chat, shown).await?;
    }
    if let (Some(card), Some(message_id)) = (draft.card, message_id) {
        cards::sent(conn, card.id, message_id, card.version, now).await?;
    }
    outbox::end(conn, row.id, End::Sent, now).await?;
    outbox::end_all(conn, &draft.gathered, End::Superseded, now).await?;
    Ok(())
}

async fn failed(
    conn: &mut PgConnection,
    letter: &Letter,
    trouble: Trouble,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let row = &letter.row;
    let later = now + backoff::after(row.attempts);
    match trouble {
        Trouble::Wait(time) => {
            let until = now + TimeDelta::from_std(time)?;
            outbox::pause_chat(conn, row.chat, until).await?;
            outbox::postpone(conn, row.id, until).await?;
        }
        // What may have been delivered is sent again: better twice than not at all.
        Trouble::Retry | Trouble::Uncertain | Trouble::Storage => {
            outbox::postpone(conn, row.id, later).await?;
        }
        Trouble::Gone if row.edit_message_id.is_some() => outbox::send_anew(conn, row.id).await?,
        Trouble::Unreachable(why) => {
            let undelivered = Undelivered { chat: row.chat, user: row.user, measurement: row.measurement };
            reach::lose(conn, undelivered, why, now).await?;
        }
        Trouble::Malformed(_) => {
            let end = if one_by_one(conn, letter, now).await? { End::Superseded } else { End::Failed };
            outbox::end(conn, row.id, end, now).await?;
        }
        Trouble::Moot | Trouble::Gone => outbox::end(conn, row.id, End::Failed, now).await?,
        Trouble::Fatal => outbox::postpone(conn, row.id, now + AFTER_FATAL).await?,
    }
    Ok(())
}

/// Files that cannot be sent together become rows of their own. False where it is no more than one.
async fn one_by_one(conn: &mut PgConnection, letter: &Letter, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let row = &letter.row;
    let (Call::Files(album), Some(user), Some(measurement)) = (&letter.draft.call, row.user, row.measurement)
    else {
        return Ok(false);
    };
    if album.files.len() < 2 {
        return Ok(false);
    }
    for captioned in &album.files {
        outbox::enqueue_files(conn, row.chat, user, measurement, &[captioned.file.id], now).await?;
    }
    Ok(true)
}

async fn try_redraw(
    app: &App,
    fence: &Fence,
    card: &Card,
    drawn: Drawn,
    result: &Result<(), Failure>,
) -> anyhow::Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    match result {
        Ok(()) => cards::drawn(&mut tx, card, now).await?,
        Err(failure) => not_drawn(&mut tx, card, failure, now).await?,
    }
    // Also where this message is gone: older ones may be there.
    if drawn == Drawn::Stub && card.is_live {
        cards::stub_ended(&mut tx, card.chat, card.measurement).await?;
    }
    fence.hold(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn not_drawn(
    conn: &mut PgConnection,
    card: &Card,
    failure: &Failure,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let error = failure.description.as_str();
    let until = match failure.trouble {
        Trouble::Wait(time) => {
            let until = now + TimeDelta::from_std(time)?;
            outbox::pause_chat(conn, card.chat, until).await?;
            until
        }
        // A change may be repeated: the second is «not modified».
        Trouble::Retry | Trouble::Uncertain | Trouble::Storage => now + backoff::after(card.attempts),
        Trouble::Fatal => now + AFTER_FATAL,
        // The card is due again as soon as the person is back.
        Trouble::Unreachable(why) => {
            let measurement = Some(card.measurement);
            let undelivered = Undelivered { chat: card.chat, user: Some(card.user), measurement };
            return Ok(reach::lose(conn, undelivered, why, now).await?);
        }
        Trouble::Moot | Trouble::Gone | Trouble::Malformed(_) => {
            cards::lose(conn, card.id, error, now).await?;
            return Ok(());
        }
    };
    cards::postpone(conn, card.id, until, error).await?;
    Ok(())
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Screen => "screen",
        Kind::Card => "card",
        Kind::Notice(kind) => kind.as_str(),
        Kind::Files => "files",
        Kind::Alert => "alert",
        Kind::Commands => "commands",
    }
}

fn count(kind: &'static str, trouble: Option<Trouble>) {
    let outcome = trouble.map_or("delivered", Trouble::as_str);
    metrics::counter!("bot_sends_total", "kind" => kind, "outcome" => outcome).increment(1);
}
