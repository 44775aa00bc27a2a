//! What the API, the control API and the handle work on together.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::calls::{Call, CallLog};
use super::changes::Changes;
use super::faults::Faults;
use super::hooks::{self, Hooks, Raised};
use super::limits::Limiter;
use super::model::UserId;
use super::oauth::Grants;
use super::world::{Change, Stamp, World};
use crate::clock::Clock;

pub struct Shared {
    /// Without a slash at the end.
    pub url: String,
    pub tokens: Vec<String>,
    /// Of an integration with OAuth, if the account has one.
    pub grants: Mutex<Option<Grants>>,
    pub clock: Clock,
    pub hooks: Arc<Hooks>,
    pub world: Arc<Mutex<World>>,
    pub faults: Mutex<Faults>,
    pub limiter: Mutex<Limiter>,
    pub calls: Mutex<CallLog>,
    /// Calls that have come in and wait for the ordered latency to pass.
    pub delayed: AtomicUsize,
    /// Changes with every call answered.
    pub called: watch::Sender<()>,
    /// Of anything a person could see in the account.
    pub changes: Changes,
    pub stop: CancellationToken,
}

impl Shared {
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("nothing panics while it holds the world")
    }

    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().expect("nothing panics while it holds the faults")
    }

    pub fn limiter(&self) -> MutexGuard<'_, Limiter> {
        self.limiter.lock().expect("nothing panics while it holds the limiter")
    }

    pub fn grants(&self) -> MutexGuard<'_, Option<Grants>> {
        self.grants.lock().expect("nothing panics while it holds the grants")
    }

    pub fn calls(&self) -> MutexGuard<'_, CallLog> {
        self.calls.lock().expect("nothing panics while it holds the calls")
    }

    pub fn log_call(&self, call: Call) {
        self.calls().add(call);
        self.called.send_replace(());
    }

    pub fn stamp(&self, by: UserId) -> Stamp {
        Stamp { by, at: self.clock.now().timestamp() }
    }

    /// Changes the world and raises the hooks of what happened, as they were at that moment.
    pub fn change<T, E>(&self, act: impl FnOnce(&mut World) -> Result<(T, Vec<Change>), E>) -> Result<T, E> {
        let behaviour = self.hooks.behaviour();
        let mut world = self.world();
        let (result, changes) = act(&mut world)?;
        let entries =
            changes.iter().flat_map(|change| hooks::of_change(&world, *change, &behaviour)).collect();
        let (account, webhooks) = (world.directory.account.clone(), world.webhooks.clone());
        // Still under the world's lock, so that hooks are raised in the order of the changes.
        self.hooks.raise(Raised { account, webhooks, entries });
        self.changes.tell();
        Ok(result)
    }
}
