//! Whether AmoCRM may be called now. Pure; kept in the database, so that a new leader respects it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::error::{AmoCrmError, Call};

const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(1);
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(2);
/// However long AmoCRM asks us to wait, a person must not wait for longer.
const LONGEST_ASKED: TimeDelta = TimeDelta::minutes(15);
const PROBE_EVERY: TimeDelta = TimeDelta::minutes(15);
const FORBIDDEN_FOR: TimeDelta = TimeDelta::hours(1);
const TOKEN_PAUSE: TimeDelta = TimeDelta::minutes(1);
const TOKEN_TOLD_EVERY: TimeDelta = TimeDelta::hours(1);

/// What the answers so far say of the next call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// No call before this moment.
    paused_until: Option<DateTime<Utc>>,
    /// When the last failure was that paused calls.
    failed_at: Option<DateTime<Utc>>,
    /// Failures in a row, which make the pauses longer.
    failures: u32,
    /// The gateway has shown its block page, and no call has passed since.
    is_blocked: bool,
    /// Calls that the token's owner has no right to, each until it is tried again.
    forbidden_until: BTreeMap<Call, DateTime<Utc>>,
    token_told_at: Option<DateTime<Utc>>,
    refresh_told_at: Option<DateTime<Utc>>,
}

/// What people must hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Blocked,
    Unblocked,
    TokenRefused,
    RefreshRefused,
}

/// Why a call is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// No call is, until then.
    Paused(DateTime<Utc>),
    /// This one is not, until then; others are.
    Forbidden(DateTime<Utc>),
}

impl Closed {
    pub fn until(self) -> DateTime<Utc> {
        match self {
            Self::Paused(until) | Self::Forbidden(until) => until,
        }
    }
}

impl Gate {
    /// # Errors
    ///
    /// [`Closed`] if the call must not be made now.
    pub fn check(&self, call: Call, now: DateTime<Utc>) -> Result<(), Closed> {
        if let Some(until) = self.paused_until.filter(|until| *until > now) {
            return Err(Closed::Paused(until));
        }
        match self.forbidden_until.get(&call) {
            Some(until) if *until > now => Err(Closed::Forbidden(*until)),
            _ => Ok(()),
        }
    }

    /// A call that began at `began` was answered. Returns what admins must hear.
    ///
    /// Calls are made beside each other: what another one has met since then is newer than this answer, and stays.
    pub fn succeeded(&mut self, call: Call, began: DateTime<Utc>) -> Option<News> {
        self.forbidden_until.remove(&call);
        if self.failed_at.is_some_and(|failed| failed >= began) {
            return None;
        }
        let was_blocked = self.is_blocked;
        *self = Self { forbidden_until: std::mem::take(&mut self.forbidden_until), ..Self::default() };
        was_blocked.then_some(News::Unblocked)
    }

    /// A call that began at `began` failed. Returns what admins must hear.
    pub fn failed(
        &mut self,
        error: &AmoCrmError,
        (began, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Option<News> {
        match error {
            AmoCrmError::Blocked { .. } => {
                self.close(PROBE_EVERY, now);
                let is_news = !std::mem::replace(&mut self.is_blocked, true);
                is_news.then_some(News::Blocked)
            }
            AmoCrmError::Forbidden { call } => {
                self.forbidden_until.insert(*call, now + FORBIDDEN_FOR);
                None
            }
            AmoCrmError::TokenRefused { .. } => {
                self.close(TOKEN_PAUSE, now);
                tell_hourly(&mut self.token_told_at, now).then_some(News::TokenRefused)
            }
            AmoCrmError::RefreshRefused => {
                self.close(TOKEN_PAUSE, now);
                tell_hourly(&mut self.refresh_told_at, now).then_some(News::RefreshRefused)
            }
            AmoCrmError::TooMany { retry_after, .. } => {
                self.pause(*retry_after, (began, now));
                None
            }
            // No other call has anything to do with it.
            error if error.is_of_webhooks() || error.is_of_companies() => None,
            AmoCrmError::Status { .. }
            | AmoCrmError::Unreachable { .. }
            | AmoCrmError::Unreadable { .. }
            | AmoCrmError::TokenAwaited => {
                self.pause(None, (began, now));
                None
            }
            // It was not made.
            AmoCrmError::Closed(_) | AmoCrmError::Storage(_) => None,
        }
    }

    /// As long as AmoCRM asked for, else twice as long with each failure in a row. Several loops call beside each
    /// other: what was under way when the last one failed has met the same trouble, not more of it.
    fn pause(&mut self, asked: Option<Duration>, (began, now): (DateTime<Utc>, DateTime<Utc>)) {
        if self.failed_at.is_none_or(|failed| began >= failed) {
            self.failures = self.failures.saturating_add(1);
        }
        let doublings = self.failures.saturating_sub(1).min(10);
        let own = (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE);
        let asked = asked.map(|asked| TimeDelta::from_std(asked).unwrap_or(LONGEST_ASKED).min(LONGEST_ASKED));
        // While the account is blocked only its own probes are made.
        let least = if self.is_blocked { PROBE_EVERY } else { own };
        self.close(asked.map_or(least, |asked| asked.max(least.min(FIRST_PAUSE))), now);
    }

    /// A short pause does not end a longer one.
    fn close(&mut self, pause: TimeDelta, now: DateTime<Utc>) {
        self.paused_until = self.paused_until.max(Some(now + pause));
        self.failed_at = Some(now);
    }
}

fn tell_hourly(told_at: &mut Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let is_news = told_at.is_none_or(|told| now - told >= TOKEN_TOLD_EVERY);
    if is_news {
        *told_at = Some(now);
    }
    is_news
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    /// A call that failed as soon as it was made.
    fn fails(gate: &mut Gate, error: &AmoCrmError, now: DateTime<Utc>) -> Option<News> {
        gate.failed(error, (now, now))
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn down() -> AmoCrmError {
        AmoCrmError::Status { call: Call::Leads, status: StatusCode::BAD_GATEWAY }
    }

    fn opens_after(gate: &Gate, now: i64) -> i64 {
        gate.paused_until.map_or(0, |until| (until - at(now)).num_seconds())
    }

    #[test]
    fn pauses_grow_with_failures_in_a_row_and_an_answer_ends_them() {
        let mut gate = Gate::default();
        let mut pauses = Vec::new();
        for _ in 0..10 {
            assert_eq!(fails(&mut gate, &down(), at(0)), None);
            pauses.push(opens_after(&gate, 0));
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]);
        assert_eq!(gate.check(Call::Users, at(119)), Err(Closed::Paused(at(120))));
        assert_eq!(gate.check(Call::Users, at(120)), Ok(()));
        assert_eq!(gate.succeeded(Call::Users, at(120)), None);
        assert_eq!(gate, Gate::default());
    }

    #[test]
    fn calls_that_were_under_way_together_fail_as_one() {
        let mut gate = Gate::default();
        for ended in 30..38 {
            gate.failed(&down(), (at(0), at(ended)));
        }
        assert_eq!(opens_after(&gate, 37), 1);
        gate.failed(&down(), (at(38), at(40)));
        assert_eq!(opens_after(&gate, 40), 2, "one that was made after the pause is the next in the row");
    }

    #[test]
    fn what_amocrm_asks_for_is_kept_to() {
        let mut gate = Gate::default();
        let asks = |seconds| {
            let retry_after = Some(Duration::from_secs(seconds));
            AmoCrmError::TooMany { call: Call::Leads, retry_after }
        };
        fails(&mut gate, &asks(300), at(0));
        assert_eq!(opens_after(&gate, 0), 300);
        fails(&mut gate, &down(), at(1));
        assert_eq!(opens_after(&gate, 0), 300, "a call that was under way does not shorten it");
        fails(&mut gate, &asks(0), at(300));
        assert_eq!(opens_after(&gate, 300), 1, "at once is too soon");
        fails(&mut gate, &asks(u64::MAX), at(301));
        assert_eq!(opens_after(&gate, 301), 900);
    }

    #[test]
    fn a_block_stops_everything_and_is_told_once_with_a_probe_every_quarter_of_an_hour() {
        let mut gate = Gate::default();
        let blocked = AmoCrmError::Blocked { call: Call::Leads };
        assert_eq!(fails(&mut gate, &blocked, at(0)), Some(News::Blocked));
        assert_eq!(gate.check(Call::Users, at(899)), Err(Closed::Paused(at(900))));
        assert_eq!(fails(&mut gate, &blocked, at(900)), None);
        assert_eq!(fails(&mut gate, &down(), at(1800)), None);
        assert_eq!(opens_after(&gate, 1800), 900, "trouble of another kind does not speed the probes up");
        assert_eq!(gate.succeeded(Call::Leads, at(2700)), Some(News::Unblocked));
        assert_eq!(gate.succeeded(Call::Leads, at(2700)), None);
    }

    #[test]
    fn an_answer_lifts_only_what_was_there_when_it_was_asked_for() {
        let retry_after = Some(Duration::from_mins(5));
        for (error, pause) in [
            (AmoCrmError::Blocked { call: Call::Leads }, 900),
            (AmoCrmError::TooMany { call: Call::Leads, retry_after }, 300),
            (AmoCrmError::TokenRefused { call: Call::Leads }, 60),
        ] {
            let mut gate = Gate::default();
            fails(&mut gate, &error, at(5));
            let closed = gate.clone();
            assert_eq!(gate.succeeded(Call::Users, at(4)), None);
            assert_eq!((&gate, opens_after(&gate, 5)), (&closed, pause), "{error}");
            gate.succeeded(Call::Users, at(5 + pause));
            assert_eq!(gate, Gate::default());
        }
    }

    #[test]
    fn a_missing_right_turns_that_call_off_for_an_hour() {
        let mut gate = Gate::default();
        assert_eq!(fails(&mut gate, &AmoCrmError::Forbidden { call: Call::Contacts }, at(0)), None);
        gate.succeeded(Call::Leads, at(1));
        assert_eq!(gate.check(Call::Contacts, at(3599)), Err(Closed::Forbidden(at(3600))));
        assert_eq!(gate.check(Call::Leads, at(1)), Ok(()));
        assert_eq!(gate.check(Call::Contacts, at(3600)), Ok(()));
    }

    #[test]
    fn a_refused_webhook_stops_nothing() {
        let mut gate = Gate::default();
        for call in [Call::Webhooks, Call::Subscribe, Call::Unsubscribe] {
            let refused = AmoCrmError::Status { call, status: StatusCode::PAYMENT_REQUIRED };
            assert_eq!(fails(&mut gate, &refused, at(0)), None);
        }
        assert_eq!(gate, Gate::default());
        fails(
            &mut gate,
            &AmoCrmError::Status { call: Call::Subscribe, status: StatusCode::BAD_GATEWAY },
            at(0),
        );
        assert_eq!(opens_after(&gate, 0), 1, "AmoCRM as a whole is away");
    }

    #[test]
    fn a_refused_token_is_told_at_most_hourly() {
        let mut gate = Gate::default();
        let refused = AmoCrmError::TokenRefused { call: Call::Leads };
        assert_eq!(fails(&mut gate, &refused, at(0)), Some(News::TokenRefused));
        assert_eq!(fails(&mut gate, &refused, at(60)), None);
        assert_eq!(fails(&mut gate, &refused, at(3600)), Some(News::TokenRefused));
        assert_eq!(
            fails(&mut gate, &AmoCrmError::RefreshRefused, at(3660)),
            Some(News::RefreshRefused),
            "this says more"
        );
        assert_eq!(fails(&mut gate, &AmoCrmError::RefreshRefused, at(3720)), None);
        assert_eq!(fails(&mut gate, &AmoCrmError::RefreshRefused, at(7260)), Some(News::RefreshRefused));
    }

    #[test]
    fn it_survives_the_way_to_the_database_and_back() {
        let mut gate = Gate::default();
        fails(&mut gate, &AmoCrmError::Forbidden { call: Call::Contacts }, at(0));
        fails(&mut gate, &down(), at(0));
        let stored = serde_json::to_value(&gate).unwrap();
        assert_eq!(serde_json::from_value::<Gate>(stored).unwrap(), gate);
        assert_eq!(serde_json::from_str::<Gate>("{}").unwrap(), Gate::default());
    }
}
