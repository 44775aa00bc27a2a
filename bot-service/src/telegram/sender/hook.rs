//! The webhook as Telegram has it.

use chrono::{DateTime, Utc};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use teloxide::Bot;

use super::calls::call_within;
use super::direct::{SOON, WANTED};
use super::failure::Failure;

/// Requests that Telegram may make at once; each takes a connection of the database for some milliseconds.
const CONNECTIONS: u32 = 20;

/// What `getWebhookInfo` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct WebhookInfo {
    /// Empty where there is none.
    url: String,
    #[serde(default)]
    pub pending_update_count: i64,
    last_error_date: Option<i64>,
    last_error_message: Option<String>,
    max_connections: Option<u32>,
    #[serde(default)]
    allowed_updates: Vec<String>,
}

impl WebhookInfo {
    pub fn is_set(&self) -> bool {
        !self.url.is_empty()
    }

    pub fn leads_to(&self, url: &Url) -> bool {
        self.url.parse().is_ok_and(|found: Url| found == *url)
    }

    /// Of the address; the rest of it may be somebody's secret.
    pub fn host(&self) -> String {
        let url = self.url.parse::<Url>().ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "?".to_owned())
    }

    /// Everything else than the address and the secret.
    pub fn is_as_we_set_it(&self) -> bool {
        let wants = |name: &&str| self.allowed_updates.iter().any(|allowed| allowed == name);
        let is_wanted = self.allowed_updates.len() == WANTED.len() && WANTED.iter().all(wants);
        is_wanted && self.max_connections == Some(CONNECTIONS)
    }

    /// The last delivery that failed, in Telegram's words.
    pub fn last_error(&self) -> Option<(DateTime<Utc>, String)> {
        let at = DateTime::from_timestamp(self.last_error_date?, 0)?;
        Some((at, self.last_error_message.clone().unwrap_or_default()))
    }
}

pub async fn info(bot: &Bot) -> Result<WebhookInfo, Failure> {
    call_within(bot, "getWebhookInfo", &json!({}), SOON).await
}

/// What waits is kept, and delivered there.
pub async fn set(bot: &Bot, url: &Url, secret: &SecretString) -> Result<(), Failure> {
    let body = json!({
        "url": url.as_str(),
        "secret_token": secret.expose_secret(),
        "max_connections": CONNECTIONS,
        "allowed_updates": WANTED,
    });
    call_within::<Value>(bot, "setWebhook", &body, SOON).await.map(drop)
}

/// What waits is kept, to be asked for.
pub async fn delete(bot: &Bot) -> Result<(), Failure> {
    call_within::<Value>(bot, "deleteWebhook", &json!({}), SOON).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: impl FnOnce(&mut Value)) -> WebhookInfo {
        let mut info = json!({
            "url": "https://zamer.example.ru/webhook/telegram",
            "has_custom_certificate": false,
            "pending_update_count": 3,
            "ip_address": "203.0.113.5",
            "last_error_date": 1_800_000_000,
            "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
            "max_connections": 20,
            "allowed_updates": ["my_chat_member", "message", "callback_query"],
        });
        change(&mut info);
        serde_json::from_value(info).unwrap()
    }

    #[test]
    fn a_webhook_is_ours_by_its_address_and_in_order_by_the_rest() {
        let info = told(|_| ());
        assert!(info.leads_to(&"https://zamer.example.ru:443/webhook/telegram".parse().unwrap()));
        assert!(!info.leads_to(&"https://zamer.example.ru/webhook/other".parse().unwrap()));
        assert!(info.is_set() && info.is_as_we_set_it());
        assert!(!told(|it| it["max_connections"] = 40.into()).is_as_we_set_it());
        assert!(!told(|it| it["allowed_updates"] = json!(["message", "callback_query"])).is_as_we_set_it());
        assert!(!told(|it| drop(it.as_object_mut().unwrap().remove("allowed_updates"))).is_as_we_set_it());
    }

    #[test]
    fn of_a_foreign_address_the_host_alone_is_known() {
        assert_eq!(told(|it| it["url"] = "https://other.example/secret".into()).host(), "other.example");
        let none: WebhookInfo = serde_json::from_str(r#"{"url":""}"#).unwrap();
        assert!(!none.is_set() && none.last_error().is_none());
    }
}
