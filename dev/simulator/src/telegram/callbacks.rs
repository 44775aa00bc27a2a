//! Presses of inline buttons: each is answered once and in time, or never.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// The id the bot gets as `callback_query.id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallbackId(pub String);

/// What a press was answered with; `text` is empty when only the spinner stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Toast {
    pub text: String,
    pub is_alert: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Debug)]
struct Callback {
    pressed_at: DateTime<Utc>,
    answer: Option<Toast>,
}

#[derive(Debug)]
pub(super) struct Callbacks {
    known: BTreeMap<CallbackId, Callback>,
    lifetime: TimeDelta,
    last_id: i64,
}

impl Callbacks {
    pub fn answerable_for(lifetime: TimeDelta, now: DateTime<Utc>) -> Self {
        Self { known: BTreeMap::new(), lifetime, last_id: now.timestamp_micros() }
    }

    pub fn open(&mut self, now: DateTime<Utc>) -> CallbackId {
        self.last_id += 1;
        let id = CallbackId(self.last_id.to_string());
        self.known.insert(id.clone(), Callback { pressed_at: now, answer: None });
        id
    }

    pub fn answer(&mut self, id: &CallbackId, answer: Toast) -> Result<(), Refusal> {
        let lifetime = self.lifetime;
        let open = self
            .known
            .get_mut(id)
            .filter(|callback| callback.answer.is_none() && answer.at - callback.pressed_at <= lifetime);
        let Some(callback) = open else {
            return Err(Refusal::bad_request(
                "query is too old and response timeout expired or query ID is invalid",
            ));
        };
        callback.answer = Some(answer);
        Ok(())
    }

    pub fn answer_to(&self, id: &CallbackId) -> Option<&Toast> {
        self.known.get(id)?.answer.as_ref()
    }

    pub fn unanswered(&self) -> usize {
        self.known.values().filter(|callback| callback.answer.is_none()).count()
    }
}
