//! Trouble on demand: answers that are wrong, late or lost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::params::Params;
use super::refusal::Refusal;

/// What happens to a call that a rule catches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Not done, and refused in these words.
    Refuse(Refusal),
    /// Not done; a gateway answers 502 with a page of HTML.
    BadGateway,
    /// Not done; the connection stays silent for so long and is then closed.
    Hang(Duration),
    /// Not done; the connection is closed at once.
    Disconnect,
    /// Done, but the connection is closed before the answer.
    LoseAnswer,
}

impl Fault {
    pub fn too_many_requests(retry_after: u32) -> Self {
        Self::Refuse(Refusal::too_many_requests(retry_after))
    }

    pub fn internal_error() -> Self {
        Self::Refuse(Refusal::new(500, "Internal Server Error: restart"))
    }
}

/// Which calls a fault is for; every condition that is set must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// Name of a method in any case; none = every method.
    #[serde(default)]
    pub method: Option<String>,
    #[serde(default)]
    pub chat_id: Option<i64>,
    /// A part of the call's `text`.
    #[serde(default)]
    pub contains: Option<String>,
    /// How many calls it still catches.
    #[serde(default = "once")]
    pub times: u32,
    pub fault: Fault,
}

fn once() -> u32 {
    1
}

impl FaultRule {
    /// The next call of any method.
    pub fn any(fault: Fault) -> Self {
        Self { method: None, chat_id: None, contains: None, times: 1, fault }
    }

    /// The next call of this method.
    pub fn on(method: &str, fault: Fault) -> Self {
        Self { method: Some(method.to_owned()), ..Self::any(fault) }
    }

    #[must_use]
    pub fn chat(self, id: i64) -> Self {
        Self { chat_id: Some(id), ..self }
    }

    #[must_use]
    pub fn containing(self, text: &str) -> Self {
        Self { contains: Some(text.to_owned()), ..self }
    }

    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// Until [`Simulator::clear_faults`](super::Simulator::clear_faults).
    #[must_use]
    pub fn always(self) -> Self {
        self.times(u32::MAX)
    }

    fn catches(&self, method: &str, params: &Params) -> bool {
        let chat = || params.integer("chat_id");
        let text = params.text("text").unwrap_or_default();
        self.times > 0
            && self.method.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(method))
            && self.chat_id.is_none_or(|id| chat() == Some(id))
            && self.contains.as_ref().is_none_or(|part| text.contains(part.as_str()))
    }
}

#[derive(Debug, Default)]
pub(super) struct Faults(Vec<FaultRule>);

impl Faults {
    pub fn add(&mut self, rule: FaultRule) {
        self.0.push(rule);
    }

    pub fn remove(&mut self, rule: &FaultRule) {
        self.0.retain(|known| known != rule);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Rules that have calls left to catch.
    pub fn waiting(&self) -> &[FaultRule] {
        &self.0
    }

    /// The oldest rule that catches the call is used up by one.
    pub fn take(&mut self, method: &str, params: &Params) -> Option<Fault> {
        let rule = self.0.iter_mut().find(|rule| rule.catches(method, params))?;
        rule.times = if rule.times == u32::MAX { u32::MAX } else { rule.times - 1 };
        let fault = rule.fault.clone();
        self.0.retain(|rule| rule.times > 0);
        Some(fault)
    }
}
