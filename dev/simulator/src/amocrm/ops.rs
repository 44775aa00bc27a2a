//! AmoCRM's own side: subscriptions, what became of hooks, faults, limits and counters.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch;

use super::Simulator;
use super::calls::{Call, CallCounts};
use super::faults::{Answer, Fault};
use super::hooks::{Hook, HookBehaviour, HookId, Persistence, Release};
use super::limits::Limits;
use super::model::Webhook;
use super::oauth;
use super::world::Stamp;

/// What the simulator sends hooks of.
pub const EVENTS: [&str; 8] = [
    "add_lead",
    "update_lead",
    "status_lead",
    "responsible_lead",
    "delete_lead",
    "restore_lead",
    "add_contact",
    "update_contact",
];

impl Simulator {
    /// Sends every event to this address from now on.
    pub fn subscribe(&self, destination: &str) {
        self.subscribe_to(destination, &EVENTS);
    }

    /// Sends only these events (as `status_lead`); replaces an earlier subscription of the address.
    pub fn subscribe_to(&self, destination: &str, events: &[&str]) {
        let settings = events.iter().map(|&event| event.to_owned()).collect();
        let mut world = self.shared.world();
        let stamp = self.shared.stamp(world.directory.account.current_user);
        world.subscribe(destination, settings, stamp);
        self.shared.changes.tell();
    }

    pub fn unsubscribe(&self, destination: &str) {
        self.shared.world().webhooks.retain(|webhook| webhook.destination != destination);
        self.shared.changes.tell();
    }

    /// Takes the account away from the integration with OAuth: none of its tokens counts any more.
    pub fn revoke_tokens(&self) {
        if let Some(grants) = self.shared.grants().as_mut() {
            grants.revoke();
        }
    }

    /// Access tokens of the integration with OAuth last this long instead of a day.
    pub fn let_tokens_live(&self, lifetime: chrono::TimeDelta) {
        if let Some(grants) = self.shared.grants().as_mut() {
            grants.set_lifetime(lifetime);
        }
    }

    /// How many pairs of tokens were issued.
    pub fn tokens_issued(&self) -> u32 {
        self.shared.grants().as_ref().map_or(0, oauth::Grants::issued)
    }

    pub fn webhooks(&self) -> Vec<Webhook> {
        self.shared.world().webhooks.clone()
    }

    /// Switches a webhook off as AmoCRM does after too many bad answers.
    pub fn disable_webhook(&self, destination: &str) {
        self.shared.world().disable(destination);
        self.shared.changes.tell();
    }

    pub fn hook_behaviour(&self) -> HookBehaviour {
        self.shared.hooks.behaviour()
    }

    /// How hooks of later changes are sent.
    pub fn set_hook_behaviour(&self, behaviour: HookBehaviour) {
        self.shared.hooks.set_behaviour(behaviour);
    }

    pub fn hook_persistence(&self) -> Persistence {
        self.shared.hooks.persistence()
    }

    /// How soon AmoCRM comes again with what was not taken, and whether it gives up, from now on.
    pub fn set_hook_persistence(&self, persistence: Persistence) {
        self.shared.hooks.set_persistence(persistence);
    }

    /// How many hooks are late, or will be sent once more.
    pub fn hooks_ahead(&self) -> usize {
        self.shared.hooks.ahead()
    }

    /// Lets held hooks go; returns how many requests that makes.
    pub fn release_hooks(&self, release: &Release) -> usize {
        self.shared.hooks.release(release)
    }

    /// Sends the same body to the same address once more, as a retry would.
    pub fn redeliver(&self, hook: HookId) -> anyhow::Result<HookId> {
        self.shared.hooks.redeliver(hook)
    }

    /// Every hook raised and its answer, oldest first.
    pub fn hooks_sent(&self) -> Vec<Hook> {
        self.shared.hooks.list()
    }

    /// The newest `count` hooks, newest first.
    pub fn newest_hooks(&self, count: usize) -> Vec<Hook> {
        self.shared.hooks.newest(count)
    }

    /// Wakes after every change of anything in the account.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.shared.changes.listen()
    }

    /// Waits until every hook that was sent has its answer. Held hooks do not count.
    pub async fn wait_for_hook_answers(&self, limit: Duration) -> anyhow::Result<()> {
        self.shared.hooks.wait_for_answers(limit).await
    }

    pub fn inject(&self, fault: Fault) -> anyhow::Result<()> {
        let faults = || self.shared.faults();
        match fault {
            Fault::Down { status } => faults().down = Some(status),
            Fault::Latency { delay } => faults().latency = delay,
            Fault::Next { count, path, answer } => faults().answer_next(count, path, answer),
            Fault::Forbidden { path } => drop(faults().forbidden.insert(path)),
            Fault::Blocked => self.shared.limiter().is_blocked = true,
            Fault::BrokenLead { lead } => drop(faults().broken.insert(lead)),
            Fault::HiddenLead { lead } => drop(faults().hidden.insert(lead)),
            Fault::StaleLead { lead: id } => {
                let seen = self.deal(id).with_context(|| format!("there is no lead {id}"))?;
                faults().stale.insert(id, seen);
            }
            Fault::FiltersIgnored => faults().filters_ignored = true,
            Fault::StaysDisabled => faults().stays_disabled = true,
        }
        self.shared.changes.tell();
        Ok(())
    }

    /// The next `count` calls, whatever they ask, are answered like this.
    pub fn answer_next(&self, count: u32, answer: Answer) {
        self.shared.faults().answer_next(count, None, answer);
    }

    /// The status that the gateway answers every call with, if it is down.
    pub fn down(&self) -> Option<u16> {
        self.shared.faults().down
    }

    /// Ends [`Fault::Down`] alone.
    pub fn bring_up(&self) {
        self.shared.faults().down = None;
        self.shared.changes.tell();
    }

    /// Ends every fault and the block. Hooks keep their behaviour.
    pub fn heal(&self) {
        *self.shared.faults() = super::faults::Faults::default();
        self.unblock();
    }

    /// What only AmoCRM's support can do.
    pub fn unblock(&self) {
        self.shared.limiter().unblock();
        self.shared.changes.tell();
    }

    pub fn is_blocked(&self) -> bool {
        self.shared.limiter().is_blocked
    }

    pub fn set_limits(&self, limits: Option<Limits>) {
        self.shared.limiter().set_limits(limits);
    }

    pub fn call_counts(&self) -> CallCounts {
        self.shared.calls().counts()
    }

    /// The calls of the API, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls().list()
    }

    /// Calls that have come in and wait for the ordered latency to pass.
    pub fn delayed_calls(&self) -> usize {
        self.shared.delayed.load(Ordering::SeqCst)
    }

    pub fn forget_calls(&self) {
        self.shared.calls().clear();
    }

    /// Waits until `count` calls whose path begins with `path` have been answered since the start,
    /// or since `forget_calls`.
    pub async fn wait_for_calls(&self, path: &str, count: usize, limit: Duration) -> anyhow::Result<()> {
        let mut called = self.shared.called.subscribe();
        let enough = async {
            while self.shared.calls().count_under(path) < count {
                called.changed().await?;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(limit, enough)
            .await
            .with_context(|| format!("fewer than {count} calls of {path} within {limit:?}"))?
    }
}

impl super::world::World {
    pub(super) fn disable(&mut self, destination: &str) {
        for webhook in &mut self.webhooks {
            webhook.disabled |= webhook.destination == destination;
        }
    }

    pub(super) fn is_disabled(&self, destination: &str) -> bool {
        self.webhooks.iter().any(|webhook| webhook.destination == destination && webhook.disabled)
    }

    /// Adds a subscription, or replaces the one of the same address and switches it on again.
    pub(super) fn subscribe(
        &mut self,
        destination: &str,
        settings: Vec<String>,
        stamp: Stamp,
    ) -> &mut Webhook {
        let old = self.webhooks.iter().position(|webhook| webhook.destination == destination);
        let old = old.map(|n| self.webhooks.remove(n));
        let id = old.as_ref().map_or_else(|| self.new_id(), |old| old.id);
        self.webhooks.push_mut(Webhook {
            id,
            destination: destination.to_owned(),
            created_at: old.map_or(stamp.at, |old| old.created_at),
            updated_at: stamp.at,
            account_id: self.directory.account.id,
            created_by: stamp.by,
            sort: 1,
            disabled: false,
            settings,
        })
    }
}
