//! The bot itself: who it is and how it presents itself.

use serde_json::{Value, json};

use crate::telegram::access;
use crate::telegram::params::{NotJson, Params};
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;
use crate::telegram::wire;

pub(super) fn get_me(state: &mut State, _params: &Params) -> Value {
    wire::me(state)
}

pub(super) fn set_name(state: &mut State, params: &Params) -> Answer {
    set(state, params, "name", 64)
}

pub(super) fn get_name(state: &mut State, params: &Params) -> Value {
    let own = json!(state.bot.first_name);
    json!({ "name": state.profile.get(&key("name", params)).unwrap_or(&own) })
}

pub(super) fn set_description(state: &mut State, params: &Params) -> Answer {
    set(state, params, "description", 512)
}

pub(super) fn get_description(state: &mut State, params: &Params) -> Value {
    get(state, params, "description")
}

pub(super) fn set_short_description(state: &mut State, params: &Params) -> Answer {
    set(state, params, "short_description", 120)
}

pub(super) fn get_short_description(state: &mut State, params: &Params) -> Value {
    get(state, params, "short_description")
}

pub(super) fn set_menu_button(state: &mut State, params: &Params) -> Answer {
    let wrong = |NotJson| Refusal::bad_request("can't parse menu button JSON object");
    let button = params.json("menu_button").map_err(wrong)?.unwrap_or_else(|| json!({ "type": "default" }));
    let key = menu_button_key(state, params)?;
    state.profile.insert(key, button);
    Ok(Value::Bool(true))
}

pub(super) fn get_menu_button(state: &mut State, params: &Params) -> Answer {
    let key = menu_button_key(state, params)?;
    Ok(state.profile.get(&key).cloned().unwrap_or_else(|| json!({ "type": "commands" })))
}

fn menu_button_key(state: &State, params: &Params) -> Result<String, Refusal> {
    let chat = if params.has("chat_id") { access::readable(state, params)? } else { 0 };
    Ok(format!("menu_button:{chat}"))
}

fn set(state: &mut State, params: &Params, field: &str, limit: usize) -> Answer {
    let value = params.text(field).unwrap_or_default().into_owned();
    if value.chars().count() > limit {
        return Err(Refusal::bad_request(&format!("{} is too long", field.replace('_', " "))));
    }
    state.profile.insert(key(field, params), value.into());
    Ok(Value::Bool(true))
}

fn get(state: &State, params: &Params, field: &str) -> Value {
    let value = state.profile.get(&key(field, params)).cloned().unwrap_or_else(|| json!(""));
    json!({ field: value })
}

fn key(field: &str, params: &Params) -> String {
    format!("{field}:{}", params.text("language_code").unwrap_or_default())
}
