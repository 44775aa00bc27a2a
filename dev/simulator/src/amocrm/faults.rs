//! What may be wrong with AmoCRM, on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::model::{Lead, LeadId};

/// Something that goes wrong from now on, until `heal` (or until it is used up).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The gateway answers every call with its HTML page: 502, 503 or 504.
    Down { status: u16 },
    /// Every answer takes this much longer.
    Latency {
        #[serde(rename = "millis", with = "super::millis")]
        delay: Duration,
    },
    /// The next `count` calls whose path begins with `path` (any, if none) are answered like this.
    Next {
        count: u32,
        #[serde(default)]
        path: Option<String>,
        answer: Answer,
    },
    /// Calls whose path begins with this lack the rights: 403 as JSON.
    Forbidden { path: String },
    /// The gateway has blocked us: 403 as HTML on every call.
    Blocked,
    /// The lead is shown with values of wrong types.
    BrokenLead { lead: LeadId },
    /// The lead is shown nowhere, in the bin neither: the token's owner may not see it.
    HiddenLead { lead: LeadId },
    /// The lead is shown as it is at this moment, whatever happens to it later.
    StaleLead { lead: LeadId },
    /// Filters of lists count for nothing: everything comes back.
    FiltersIgnored,
    /// Whoever subscribes an address again does not switch it on.
    StaysDisabled,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    Json {
        status: u16,
    },
    Html {
        status: u16,
    },
    Empty {
        status: u16,
    },
    /// The call is served, and its answer lost on the way: the HTML page of the gateway comes instead.
    Lost {
        status: u16,
    },
    /// 200 and half a document.
    BrokenJson,
    /// Nothing for this long, then the true answer.
    Hang {
        #[serde(rename = "millis", with = "super::millis")]
        delay: Duration,
    },
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    pub down: Option<u16>,
    pub latency: Duration,
    pub forbidden: BTreeSet<String>,
    pub broken: BTreeSet<LeadId>,
    pub hidden: BTreeSet<LeadId>,
    pub stale: BTreeMap<LeadId, Lead>,
    pub filters_ignored: bool,
    pub stays_disabled: bool,
    next: Vec<Next>,
}

#[derive(Debug)]
struct Next {
    left: u32,
    path: Option<String>,
    answer: Answer,
}

impl Faults {
    pub fn answer_next(&mut self, count: u32, path: Option<String>, answer: Answer) {
        self.next.push(Next { left: count, path, answer });
    }

    /// The ordered answer to a call, used up by it.
    pub fn take_answer(&mut self, path: &str) -> Option<Answer> {
        let fits = |next: &Next| next.path.as_deref().is_none_or(|prefix| path.starts_with(prefix));
        let next = self.next.iter_mut().find(|next| next.left > 0 && fits(next))?;
        next.left -= 1;
        Some(next.answer.clone())
    }

    pub fn forbids(&self, path: &str) -> bool {
        self.forbidden.iter().any(|prefix| path.starts_with(prefix.as_str()))
    }
}
