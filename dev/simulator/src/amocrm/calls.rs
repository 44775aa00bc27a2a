//! Every call of the API, for tests that count them.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde::Serialize;

/// Older calls are only counted.
const KEPT: usize = 20_000;

#[derive(Clone, Debug, Serialize)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub query: String,
    /// 499 if the client went away before the answer.
    pub status: u16,
    #[serde(skip)]
    pub at: Instant,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct CallCounts {
    /// By method and path, ids as `{id}`: `GET /api/v4/leads/{id}`.
    pub by_route: BTreeMap<String, u64>,
    pub by_status: BTreeMap<u16, u64>,
    pub total: u64,
    /// Refused by the rate limit.
    pub too_many: u64,
    /// The most calls that fell into any one second.
    pub busiest_second: usize,
}

#[derive(Debug, Default)]
pub(super) struct CallLog {
    calls: VecDeque<Call>,
    counts: CallCounts,
    last_second: VecDeque<Instant>,
}

impl CallLog {
    pub fn add(&mut self, call: Call) {
        let route = format!("{} {}", call.method, route(&call.path));
        *self.counts.by_route.entry(route).or_default() += 1;
        *self.counts.by_status.entry(call.status).or_default() += 1;
        self.counts.total += 1;
        self.counts.too_many += u64::from(call.status == 429);

        self.last_second.push_back(call.at);
        let is_old = |at: &Instant| call.at.saturating_duration_since(*at) >= Duration::from_secs(1);
        while self.last_second.front().is_some_and(is_old) {
            self.last_second.pop_front();
        }
        self.counts.busiest_second = self.counts.busiest_second.max(self.last_second.len());

        self.calls.push_back(call);
        if self.calls.len() > KEPT {
            self.calls.pop_front();
        }
    }

    pub fn counts(&self) -> CallCounts {
        self.counts.clone()
    }

    /// Oldest first.
    pub fn list(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn count_under(&self, path: &str) -> usize {
        self.calls.iter().filter(|call| call.path.starts_with(path)).count()
    }
}

fn route(path: &str) -> String {
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<_> = path.split('/').map(|part| if is_id(part) { "{id}" } else { part }).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_in_paths_are_counted_as_one_route() {
        assert_eq!(super::route("/api/v4/leads/3912001"), "/api/v4/leads/{id}");
        assert_eq!(super::route("/api/v4/leads"), "/api/v4/leads");
    }
}
