//! When AmoCRM comes again with a hook that was not taken, and when it gives an address up.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::log::Outcome;

/// Before each further attempt, since the one before it.
const PAUSES: [Duration; 4] =
    [Duration::from_mins(5), Duration::from_mins(15), Duration::from_mins(15), Duration::from_hours(1)];
/// How many attempts anything that is no success is worth. A server's own error is worth all.
const OF_ANY_FAILURE: usize = 3;
/// Bad answers that came within this time count against an address.
const JUDGED: TimeDelta = TimeDelta::hours(2);

/// The default is AmoCRM's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Persistence {
    /// So many times faster than AmoCRM comes again, and forgets.
    pub speed: u32,
    /// Whether more than a hundred bad answers switch an address off.
    pub gives_up: bool,
}

impl Default for Persistence {
    fn default() -> Self {
        Self { speed: 1, gives_up: true }
    }
}

impl Persistence {
    /// The pause before the next attempt, if there is one after `attempts` of which the last ended so.
    pub fn again_after(&self, attempts: usize, outcome: &Outcome) -> Option<Duration> {
        let is_their_error = matches!(outcome, Outcome::Answered { status: 499..600, .. });
        let is_failure = outcome.is_failure() && (is_their_error || attempts < OF_ANY_FAILURE);
        let pause = PAUSES.get(attempts.checked_sub(1)?).filter(|_| is_failure)?;
        Some(*pause / self.speed.max(1))
    }

    pub fn judged(&self) -> TimeDelta {
        JUDGED / i32::try_from(self.speed.max(1)).unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(outcome: &Outcome) -> Vec<u64> {
        let real = Persistence::default();
        (1..)
            .map_while(|attempts| real.again_after(attempts, outcome))
            .map(|pause| pause.as_secs() / 60)
            .collect()
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, after: Duration::ZERO }
    }

    #[test]
    fn a_servers_error_is_worth_five_attempts_and_other_failures_three() {
        assert_eq!(minutes(&answered(503)), [5, 15, 15, 60]);
        for outcome in [answered(404), answered(302), Outcome::TimedOut] {
            assert_eq!(minutes(&outcome), [5, 15], "{outcome:?}");
        }
        for outcome in [answered(200), Outcome::Lost] {
            assert_eq!(minutes(&outcome), [0; 0], "{outcome:?}");
        }
    }

    #[test]
    fn time_can_go_faster() {
        let fast = Persistence { speed: 100, ..Persistence::default() };
        assert_eq!(fast.again_after(1, &Outcome::TimedOut), Some(Duration::from_secs(3)));
        assert_eq!(fast.judged(), TimeDelta::seconds(72));
    }
}
