//! How it stands with AmoCRM's subscription to us, as the looks at it tell: so that admins hear of each trouble once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The name under which it is kept.
pub const STANDING: &str = "amocrm_webhook";

/// Why the webhook cannot be set up. Somebody must do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WebhookTrouble {
    /// The token's owner is no administrator.
    NoRights,
    /// The account has as many webhooks as one may have.
    TooMany,
    NotPaid,
    /// Anything else that AmoCRM says no with.
    Refused {
        status: u16,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// AmoCRM tells us of everything that counts.
    pub is_subscribed: bool,
    /// When it was last known.
    pub looked_at: Option<DateTime<Utc>>,
    /// Admins have been told that AmoCRM switched it off, and no look has found it on since.
    is_told_off: bool,
    told_trouble: Option<WebhookTrouble>,
}

/// What people must hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookNews {
    Off,
    Trouble(WebhookTrouble),
    Works,
}

impl Standing {
    /// A look found it switched off. What is switched on and found off again at the next look is the same trouble.
    pub fn is_off(&mut self, now: DateTime<Utc>) -> Option<WebhookNews> {
        self.known(false, now);
        let was_told = std::mem::replace(&mut self.is_told_off, true);
        (!was_told).then_some(WebhookNews::Off)
    }

    /// A look found it on.
    pub fn is_on(&mut self) {
        self.is_told_off = false;
    }

    /// It is as it should be.
    pub fn works(&mut self, now: DateTime<Utc>) -> Option<WebhookNews> {
        self.known(true, now);
        self.told_trouble.take().map(|_| WebhookNews::Works)
    }

    /// It is not, and cannot be made so.
    pub fn fails(&mut self, trouble: WebhookTrouble, now: DateTime<Utc>) -> Option<WebhookNews> {
        self.known(false, now);
        let was_told = self.told_trouble.replace(trouble) == Some(trouble);
        (!was_told).then_some(WebhookNews::Trouble(trouble))
    }

    fn known(&mut self, is_subscribed: bool, now: DateTime<Utc>) {
        (self.is_subscribed, self.looked_at) = (is_subscribed, Some(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn switching_off_is_told_once_until_a_look_finds_it_on() {
        let mut standing = Standing::default();
        assert_eq!(standing.is_off(NOW), Some(WebhookNews::Off));
        assert_eq!(standing.works(NOW), None, "it was switched on, which proves little");
        assert_eq!(standing.is_off(NOW), None);
        standing.is_on();
        assert_eq!(standing.is_off(NOW), Some(WebhookNews::Off));
    }

    #[test]
    fn a_trouble_is_told_once_and_so_is_its_end() {
        let mut standing = Standing::default();
        assert_eq!(standing.works(NOW), None);
        let told = Some(WebhookNews::Trouble(WebhookTrouble::TooMany));
        assert_eq!(standing.fails(WebhookTrouble::TooMany, NOW), told);
        assert_eq!(standing.fails(WebhookTrouble::TooMany, NOW), None);
        let told = Some(WebhookNews::Trouble(WebhookTrouble::NoRights));
        assert_eq!(standing.fails(WebhookTrouble::NoRights, NOW), told, "another one is news");
        assert!(!standing.is_subscribed);
        assert_eq!(standing.works(NOW), Some(WebhookNews::Works));
        assert_eq!(standing.works(NOW), None);
        assert!(standing.is_subscribed);
    }

    #[test]
    fn it_survives_the_way_to_the_database_and_back() {
        let mut standing = Standing::default();
        standing.fails(WebhookTrouble::Refused { status: 400 }, NOW);
        let stored = serde_json::to_value(&standing).unwrap();
        assert_eq!(serde_json::from_value::<Standing>(stored).unwrap(), standing);
    }
}
