//! How often AmoCRM may be called, and what happens to those who call more often.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// Limits on real time, whatever the clock of the account says.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests within `window` with one token.
    pub per_integration: usize,
    /// Requests within `window` with any token.
    pub per_account: usize,
    /// A second in AmoCRM; a longer one makes tests independent of their own speed.
    pub window: Duration,
    pub refusal: LimitRefusal,
    /// Told in the body of a JSON refusal.
    pub retry_after: Option<Duration>,
    /// So many refusals within `block_window` block all calls until `unblock`.
    pub block_after: usize,
    pub block_window: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitRefusal {
    Json,
    /// As the gateway refuses.
    Html,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_integration: 7,
            per_account: 50,
            window: Duration::from_secs(1),
            refusal: LimitRefusal::Json,
            retry_after: Some(Duration::from_secs(1)),
            block_after: 20,
            block_window: Duration::from_mins(1),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Granted,
    TooMany,
    Blocked,
}

/// Counts granted calls in sliding windows. Refused calls count towards the block only.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    limits: Option<Limits>,
    by_token: HashMap<String, VecDeque<Instant>>,
    account: VecDeque<Instant>,
    refusals: VecDeque<Instant>,
    pub is_blocked: bool,
}

impl Limiter {
    pub fn new(limits: Option<Limits>) -> Self {
        Self { limits, ..Self::default() }
    }

    pub fn limits(&self) -> Option<&Limits> {
        self.limits.as_ref()
    }

    pub fn set_limits(&mut self, limits: Option<Limits>) {
        self.limits = limits;
    }

    pub fn unblock(&mut self) {
        self.is_blocked = false;
        self.refusals.clear();
    }

    pub fn admit(&mut self, token: &str, now: Instant) -> Admission {
        if self.is_blocked {
            return Admission::Blocked;
        }
        let Some(limits) = &self.limits else { return Admission::Granted };
        let own = self.by_token.entry(token.to_owned()).or_default();
        forget_before(own, now, limits.window);
        forget_before(&mut self.account, now, limits.window);
        if own.len() < limits.per_integration && self.account.len() < limits.per_account {
            own.push_back(now);
            self.account.push_back(now);
            return Admission::Granted;
        }
        forget_before(&mut self.refusals, now, limits.block_window);
        self.refusals.push_back(now);
        self.is_blocked = self.refusals.len() >= limits.block_after;
        Admission::TooMany
    }
}

fn forget_before(moments: &mut VecDeque<Instant>, now: Instant, window: Duration) {
    while moments.front().is_some_and(|&moment| now.duration_since(moment) >= window) {
        moments.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_eighth_call_within_a_second_is_refused_and_a_second_later_granted() {
        let mut limiter = Limiter::new(Some(Limits::default()));
        let start = Instant::now();
        let verdicts: Vec<_> = (0..8).map(|_| limiter.admit("a", start)).collect();
        assert!(verdicts[..7].iter().all(|verdict| *verdict == Admission::Granted));
        assert_eq!(verdicts[7], Admission::TooMany);
        assert_eq!(limiter.admit("b", start), Admission::Granted, "another integration has its own limit");
        assert_eq!(limiter.admit("a", start + SECOND), Admission::Granted);
    }

    #[test]
    fn the_account_limit_is_shared_by_all_integrations() {
        let mut limiter = Limiter::new(Some(Limits { per_account: 2, ..Limits::default() }));
        let start = Instant::now();
        assert_eq!(limiter.admit("a", start), Admission::Granted);
        assert_eq!(limiter.admit("b", start), Admission::Granted);
        assert_eq!(limiter.admit("c", start), Admission::TooMany);
    }

    #[test]
    fn repeated_refusals_block_until_unblocked() {
        let limits = Limits { per_integration: 1, block_after: 3, ..Limits::default() };
        let mut limiter = Limiter::new(Some(limits));
        let start = Instant::now();
        for _ in 0..4 {
            limiter.admit("a", start);
        }
        assert_eq!(limiter.admit("a", start + SECOND * 30), Admission::Blocked);
        limiter.unblock();
        assert_eq!(limiter.admit("a", start + SECOND * 30), Admission::Granted);
    }
}
