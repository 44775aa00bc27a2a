//! Command lists.

use serde_json::{Value, json};

use crate::telegram::access;
use crate::telegram::commands::{self, Scope};
use crate::telegram::params::{NotJson, Params};
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;

pub(super) fn set(state: &mut State, params: &Params) -> Answer {
    let wrong = |NotJson| Refusal::bad_request("can't parse commands JSON object");
    let list = params.json("commands").map_err(wrong)?.unwrap_or_else(|| json!([]));
    let list = commands::read(list)?;
    let (scope, language) = key(state, params)?;
    state.commands.set(scope, language, list);
    Ok(Value::Bool(true))
}

pub(super) fn get(state: &mut State, params: &Params) -> Answer {
    let (scope, language) = key(state, params)?;
    Ok(json!(state.commands.get(scope, &language)))
}

pub(super) fn delete(state: &mut State, params: &Params) -> Answer {
    let (scope, language) = key(state, params)?;
    state.commands.set(scope, language, vec![]);
    Ok(Value::Bool(true))
}

/// Scope and language; a scope that names a chat needs one that the bot knows.
fn key(state: &State, params: &Params) -> Result<(Scope, String), Refusal> {
    let wrong = || Refusal::bad_request("can't parse BotCommandScope JSON object");
    let scope = match params.json("scope").map_err(|NotJson| wrong())? {
        None => Scope::Default,
        Some(scope) => serde_json::from_value(scope).map_err(|_| wrong())?,
    };
    if let Some(chat) = scope.chat() {
        access::readable(state, &Params::of_chat(chat))?;
    }
    let language = params.text("language_code").unwrap_or_default().into_owned();
    let is_code = language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase());
    if !language.is_empty() && !is_code {
        return Err(Refusal::bad_request("invalid language code specified"));
    }
    Ok((scope, language))
}
