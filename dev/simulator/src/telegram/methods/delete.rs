//! Messages taken away for both sides.

use chrono::TimeDelta;
use serde_json::Value;

use crate::telegram::access;
use crate::telegram::params::{NotJson, Params};
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;

const TOO_OLD: TimeDelta = TimeDelta::hours(48);

pub(super) fn one(state: &mut State, params: &Params) -> Answer {
    let chat = access::writable(state, params)?;
    let Some(id) = params.integer("message_id").filter(|id| *id != 0) else {
        return Err(Refusal::bad_request("message identifier is not specified"));
    };
    check(state, chat, id)?;
    state.chat_mut(chat)?.messages.remove(&id);
    Ok(Value::Bool(true))
}

/// What cannot be deleted is skipped.
pub(super) fn many(state: &mut State, params: &Params) -> Answer {
    let wrong = || Refusal::bad_request("can't parse message identifiers JSON array");
    let list = params.json("message_ids").map_err(|NotJson| wrong())?.ok_or_else(wrong)?;
    let ids: Vec<i64> = serde_json::from_value(list).map_err(|_| wrong())?;
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::bad_request("message identifiers must be from 1 to 100"));
    }
    let chat = access::writable(state, params)?;
    for id in ids {
        if check(state, chat, id).is_ok() {
            state.chat_mut(chat)?.messages.remove(&id);
        }
    }
    Ok(Value::Bool(true))
}

fn check(state: &State, chat: i64, id: i64) -> Result<(), Refusal> {
    let chat = state.chat(chat)?;
    let Some(message) = chat.messages.get(&id) else {
        return Err(Refusal::bad_request("message to delete not found"));
    };
    if state.age(message) > TOO_OLD {
        return Err(Refusal::bad_request("message can't be deleted for everyone"));
    }
    if chat.group.is_some() && !message.is_from_bot() {
        return Err(Refusal::bad_request("message can't be deleted"));
    }
    Ok(())
}
