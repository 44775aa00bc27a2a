//! AmoCRM cannot be asked. After ten seconds a deal is taken from its hook, and completed when AmoCRM answers.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;

use super::apply::{After, Desk};
use super::gateway::CallError;
use super::round::{CLAIMS, back_off};
use super::trouble::{self, NOT_READABLE};
use crate::storage::heard;
use crate::storage::lead_nudges::{self, Claim};

/// So long a person would rather wait for AmoCRM than read half of the facts.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);
/// A pause shorter than this would be a busy loop.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(1);
/// A healthy AmoCRM has answered by then, also where deals waited for us and not for AmoCRM.
const LOOK_AFTER: Duration = Duration::from_secs(2);

/// Waits for an answer. While it does not come, deals whose time is over are taken from their hooks, whether
/// the answer is about them or not.
///
/// # Errors
///
/// If the database fails or somebody else leads: the answer is then given up.
pub async fn meanwhile<T>(desk: &Desk<'_>, answer: impl Future<Output = T>) -> anyhow::Result<T> {
    let mut answer = pin!(answer);
    loop {
        tokio::select! {
            biased;
            answer = &mut answer => return Ok(answer),
            // On the heap: it is rare, and would make every round's future larger.
            () = sleep(LOOK_AFTER) => Box::pin(take_overdue(&desk.at(desk.app.now()))).await?,
        }
    }
}

async fn take_overdue(desk: &Desk<'_>) -> anyhow::Result<()> {
    let limit = i64::try_from(CLAIMS)?;
    let due = async {
        let mut conn = desk.app.db.acquire().await?;
        lead_nudges::claim(&mut conn, desk.now, limit).await
    };
    let claims = heard(due).await?;
    for claim in claims.iter().filter(|claim| is_due_from_hook(claim, desk.now)) {
        desk.take_hook(claim, After::AskAmoCrm { at: desk.now + SHORTEST_PAUSE }).await?;
    }
    Ok(())
}

/// AmoCRM as a whole cannot be asked, which is no fault of these deals.
pub async fn postpone(desk: &Desk<'_>, claims: &[&Claim], error: CallError) -> anyhow::Result<()> {
    let opens_at = match &error {
        CallError::Closed(closed) => closed.until(),
        CallError::Failed(_, until) => *until,
        CallError::Ours(_) => return Err(error.into()),
    };
    if let CallError::Failed(cause, _) = &error {
        tracing::warn!(error = cause as &dyn Error, deals = claims.len(), until = %opens_at, "AmoCRM is away");
    }
    let opens_at = opens_at.max(desk.now + SHORTEST_PAUSE);
    let mut waiting = Vec::new();
    for claim in claims {
        if is_due_from_hook(claim, desk.now) {
            desk.take_hook(claim, After::AskAmoCrm { at: opens_at }).await?;
        } else {
            waiting.push((*claim, next_look(claim, opens_at, desk.now)));
        }
    }
    desk.postpone(&waiting, &error.to_string(), trouble::of_call(&error)).await
}

/// AmoCRM answers, and what it says of this deal is no deal.
pub async fn cannot_be_read(desk: &Desk<'_>, claim: &Claim) -> anyhow::Result<()> {
    let at = desk.now + back_off(claim, NOT_READABLE, desk.now);
    if is_due_from_hook(claim, desk.now) {
        desk.take_hook(claim, After::AskAmoCrm { at }).await?;
    }
    desk.retry(claim, next_look(claim, at, desk.now), NOT_READABLE).await
}

fn can_be_taken_from_hook(claim: &Claim) -> bool {
    claim.from_hook_at.is_none() && (claim.has_fields() || claim.deleted_at.is_some())
}

fn is_due_from_hook(claim: &Claim, now: DateTime<Utc>) -> bool {
    can_be_taken_from_hook(claim) && now - claim.first_at >= PATIENCE
}

/// When the deal's turn comes again: with AmoCRM, or earlier where its hook has something to say.
fn next_look(claim: &Claim, opens_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let from_hook_at = claim.first_at + PATIENCE;
    if can_be_taken_from_hook(claim) && from_hook_at > now { opens_at.min(from_hook_at) } else { opens_at }
}
