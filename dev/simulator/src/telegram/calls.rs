//! Everything the bot asked of the server, in order.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

/// Older calls are forgotten, so that a demo may run for days.
const KEPT: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// Documented name: `sendMessage`, however the client wrote it.
    pub method: String,
    pub params: Map<String, Value>,
    pub outcome: Outcome,
    /// When it was answered.
    pub at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    Refused {
        code: u16,
        description: String,
    },
    /// Done, and the answer never arrived.
    Lost,
    /// Not done, and nothing was answered.
    Broken,
}

impl Call {
    pub fn chat_id(&self) -> Option<i64> {
        self.params.get("chat_id").and_then(Value::as_i64)
    }

    pub fn text(&self) -> Option<&str> {
        self.params.get("text").and_then(Value::as_str)
    }
}

#[derive(Debug, Default)]
pub(super) struct CallLog(VecDeque<Call>);

impl CallLog {
    pub fn add(&mut self, call: Call) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(call);
    }

    pub fn all(&self) -> impl Iterator<Item = &Call> {
        self.0.iter()
    }
}
