//! One row of the outbox on its way: prepare, call, settle.

use anyhow::Context as _;
use tracing::{error, warn};

use super::backoff;
use super::call::Call;
use super::desk::Outcome;
use super::draft::{self, Draft};
use super::settle;
use crate::app::App;
use crate::domain::ids::OutboxId;
use crate::leader::Fence;
use crate::storage::heard;
use crate::storage::outbox::{self, AttemptId, End, Row};
use crate::telegram::sender::Failure;

/// A row that cannot be drawn is tried so often; by then half an hour has passed.
const TRIES: i32 = 12;

/// A row whose attempt has been recorded.
pub struct Letter {
    pub row: Row,
    pub attempt: AttemptId,
    pub draft: Draft,
}

pub async fn send(app: &App, fence: &Fence, id: OutboxId) -> Outcome {
    match heard(prepare(app, fence, id)).await {
        Ok(Some(letter)) => go_out(app, fence, letter).await,
        Ok(None) => Outcome::Idle,
        Err(error) => {
            warn!(outbox_id = %id, error = error.as_ref() as &dyn std::error::Error, "Cannot prepare a message");
            postpone(app, fence, id, &error).await
        }
    }
}

/// Calls, and once more in plainer words where Telegram refuses ours: each call is an attempt of its own.
async fn go_out(app: &App, fence: &Fence, mut letter: Letter) -> Outcome {
    let mut result = letter.draft.call.make(app, letter.row.chat).await;
    while let Err(failure) = &result
        && let Some(plainer) = letter.draft.call.instead(failure)
    {
        error!(outbox_id = %letter.row.id, trouble = ?failure.trouble, "Telegram refused a message as malformed");
        letter = match heard(begin_again(app, fence, &letter, failure, plainer)).await {
            Ok(letter) => letter,
            Err(error) => {
                let error = error.as_ref() as &dyn std::error::Error;
                warn!(outbox_id = %letter.row.id, error, "Cannot note what was refused");
                return Outcome::Broken;
            }
        };
        result = letter.draft.call.make(app, letter.row.chat).await;
    }
    settle::letter(app, fence, &letter, result).await
}

async fn begin_again(
    app: &App,
    fence: &Fence,
    refused: &Letter,
    failure: &Failure,
    plainer: Call,
) -> anyhow::Result<Letter> {
    let mut tx = app.db.begin().await?;
    let error = Some(failure.description.as_str());
    outbox::finish_attempt(&mut tx, refused.attempt, failure.trouble.as_str(), None, error).await?;
    let text = without_codes(plainer.text());
    let attempt = outbox::begin_attempt(&mut tx, refused.row.id, text.as_deref(), app.now()).await?;
    fence.hold(&mut tx).await?;
    tx.commit().await?;
    let draft = Draft { call: plainer, ..refused.draft.clone() };
    Ok(Letter { row: refused.row.clone(), attempt, draft })
}

/// None if there is nothing to send any more.
async fn prepare(app: &App, fence: &Fence, id: OutboxId) -> anyhow::Result<Option<Letter>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let Some(row) = outbox::find_pending(&mut tx, id).await? else { return Ok(None) };
    let letter = if let Some(draft) = draft::draw(app, &mut tx, &row, now).await? {
        if let Some(card) = draft.card {
            outbox::set_card(&mut tx, id, card.id).await?;
        }
        let attempt =
            outbox::begin_attempt(&mut tx, id, without_codes(draft.call.text()).as_deref(), now).await?;
        Some(Letter { row, attempt, draft })
    } else {
        outbox::end(&mut tx, id, End::Superseded, now).await?;
        None
    };
    fence.hold(&mut tx).await?;
    tx.commit().await?;
    Ok(letter)
}

/// The text as it is kept: an invite's link lets somebody in, so its code is not.
fn without_codes(text: Option<&str>) -> Option<String> {
    let (before, after) = text?.split_once("?start=").unwrap_or((text?, ""));
    let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let mark = if after.is_empty() { "" } else { "?start=…" };
    Some(format!("{before}{mark}{rest}"))
}

/// The row waits longer each time, and is given up where it is the row itself that cannot be understood.
async fn postpone(app: &App, fence: &Fence, id: OutboxId, cause: &anyhow::Error) -> Outcome {
    let is_the_database = cause.chain().any(<dyn std::error::Error>::is::<sqlx::Error>);
    let done = async {
        let now = app.now();
        let mut tx = app.db.begin().await?;
        let Some(row) = outbox::find_pending(&mut tx, id).await? else { return Ok(()) };
        if row.attempts >= TRIES && !is_the_database {
            error!(outbox_id = %id, "Gave up a message that cannot be drawn");
            outbox::end(&mut tx, id, End::Failed, now).await?;
        } else {
            outbox::postpone(&mut tx, id, now + backoff::after(row.attempts)).await?;
        }
        fence.hold(&mut tx).await?;
        anyhow::Ok(tx.commit().await?)
    };
    match heard(done).await.context("postponing a message") {
        Ok(()) => Outcome::Idle,
        Err(error) => {
            warn!(outbox_id = %id, error = error.as_ref() as &dyn std::error::Error, "Cannot postpone a message");
            Outcome::Broken
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_codes;

    #[test]
    fn a_kept_text_lets_nobody_in() {
        let link = "Приглашение\nhttps://t.me/zamer_bot?start=k1NzVk8Epd1BEL-je8O2Gw\nОдноразовая";
        let kept = without_codes(Some(link)).unwrap();
        assert_eq!(kept, "Приглашение\nhttps://t.me/zamer_bot?start=…\nОдноразовая");
        assert_eq!(without_codes(Some("Замер №1")).unwrap(), "Замер №1");
        assert_eq!(without_codes(None), None);
    }
}
