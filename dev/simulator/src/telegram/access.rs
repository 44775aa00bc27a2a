//! May the bot read or write this chat: the order of checks and the words are the server's.

use super::chat::{GroupKind, GroupState, Membership};
use super::params::Params;
use super::people::Standing;
use super::refusal::Refusal;
use super::state::{State, chat_not_found};

/// The chat of `chat_id`, if the bot may send to it.
pub(super) fn writable(state: &State, params: &Params) -> Result<i64, Refusal> {
    let id = chat_id(params)?;
    if let Some(resident) = state.people.get(&id) {
        return match resident.standing {
            Standing::Started => Ok(id),
            Standing::Stranger => Err(Refusal::forbidden("bot can't initiate conversation with a user")),
            Standing::Blocked => Err(Refusal::forbidden("bot was blocked by the user")),
            Standing::Deactivated => Err(Refusal::forbidden("user is deactivated")),
        };
    }
    readable(state, params)
}

/// The chat of `chat_id`, if the bot may know of it.
pub(super) fn readable(state: &State, params: &Params) -> Result<i64, Refusal> {
    let id = chat_id(params)?;
    let chat = state.chat(id)?;
    match &chat.group {
        Some(group) => check_group(group)?,
        None if state.people.get(&id).is_none_or(|known| known.standing == Standing::Stranger) => {
            return Err(chat_not_found());
        }
        None => {}
    }
    Ok(id)
}

fn chat_id(params: &Params) -> Result<i64, Refusal> {
    match params.integer("chat_id") {
        Some(id) => Ok(id),
        None if params.text("chat_id").is_none_or(|text| text.is_empty()) => {
            Err(Refusal::bad_request("chat_id is empty"))
        }
        None => Err(chat_not_found()),
    }
}

fn check_group(group: &GroupState) -> Result<(), Refusal> {
    if let Some(to) = group.migrated_to {
        return Err(Refusal::migrated(to));
    }
    let kind = match group.group.kind {
        GroupKind::Group => "group",
        GroupKind::Supergroup => "supergroup",
    };
    match group.bot {
        Membership::Member => Ok(()),
        Membership::Left => Err(Refusal::forbidden(&format!("bot is not a member of the {kind} chat"))),
        Membership::Kicked => Err(Refusal::forbidden(&format!("bot was kicked from the {kind} chat"))),
    }
}
