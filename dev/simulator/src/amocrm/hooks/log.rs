//! Every hook that was raised, and how it was answered.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub type HookId = u64;

/// Older hooks are forgotten.
const KEPT: usize = 20_000;
/// An address that answers badly more often than this is switched off with the next bad answer.
const TOLERATED: usize = 100;

#[derive(Clone, Debug, Serialize)]
pub struct Hook {
    pub id: HookId,
    /// When it was raised, or sent again.
    pub at: DateTime<Utc>,
    pub destination: String,
    pub about: Vec<About>,
    pub body: String,
    /// From 1: AmoCRM comes again with what was not taken.
    pub attempt: usize,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// An event in a hook: `leads`, `status`, the lead's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    pub entity: &'static str,
    pub action: &'static str,
    pub id: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Waiting,
    Answered {
        status: u16,
        #[serde(rename = "millis", with = "crate::amocrm::millis")]
        after: Duration,
    },
    /// No answer within AmoCRM's two seconds.
    TimedOut,
    Unreachable {
        reason: String,
    },
    /// Lost on purpose, never sent.
    Lost,
}

impl Hook {
    /// Whether AmoCRM would take the hook for delivered.
    pub fn is_delivered(&self) -> bool {
        matches!(self.outcome, Outcome::Answered { status: 100..300, .. })
    }

    /// Whether it was sent in vain.
    fn is_invalid(&self) -> bool {
        self.outcome.is_failure()
    }
}

impl Outcome {
    /// Sent, and not taken.
    pub(super) fn is_failure(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Lost | Self::Answered { status: 100..300, .. })
    }
}

#[derive(Debug, Default)]
pub struct HookLog {
    hooks: BTreeMap<HookId, Hook>,
    last_id: HookId,
}

impl HookLog {
    /// Gives the hook its id.
    pub fn add(&mut self, hook: Hook) -> HookId {
        self.last_id += 1;
        let id = self.last_id;
        self.hooks.insert(id, Hook { id, ..hook });
        if self.hooks.len() > KEPT {
            self.hooks.pop_first();
        }
        id
    }

    pub fn settle(&mut self, id: HookId, outcome: Outcome) {
        if let Some(hook) = self.hooks.get_mut(&id) {
            hook.outcome = outcome;
        }
    }

    /// Whether the answer to this hook is the one that makes AmoCRM switch its address off.
    pub fn is_too_bad(&self, id: HookId, since: DateTime<Utc>) -> bool {
        let Some(last) = self.find(id).filter(|hook| hook.is_invalid()) else { return false };
        let judged = self.hooks.values().rev().take_while(|hook| hook.at > since);
        let invalid = judged.filter(|hook| hook.destination == last.destination && hook.is_invalid());
        invalid.take(TOLERATED + 1).count() > TOLERATED
    }

    pub fn find(&self, id: HookId) -> Option<&Hook> {
        self.hooks.get(&id)
    }

    /// The newest `count`, newest first.
    pub fn newest(&self, count: usize) -> Vec<Hook> {
        self.hooks.values().rev().take(count).cloned().collect()
    }

    /// Oldest first.
    pub fn list(&self) -> Vec<Hook> {
        self.hooks.values().cloned().collect()
    }
}
