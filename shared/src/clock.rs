//! The only place that reads the time. Everything else is told it.

use std::sync::{Arc, atomic::AtomicI64, atomic::Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time: the system's in production, a settable one in tests.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Microseconds since the epoch, where a test has taken the time into its hands.
    manual: Option<Arc<AtomicI64>>,
}

impl Clock {
    pub fn system() -> Self {
        Self { manual: None }
    }

    /// A clock that stands still until it is moved with [`Clock::advance`]. Clones share the time.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self { manual: Some(Arc::new(AtomicI64::new(start.timestamp_micros()))) }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.manual {
            Some(micros) => DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst))
                .expect("a manual clock starts from a valid time and moves by valid steps"),
            None => Utc::now(),
        }
    }

    /// Moves a manual clock on; the system's clock cannot be moved and stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(micros) = &self.manual {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}
