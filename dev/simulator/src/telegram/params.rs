//! The arguments of one call, whichever way they were encoded.
//!
//! Scalars may come as themselves or as strings, nested values as JSON or as strings of JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Bytes;
use serde_json::{Map, Value};

#[derive(Clone, Debug, Default)]
pub(super) struct Params {
    pub values: Map<String, Value>,
    /// What was uploaded, by the name of its part.
    pub files: BTreeMap<String, Bytes>,
}

/// The argument is there, but is a string that holds no JSON.
pub(super) struct NotJson;

impl Params {
    pub fn of_chat(chat_id: i64) -> Self {
        let values = Map::from_iter([("chat_id".to_owned(), chat_id.into())]);
        Self { values, ..Self::default() }
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_null())
    }

    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.values.get(name)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            number @ Value::Number(_) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => matches!(text.to_lowercase().as_str(), "true" | "yes" | "1"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A nested value; an empty string counts as absent.
    pub fn json(&self, name: &str) -> Result<Option<Value>, NotJson> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| NotJson),
            Some(value) => Ok(Some(value.clone())),
        }
    }
}
