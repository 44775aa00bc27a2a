//! The bot asks for its updates.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::telegram::params::{NotJson, Params};
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::shared::Shared;
use crate::telegram::state::State;

const LONGEST_POLL: i64 = 50;

/// Waits for updates up to `timeout` seconds of real time, or until another call takes over.
pub(in crate::telegram) async fn get_updates(shared: &Shared, params: &Params) -> Answer {
    let seconds = params.integer("timeout").unwrap_or_default().clamp(0, LONGEST_POLL);
    let deadline = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
    let poller = shared.change(|state| begin(state, params))?;
    let _waiting = Waiting::among(shared);
    let limit = params.integer("limit").unwrap_or(100).clamp(1, 100).unsigned_abs();
    let look = move |state: &mut State| look(state, poller, usize::try_from(limit).unwrap_or(100));
    match shared.wait_until(deadline, look).await {
        Some(answer) => answer,
        None => Ok(json!([])),
    }
}

/// Counts a call that waits, also when its client goes away.
struct Waiting<'a>(&'a Shared);

impl<'a> Waiting<'a> {
    fn among(shared: &'a Shared) -> Self {
        shared.change(|state| state.updates.waiting += 1);
        Self(shared)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.updates.waiting -= 1);
    }
}

/// Confirms, remembers what is wanted and becomes the only poller.
fn begin(state: &mut State, params: &Params) -> Result<u64, Refusal> {
    if state.webhook.is_some() {
        return Err(Refusal::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    remember_wanted(state, params);
    if let Some(offset) = params.integer("offset").filter(|offset| *offset != 0) {
        state.updates.confirm(offset);
    }
    state.updates.poller += 1;
    Ok(state.updates.poller)
}

fn look(state: &mut State, poller: u64, limit: usize) -> Option<Answer> {
    if state.updates.poller != poller {
        return Some(Err(Refusal::conflict(if state.webhook.is_some() {
            "terminated by setWebhook request"
        } else {
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        })));
    }
    state.updates.forget_expired(state.now);
    let found = state.updates.first(limit);
    (!found.is_empty()).then_some(Ok(Value::Array(found)))
}

/// An absent or unreadable list keeps the one before.
pub(super) fn remember_wanted(state: &mut State, params: &Params) {
    if let Ok(Some(list)) = params.json("allowed_updates").map_err(|NotJson| ())
        && let Ok(names) = serde_json::from_value(list)
    {
        state.updates.allow(names);
    }
}
