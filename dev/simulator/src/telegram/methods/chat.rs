//! Chats: what the bot may ask of them and do to them.

use serde_json::{Value, json};

use crate::telegram::access;
use crate::telegram::chat::{Draft, Membership, Note};
use crate::telegram::message::{Author, Body};
use crate::telegram::params::Params;
use crate::telegram::people::Standing;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;
use crate::telegram::text::Formatted;
use crate::telegram::wire;

pub(super) fn get(state: &mut State, params: &Params) -> Answer {
    let id = access::readable(state, params)?;
    let mut chat = wire::chat(state, id);
    chat["accent_color_id"] = 0.into();
    chat["max_reaction_count"] = 11.into();
    chat["accepted_gift_types"] = json!({
        "unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true, "premium_subscription": true,
    });
    if id < 0 {
        chat["permissions"] = json!({ "can_send_messages": true });
    }
    Ok(chat)
}

pub(super) fn member(state: &mut State, params: &Params) -> Answer {
    let chat = access::readable(state, params)?;
    let user = params.integer("user_id").unwrap_or_default();
    if user == state.bot_id {
        return Ok(wire::chat_member(state, "member"));
    }
    match state.people.get(&user) {
        Some(found) if chat == user && found.standing == Standing::Started => {
            Ok(json!({ "user": wire::person(&found.person), "status": "member" }))
        }
        Some(_) => Err(Refusal::bad_request("PARTICIPANT_ID_INVALID")),
        None => Err(Refusal::bad_request("invalid user_id specified")),
    }
}

pub(super) fn leave(state: &mut State, params: &Params) -> Answer {
    let id = access::readable(state, params)?;
    let Some(group) = state.group_mut(id) else {
        return Err(Refusal::bad_request("chat member status can't be changed in private chats"));
    };
    group.bot = Membership::Left;
    let bot = wire::bot(state);
    state.membership_changed(id, &bot, "member", "left");
    state.chat_mut(id)?.note(Note::BotLeft);
    Ok(Value::Bool(true))
}

pub(super) fn pin(state: &mut State, params: &Params) -> Answer {
    let id = access::writable(state, params)?;
    let message = params.integer("message_id").unwrap_or_default();
    let chat = state.chat_mut(id)?;
    if !chat.messages.contains_key(&message) {
        return Err(Refusal::bad_request("message to pin not found"));
    }
    if chat.group.is_some() {
        return Err(Refusal::bad_request("not enough rights to manage pinned messages in the chat"));
    }
    if chat.pinned.replace(message) != Some(message) {
        let draft = Draft::new(Author::Bot, Body::Pinned(message), Formatted::default());
        state.deliver(id, draft)?;
    }
    Ok(Value::Bool(true))
}

pub(super) fn unpin(state: &mut State, params: &Params) -> Answer {
    let id = access::writable(state, params)?;
    let wanted = params.integer("message_id");
    let chat = state.chat_mut(id)?;
    if chat.pinned.is_none() || wanted.is_some_and(|wanted| chat.pinned != Some(wanted)) {
        return Err(Refusal::bad_request("message to unpin not found"));
    }
    chat.pinned = None;
    Ok(Value::Bool(true))
}

pub(super) fn unpin_all(state: &mut State, params: &Params) -> Answer {
    let id = access::writable(state, params)?;
    state.chat_mut(id)?.pinned = None;
    Ok(Value::Bool(true))
}
