//! Changes of messages that the bot has sent.

use crate::telegram::access;
use crate::telegram::keyboard::{self, Markup};
use crate::telegram::limiter::Spending;
use crate::telegram::message::{Body, Message};
use crate::telegram::params::Params;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;
use crate::telegram::text::{self, Formatted, Use};
use crate::telegram::wire;

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are \
                            exactly the same as a current content and reply markup of the message";

/// An edit without `reply_markup` removes the keyboard.
pub(super) fn text(state: &mut State, params: &Params) -> Answer {
    let content = text::read(params, Use::Edit)?;
    let markup = keyboard::read_inline(params)?;
    let message = editable(state, params)?;
    if message.body != Body::Text {
        return Err(Refusal::bad_request("there is no text in the message to edit"));
    }
    apply(state, message, content, markup)
}

/// Without `caption` it is taken away.
pub(super) fn caption(state: &mut State, params: &Params) -> Answer {
    let content = text::read_caption(params)?;
    let markup = keyboard::read_inline(params)?;
    let message = editable(state, params)?;
    let has_caption = match &message.body {
        Body::Photo(_) => true,
        Body::File(file) => file.kind.has_caption(),
        _ => false,
    };
    if !has_caption {
        return Err(Refusal::bad_request("there is no caption in the message to edit"));
    }
    apply(state, message, content, markup)
}

pub(super) fn reply_markup(state: &mut State, params: &Params) -> Answer {
    let markup = keyboard::read_inline(params)?;
    let message = editable(state, params)?;
    let content = Formatted {
        text: message.text.clone(),
        entities: message.entities.clone(),
        source: message.source.clone(),
    };
    apply(state, message, content, markup)
}

fn editable(state: &State, params: &Params) -> Result<Message, Refusal> {
    let chat = access::writable(state, params)?;
    let Some(id) = params.integer("message_id").filter(|id| *id != 0) else {
        return Err(Refusal::bad_request("message identifier is not specified"));
    };
    let Some(message) = state.chat(chat)?.messages.get(&id) else {
        return Err(Refusal::bad_request("message to edit not found"));
    };
    let has_other_keyboard = message.markup.as_ref().is_some_and(|markup| markup.to_json().is_none());
    if !message.is_from_bot() || has_other_keyboard {
        return Err(Refusal::bad_request("message can't be edited"));
    }
    Ok(message.clone())
}

fn apply(state: &mut State, old: Message, content: Formatted, markup: Option<Markup>) -> Answer {
    let is_same = old.text == content.text && old.entities == content.entities && old.markup == markup;
    if is_same {
        return Err(Refusal::bad_request(NOT_MODIFIED));
    }
    state.limiter.spend(Spending::Edit, old.chat_id, state.now)?;
    let new = Message {
        text: content.text,
        entities: content.entities,
        source: content.source,
        markup,
        edited_at: Some(state.now),
        edits: old.edits + 1,
        ..old
    };
    state.chat_mut(new.chat_id)?.messages.insert(new.id, new.clone());
    Ok(wire::message(state, &new))
}
