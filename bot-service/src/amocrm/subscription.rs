//! Our webhook among those of the account. Foreign ones are nobody's business here.

use std::collections::BTreeSet;

use reqwest::Url;
use secrecy::ExposeSecret;

use super::model::Webhook;
use crate::config::WebhookConfig;

/// What we must be told of, as the API calls it.
pub const EVENTS: [&str; 7] = [
    "add_lead",
    "update_lead",
    "status_lead",
    "responsible_lead",
    "delete_lead",
    "restore_lead",
    "update_contact",
];
/// An account has no more.
pub const MOST: usize = 100;

/// Deliberately without `Debug`: addresses hold secrets.
pub struct Ours<'a> {
    /// With the first secret of the settings.
    pub current: Option<&'a Webhook>,
    /// With our host and path, and anything else for a secret.
    pub old: Vec<&'a Webhook>,
}

impl<'a> Ours<'a> {
    pub fn among(webhooks: &'a [Webhook], config: &WebhookConfig) -> Self {
        let wanted = config.destination();
        let ours = webhooks.iter().filter(|hook| config.is_ours(&hook.destination));
        let (current, old): (Vec<_>, Vec<_>) =
            ours.partition(|hook| is_same(&hook.destination, wanted.expose_secret()));
        Self { current: current.first().copied(), old }
    }
}

impl Webhook {
    /// Which of our events it does not tell of.
    pub fn missing(&self) -> Vec<&'static str> {
        EVENTS.into_iter().filter(|event| !self.settings.iter().any(|ticked| ticked == event)).collect()
    }

    pub fn is_in_order(&self) -> bool {
        !self.disabled && self.missing().is_empty()
    }
}

/// The events to subscribe: ours, and those that somebody has ticked besides.
pub fn events(current: Option<&Webhook>) -> Vec<String> {
    let ticked = current.into_iter().flat_map(|hook| hook.settings.iter().map(String::as_str));
    let all: BTreeSet<&str> = ticked.chain(EVENTS).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// Whether two texts are one address: AmoCRM may write it in another way than we do.
fn is_same(one: &str, other: &str) -> bool {
    one == other || matches!((one.parse::<Url>(), other.parse::<Url>()), (Ok(one), Ok(other)) if one == other)
}
