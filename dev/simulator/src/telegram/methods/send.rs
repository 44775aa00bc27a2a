//! New messages from the bot.

use std::borrow::Cow;

use serde_json::Value;

use crate::telegram::access;
use crate::telegram::chat::Draft;
use crate::telegram::keyboard;
use crate::telegram::limiter::Spending;
use crate::telegram::message::{Author, Body, Contact};
use crate::telegram::params::{NotJson, Params};
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;
use crate::telegram::text::{self, Formatted, Use};
use crate::telegram::wire;

pub(super) fn text(state: &mut State, params: &Params) -> Answer {
    let content = text::read(params, Use::New)?;
    send(state, params, Body::Text, content)
}

pub(super) fn contact(state: &mut State, params: &Params) -> Answer {
    let field = |name| params.text(name).unwrap_or_default().into_owned();
    let contact = Contact {
        phone_number: field("phone_number"),
        first_name: field("first_name"),
        last_name: params.text("last_name").map(Cow::into_owned),
        user_id: None,
    };
    if contact.phone_number.is_empty() {
        return Err(Refusal::bad_request("phone number must be non-empty"));
    }
    if contact.first_name.is_empty() {
        return Err(Refusal::bad_request("first name must be non-empty"));
    }
    send(state, params, Body::Contact(contact), Formatted::default())
}

pub(super) fn location(state: &mut State, params: &Params) -> Answer {
    let (latitude, longitude) = coordinates(params)?;
    send(state, params, Body::Location { latitude, longitude }, Formatted::default())
}

pub(super) fn venue(state: &mut State, params: &Params) -> Answer {
    let (latitude, longitude) = coordinates(params)?;
    let field = |name| params.text(name).unwrap_or_default().into_owned();
    let body = Body::Venue { latitude, longitude, title: field("title"), address: field("address") };
    send(state, params, body, Formatted::default())
}

pub(super) fn chat_action(state: &mut State, params: &Params) -> Answer {
    if params.text("action").is_none_or(|action| action.is_empty()) {
        return Err(Refusal::bad_request("wrong parameter action in request"));
    }
    access::writable(state, params)?;
    Ok(Value::Bool(true))
}

fn coordinates(params: &Params) -> Result<(f64, f64), Refusal> {
    let number = |name: &str| {
        let value = params.text(name).and_then(|text| text.parse::<f64>().ok());
        value.ok_or_else(|| Refusal::bad_request(&format!("{name} is empty")))
    };
    Ok((number("latitude")?, number("longitude")?))
}

pub(super) fn send(state: &mut State, params: &Params, body: Body, content: Formatted) -> Answer {
    let markup = keyboard::read(params)?;
    let chat = access::writable(state, params)?;
    let reply_to = replied(state, params, chat)?;
    state.limiter.spend(Spending::Message, chat, state.now)?;
    let silent = params.flag("disable_notification");
    let draft = Draft { markup, reply_to, silent, ..Draft::new(Author::Bot, body, content) };
    let message = state.post(chat, draft)?;
    Ok(wire::message(state, &message))
}

/// The message replied to, in the new or the old way of naming it.
pub(super) fn replied(state: &State, params: &Params, chat: i64) -> Result<Option<i64>, Refusal> {
    let wrong = |NotJson| Refusal::bad_request("can't parse reply parameters JSON object");
    let given = params.json("reply_parameters").map_err(wrong)?;
    let id = match &given {
        Some(parameters) => parameters["message_id"].as_i64(),
        None => params.integer("reply_to_message_id"),
    };
    let Some(id) = id.filter(|id| *id != 0) else { return Ok(None) };
    if state.chat(chat)?.messages.contains_key(&id) {
        return Ok(Some(id));
    }
    let may_miss = params.flag("allow_sending_without_reply")
        || given.is_some_and(|parameters| parameters["allow_sending_without_reply"] == true);
    if may_miss { Ok(None) } else { Err(Refusal::bad_request("message to be replied not found")) }
}
