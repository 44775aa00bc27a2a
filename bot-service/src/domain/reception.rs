//! How it stands with what people write and press: does it reach the bot. So that admins hear of each trouble once.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The name under which it is kept.
pub const RECEPTION: &str = "telegram_reception";

/// An error of Telegram's is of now while it is no older; it tries again at least every two minutes.
const FRESH: TimeDelta = TimeDelta::minutes(3);
/// A restart of the proxy is over sooner.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// Why updates do not reach the bot. Somebody must do something about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum ReceptionTrouble {
    /// While the bot polls: they go to a webhook that is not ours.
    Foreign { host: String },
    /// Telegram does not take our webhook, in its own words.
    Refused { reason: String },
    /// Telegram has updates for our webhook and cannot deliver them.
    Undelivered { reason: String },
}

impl ReceptionTrouble {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "foreign_webhook",
            Self::Refused { .. } => "webhook_refused",
            Self::Undelivered { .. } => "webhook_undelivered",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reception {
    /// As the last look found it.
    pub trouble: Option<ReceptionTrouble>,
    /// The webhook that we set; none while polling.
    pub webhook: Option<WebhookSet>,
    /// Updates that Telegram has not delivered to the webhook yet.
    pub waiting: i64,
    pub last_error_at: Option<DateTime<Utc>>,
    failing_since: Option<DateTime<Utc>>,
    /// The kind of trouble that admins know of.
    told: Option<String>,
}

/// Telegram tells everything of a webhook but its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSet {
    /// A hash, to notice another secret.
    pub secret: String,
    pub at: DateTime<Utc>,
}

/// What Telegram tells of its deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deliveries {
    pub waiting: i64,
    pub last_error: Option<(DateTime<Utc>, String)>,
}

/// What people must hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceptionNews {
    Trouble(ReceptionTrouble),
    Works,
}

impl Reception {
    /// Telegram answers the bot's questions.
    pub fn polls(&mut self) -> Option<ReceptionNews> {
        *self = Self { told: self.told.take(), ..Self::default() };
        self.works()
    }

    /// Telegram has taken our webhook.
    pub fn is_set(&mut self, secret: String, now: DateTime<Utc>) -> Option<ReceptionNews> {
        self.webhook = Some(WebhookSet { secret, at: now });
        match self.trouble {
            // That is not mended by having it set.
            Some(ReceptionTrouble::Undelivered { .. }) => None,
            _ => self.works(),
        }
    }

    /// Our webhook is set; this is how deliveries to it go.
    pub fn delivers(&mut self, deliveries: Deliveries, now: DateTime<Utc>) -> Option<ReceptionNews> {
        self.waiting = deliveries.waiting;
        self.last_error_at = deliveries.last_error.as_ref().map(|(at, _)| *at);
        let failing = deliveries.last_error.filter(|(at, _)| deliveries.waiting > 0 && *at + FRESH > now);
        let Some((_, reason)) = failing else {
            self.failing_since = None;
            return self.works();
        };
        let since = *self.failing_since.get_or_insert(now);
        if now - since < PATIENCE {
            return None;
        }
        self.fails(ReceptionTrouble::Undelivered { reason })
    }

    pub fn fails(&mut self, trouble: ReceptionTrouble) -> Option<ReceptionNews> {
        let kind = trouble.as_str();
        self.trouble = Some(trouble.clone());
        let was_told = self.told.replace(kind.to_owned()).as_deref() == Some(kind);
        (!was_told).then_some(ReceptionNews::Trouble(trouble))
    }

    fn works(&mut self) -> Option<ReceptionNews> {
        self.trouble = None;
        self.told.take().map(|_| ReceptionNews::Works)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn failing(waiting: i64, minute: i64) -> Deliveries {
        Deliveries { waiting, last_error: Some((at(minute), "Connection refused".into())) }
    }

    #[test]
    fn each_kind_of_trouble_is_told_once_and_so_is_its_end() {
        let mut reception = Reception::default();
        assert_eq!(reception.polls(), None);
        let foreign = |host: &str| ReceptionTrouble::Foreign { host: host.into() };
        assert_eq!(reception.fails(foreign("a")), Some(ReceptionNews::Trouble(foreign("a"))));
        assert_eq!(reception.fails(foreign("b")), None);
        assert_eq!(reception.trouble, Some(foreign("b")), "as it is now");
        let refused = ReceptionTrouble::Refused { reason: "bad webhook".into() };
        assert_eq!(reception.fails(refused.clone()), Some(ReceptionNews::Trouble(refused)));
        assert_eq!(reception.is_set("hash".into(), at(1)), Some(ReceptionNews::Works));
        assert_eq!(reception.delivers(Deliveries::default(), at(2)), None);
    }

    #[test]
    fn deliveries_that_fail_are_told_once_they_have_failed_for_minutes() {
        let mut reception = Reception::default();
        reception.is_set("hash".into(), at(0));
        assert_eq!(reception.delivers(failing(3, 0), at(1)), None);
        assert_eq!((reception.waiting, reception.last_error_at), (3, Some(at(0))));
        assert_eq!(reception.delivers(failing(3, 4), at(5)), None);
        let told = reception.delivers(failing(4, 6), at(6));
        let trouble = ReceptionTrouble::Undelivered { reason: "Connection refused".into() };
        assert_eq!(told, Some(ReceptionNews::Trouble(trouble)));
        assert_eq!(reception.is_set("other".into(), at(7)), None, "setting it again proves nothing");
        assert!(reception.trouble.is_some());
        assert_eq!(reception.delivers(failing(0, 6), at(7)), Some(ReceptionNews::Works), "nothing waits");
        assert_eq!(reception.delivers(failing(3, 6), at(8)), None, "it begins anew");
    }

    #[test]
    fn an_error_of_long_ago_is_none_and_polling_forgets_the_webhook() {
        let mut reception = Reception::default();
        for minute in 10..20 {
            assert_eq!(reception.delivers(failing(3, 1), at(minute)), None);
        }
        reception.is_set("hash".into(), at(20));
        reception.polls();
        assert_eq!(reception, Reception::default());
    }

    #[test]
    fn it_survives_the_way_to_the_database_and_back() {
        let mut reception = Reception::default();
        reception.is_set("hash".into(), at(1));
        reception.fails(ReceptionTrouble::Foreign { host: "a".into() });
        let stored = serde_json::to_value(&reception).unwrap();
        assert_eq!(serde_json::from_value::<Reception>(stored).unwrap(), reception);
    }
}
