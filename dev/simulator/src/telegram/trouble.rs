//! Making trouble for the bot, and seeing what it ran into.

use super::Simulator;
use super::calls::Call;
use super::faults::FaultRule;
use super::webhook::Delivery;

impl Simulator {
    /// Adds trouble for calls to come; rules are tried in the order they were added.
    pub fn fault(&self, rule: FaultRule) {
        self.shared.change(|state| state.faults.add(rule));
    }

    /// Takes back a rule that was added, wherever it stands; others stay.
    pub fn end_fault(&self, rule: &FaultRule) {
        self.shared.change(|state| state.faults.remove(rule));
    }

    pub fn clear_faults(&self) {
        self.shared.change(|state| state.faults.clear());
    }

    /// Rules that have not caught all their calls yet.
    pub fn faults(&self) -> Vec<FaultRule> {
        self.shared.look(|state| state.faults.waiting().to_vec())
    }

    /// The next `count` updates come once more after the bot has confirmed them.
    pub fn deliver_twice(&self, count: u32) {
        self.shared.change(|state| state.updates.to_repeat += count);
    }

    /// Every call so far, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.look(|state| state.calls.all().cloned().collect())
    }

    /// Calls of one method, by its documented name.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        let is_wanted = |call: &&Call| call.method.eq_ignore_ascii_case(method);
        self.shared.look(|state| state.calls.all().filter(is_wanted).cloned().collect())
    }

    /// How many calls flood control refused. Faults on demand do not count.
    pub fn flood_refusals(&self) -> u64 {
        self.shared.look(|state| state.limiter.refused())
    }

    /// Updates that the bot has not confirmed.
    pub fn pending_updates(&self) -> usize {
        self.shared.look(|state| {
            state.updates.forget_expired(state.now);
            state.updates.pending()
        })
    }

    /// Whether a call of `getUpdates` is waiting right now.
    pub fn is_polled(&self) -> bool {
        self.shared.look(|state| state.updates.is_polled())
    }

    /// From now on this host leads to these servers of this machine, like `http://127.0.0.1:8001`, taken in turn: TLS
    /// ends on the way. To none: nobody listens there.
    pub fn resolve<S: Into<String>>(&self, host: &str, servers: impl IntoIterator<Item = S>) {
        let servers = servers.into_iter().map(Into::into).collect();
        self.shared.change(|state| state.hosts.lead(host, servers));
    }

    /// The address that updates are posted to, where one is set.
    pub fn webhook_url(&self) -> Option<String> {
        self.shared.look(|state| Some(state.webhook.as_ref()?.url.to_string()))
    }

    /// What was posted to webhooks so far, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.look(|state| state.deliveries.clone())
    }

    /// Presses that the bot has not answered, also those too old to answer.
    pub fn unanswered_presses(&self) -> usize {
        self.shared.look(|state| state.callbacks.unanswered())
    }
}
