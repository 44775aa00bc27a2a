//! The state behind one lock, and waiting for its changes without polling.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::options::Options;
use super::state::State;
use crate::clock::Clock;

pub(super) struct Shared {
    state: Mutex<State>,
    changed: watch::Sender<()>,
    pub clock: Clock,
}

impl Shared {
    pub fn new(options: &Options) -> anyhow::Result<Self> {
        let state = Mutex::new(State::new(options)?);
        Ok(Self { state, changed: watch::Sender::new(()), clock: options.clock.clone() })
    }

    /// Looks at the state without waking anybody.
    pub fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = self.clock.now();
        look(&mut state)
    }

    /// Changes the state and wakes everybody who waits for a change.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = self.look(change);
        self.changed.send_replace(());
        result
    }

    /// Wakes after every change of the state.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Asks `look` now and after every change until it finds something; `None` when time is up.
    pub async fn wait_until<T>(
        &self,
        deadline: Instant,
        mut look: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        self.wait_unlocked(deadline, || self.look(&mut look)).await
    }

    /// The same for a question that takes the lock itself.
    pub async fn wait_unlocked<T>(&self, deadline: Instant, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
        let mut changed = self.changed.subscribe();
        loop {
            if let Some(found) = ask() {
                return Some(found);
            }
            // The sender lives as long as `self`, so only the deadline ends the waiting.
            timeout_at(deadline, changed.changed()).await.ok()?.ok()?;
        }
    }
}
