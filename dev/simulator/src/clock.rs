//! The time the simulators live by: the real one, or one that only a test moves.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Clones share their shift: advancing one advances all.
#[derive(Clone, Debug)]
pub struct Clock {
    base: Base,
    shift: Arc<Mutex<TimeDelta>>,
}

#[derive(Clone, Copy, Debug)]
enum Base {
    Running,
    Standing(DateTime<Utc>),
}

impl Clock {
    /// Runs with the machine's clock; [`Clock::advance`] puts it ahead.
    pub fn real() -> Self {
        Self::on(Base::Running)
    }

    /// Stands at `start` until it is advanced.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self::on(Base::Standing(start))
    }

    fn on(base: Base) -> Self {
        Self { base, shift: Arc::default() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        let shift = *self.shift.lock().unwrap_or_else(PoisonError::into_inner);
        self.base.now() + shift
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

impl Base {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(self) -> DateTime<Utc> {
        match self {
            Self::Running => Utc::now(),
            Self::Standing(at) => at,
        }
    }
}
