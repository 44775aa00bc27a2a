//! The time a simulator lives by: the machine's, a test's own, or one that stands until it is moved.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Clones share their shift: advancing one advances all.
#[derive(Clone)]
pub struct Clock {
    base: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    shift: Arc<Mutex<TimeDelta>>,
}

impl Clock {
    /// Runs with the machine's clock; [`Clock::advance`] puts it ahead.
    pub fn real() -> Self {
        Self::following(machine_time)
    }

    /// Stands at `start` until it is advanced.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self::following(move || start)
    }

    /// Asks `now` each time, so that one clock can drive a whole test.
    pub fn following(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self { base: Arc::new(now), shift: Arc::default() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        let shift = *self.shift.lock().unwrap_or_else(PoisonError::into_inner);
        (self.base)() + shift
    }

    /// Moves the clock forward (or back, with a negative delta).
    pub fn advance(&self, by: TimeDelta) {
        *self.shift.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::real()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}
