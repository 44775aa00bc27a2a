//! AmoCRM cannot be asked. After ten seconds a deal is taken from its hook, and completed when AmoCRM answers.

use std::error::Error;

use chrono::{DateTime, TimeDelta, Utc};

use super::apply::{After, Desk};
use super::gateway::CallError;
use super::round::back_off;
use crate::storage::lead_nudges::Claim;

/// So long a person would rather wait for AmoCRM than read half of the facts.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);
/// A pause shorter than this would be a busy loop.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(1);

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
    desk.postpone(&waiting, &error.to_string()).await
}

/// AmoCRM answers, and what it says of this deal is no deal.
pub async fn cannot_be_read(desk: &Desk<'_>, claim: &Claim) -> anyhow::Result<()> {
    let at = desk.now + back_off(claim);
    if is_due_from_hook(claim, desk.now) {
        desk.take_hook(claim, After::AskAmoCrm { at }).await?;
    }
    desk.retry(claim, next_look(claim, at, desk.now), "AmoCRM's answer about the deal cannot be read").await
}

fn can_be_taken_from_hook(claim: &Claim) -> bool {
    let has_fields = claim.payload.as_object().is_some_and(|fields| !fields.is_empty());
    claim.from_hook_at.is_none() && (has_fields || claim.deleted_at.is_some())
}

fn is_due_from_hook(claim: &Claim, now: DateTime<Utc>) -> bool {
    can_be_taken_from_hook(claim) && now - claim.first_at >= PATIENCE
}

/// When the deal's turn comes again: with AmoCRM, or earlier where its hook has something to say.
fn next_look(claim: &Claim, opens_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let from_hook_at = claim.first_at + PATIENCE;
    if can_be_taken_from_hook(claim) && from_hook_at > now { opens_at.min(from_hook_at) } else { opens_at }
}
