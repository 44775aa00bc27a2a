//! Answers to presses.

use std::borrow::Cow;

use serde_json::Value;

use crate::telegram::callbacks::{CallbackId, Toast};
use crate::telegram::params::Params;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;

const MAX_ANSWER: usize = 200;

pub(super) fn answer(state: &mut State, params: &Params) -> Answer {
    let id = CallbackId(params.text("callback_query_id").unwrap_or_default().into_owned());
    let text = params.text("text").unwrap_or_default().into_owned();
    if text.chars().count() > MAX_ANSWER {
        return Err(Refusal::bad_request("MESSAGE_TOO_LONG"));
    }
    let url = params.text("url").filter(|url| !url.is_empty()).map(Cow::into_owned);
    let own_link = format!("https://t.me/{}?start=", state.bot.username);
    if url.as_ref().is_some_and(|url| !url.starts_with(&own_link)) {
        return Err(Refusal::bad_request("URL_INVALID"));
    }
    let toast = Toast { text, is_alert: params.flag("show_alert"), url, at: state.now };
    state.callbacks.answer(&id, toast)?;
    Ok(Value::Bool(true))
}
