//! Webhooks as AmoCRM sends them: form-encoded, unsigned, concurrent, answered within two seconds or lost.

mod behaviour;
mod body;
mod delivery;
mod entry;
mod form;
mod log;
mod persistence;
mod values;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

pub use behaviour::{
    CompanyLink, Grouping, HookBehaviour, HookKind, Layout, Modifier, Release, Sending, TextForm,
};
use body::Spacing;
pub(super) use entry::{Entry, digital_pipeline, of_change};
pub use log::{About, Hook, HookId, Outcome};
pub use persistence::Persistence;

use super::changes::Changes;
use super::model::{Account, Webhook};
use super::world::World;
use crate::clock::Clock;

/// Who would get the entries of one action, taken together with them.
#[derive(Clone)]
pub(super) struct Raised {
    pub account: Account,
    pub webhooks: Vec<Webhook>,
    pub entries: Vec<Entry>,
}

/// Sends hooks and remembers what became of them.
pub(super) struct Hooks {
    client: reqwest::Client,
    slots: Semaphore,
    stop: CancellationToken,
    state: Mutex<State>,
    clock: Clock,
    changes: Changes,
    /// Never locked while `state` is: who changes the account raises hooks under its lock.
    world: Arc<Mutex<World>>,
    /// How many hooks wait for their answer.
    waiting: watch::Sender<usize>,
    /// How many hooks are not sent yet: late ones, and those that AmoCRM will come again with.
    ahead: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    behaviour: HookBehaviour,
    persistence: Persistence,
    held: Vec<Raised>,
    log: log::HookLog,
}

impl Hooks {
    pub fn new(
        (parallelism, persistence): (usize, Persistence),
        world: Arc<Mutex<World>>,
        (stop, clock, changes): (CancellationToken, Clock, Changes),
    ) -> anyhow::Result<Self> {
        Ok(Self {
            client: delivery::client()?,
            slots: Semaphore::new(parallelism.max(1)),
            world,
            stop,
            state: Mutex::new(State { persistence, ..State::default() }),
            clock,
            changes,
            waiting: watch::Sender::new(0),
            ahead: watch::Sender::new(0),
        })
    }

    pub fn behaviour(&self) -> HookBehaviour {
        self.state().behaviour
    }

    pub fn set_behaviour(&self, behaviour: HookBehaviour) {
        self.state().behaviour = behaviour;
        self.changes.tell();
    }

    pub fn persistence(&self) -> Persistence {
        self.state().persistence
    }

    pub fn set_persistence(&self, persistence: Persistence) {
        self.state().persistence = persistence;
    }

    pub fn list(&self) -> Vec<Hook> {
        self.state().log.list()
    }

    pub fn newest(&self, count: usize) -> Vec<Hook> {
        self.state().log.newest(count)
    }

    /// Takes the events of one action, and sends, holds or loses them as told.
    pub fn raise(self: &Arc<Self>, raised: Raised) {
        let mut state = self.state();
        let behaviour = state.behaviour;
        let groups = split(raised, behaviour.grouping);
        let outcome = match behaviour.sending {
            Sending::Held => return state.held.extend(groups),
            Sending::AtOnce | Sending::Late { .. } => Outcome::Waiting,
            Sending::Lost => Outcome::Lost,
        };
        let now = self.clock.now();
        let log = |group| state.log_hooks(group, &outcome, (Spacing::Dense, now));
        let ids = groups.iter().flat_map(log).collect();
        drop(state);
        self.changes.tell();
        match behaviour.sending {
            Sending::Late { by } => self.deliver_later(ids, by),
            Sending::AtOnce | Sending::Held | Sending::Lost => self.deliver_at_once(ids),
        }
    }

    /// Lets held hooks go, one after the other; returns how many requests that makes.
    pub fn release(self: &Arc<Self>, release: &Release) -> usize {
        let mut state = self.state();
        let held = std::mem::take(&mut state.held);
        let (bodies, spacing): (Vec<_>, _) = match release {
            Release::InOrder => (held, Spacing::Dense),
            Release::Reversed => (held.into_iter().rev().collect(), Spacing::Dense),
            Release::Places(places) => {
                (places.iter().filter_map(|&place| held.get(place).cloned()).collect(), Spacing::Dense)
            }
            Release::OneBody => (merge(held), Spacing::Sparse),
        };
        let now = self.clock.now();
        let log = |body| state.log_hooks(body, &Outcome::Waiting, (spacing, now));
        let ids: Vec<_> = bodies.iter().flat_map(log).collect();
        drop(state);
        self.changes.tell();
        let count = ids.len();
        self.deliver_in_turn(ids);
        count
    }

    /// Sends the same body to the same address again.
    pub fn redeliver(self: &Arc<Self>, id: HookId) -> anyhow::Result<HookId> {
        let mut state = self.state();
        let hook = state.log.find(id).cloned();
        let hook = hook.ok_or_else(|| anyhow::anyhow!("there is no hook {id}"))?;
        let again =
            state.log.add(Hook { outcome: Outcome::Waiting, at: self.clock.now(), attempt: 1, ..hook });
        drop(state);
        self.changes.tell();
        self.deliver_at_once(vec![again]);
        Ok(again)
    }

    /// How many hooks are late, or will be sent once more.
    pub fn ahead(&self) -> usize {
        *self.ahead.borrow()
    }

    pub async fn wait_for_answers(&self, limit: Duration) -> anyhow::Result<()> {
        let mut waiting = self.waiting.subscribe();
        match tokio::time::timeout(limit, waiting.wait_for(|count| *count == 0)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => anyhow::bail!("the simulator has stopped"),
            Err(_) => anyhow::bail!("{} hooks still unanswered after {limit:?}", *self.waiting.borrow()),
        }
    }

    /// Switches an address off, as AmoCRM does by itself after too many bad answers.
    fn disable(&self, destination: &str) {
        let mut world = self.world.lock().expect("nothing panics while it holds the world");
        world.disable(destination);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds the hooks")
    }
}

impl State {
    /// Logs the hooks for each address that subscribed to their events.
    fn log_hooks(
        &mut self,
        raised: &Raised,
        outcome: &Outcome,
        (spacing, at): (Spacing, DateTime<Utc>),
    ) -> Vec<HookId> {
        let mut ids = Vec::new();
        for webhook in raised.webhooks.iter().filter(|webhook| !webhook.disabled) {
            let wanted = |entry: &&Entry| {
                entry.source == entry::Source::DigitalPipeline || webhook.settings.contains(&entry.code())
            };
            let entries: Vec<_> = raised.entries.iter().filter(wanted).cloned().collect();
            if entries.is_empty() {
                continue;
            }
            let about = |entry: &Entry| About { entity: entry.entity, action: entry.action, id: entry.id };
            let about: Vec<_> = entries.iter().map(about).collect();
            let body = body::compose(&raised.account, &entries, self.behaviour.layout, spacing);
            for _ in 0..self.behaviour.copies {
                ids.push(self.log.add(Hook {
                    id: 0,
                    at,
                    destination: webhook.destination.clone(),
                    about: about.clone(),
                    body: body.clone(),
                    attempt: 1,
                    outcome: outcome.clone(),
                }));
            }
        }
        ids
    }
}

/// CRM and Digital Pipeline hooks never share a body, and other events only if grouping says so.
fn split(raised: Raised, grouping: Grouping) -> Vec<Raised> {
    let Raised { account, webhooks, entries } = raised;
    let (crm, pipeline): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.source == entry::Source::Crm);
    let apart = |entries: Vec<Entry>| entries.into_iter().map(|entry| vec![entry]).collect::<Vec<_>>();
    let mut groups = match grouping {
        Grouping::OneEach => apart(crm),
        Grouping::PerChange if crm.is_empty() => Vec::new(),
        Grouping::PerChange => vec![crm],
    };
    groups.extend(apart(pipeline));
    let group = |entries| Raised { account: account.clone(), webhooks: webhooks.clone(), entries };
    groups.into_iter().map(group).collect()
}

/// One body of all CRM hooks, for the addresses that were subscribed at the last of them.
fn merge(held: Vec<Raised>) -> Vec<Raised> {
    let is_crm = |raised: &Raised| raised.entries.iter().all(|entry| entry.source == entry::Source::Crm);
    let (crm, pipeline): (Vec<_>, Vec<_>) = held.into_iter().partition(is_crm);
    let merged = crm.into_iter().reduce(|mut all, mut next| {
        all.entries.append(&mut next.entries);
        Raised { entries: all.entries, ..next }
    });
    merged.into_iter().chain(pipeline).collect()
}
