//! The webhook that AmoCRM is to be subscribed to. ingest-service receives it.

use reqwest::Url;
use shared::config::{ConfigError, ConfigErrors, Settings, WebhookPath, WebhookSecrets};

use super::{address, describe_address};

/// What a subscription is made of.
#[derive(Debug, Clone)]
pub struct WebhookConfig {
    /// The public address of ingest-service.
    pub host: Url,
    pub path: WebhookPath,
    pub secrets: WebhookSecrets,
}

impl WebhookConfig {
    /// None unless both the host and the secret are configured. What is there must be good all the same.
    pub(crate) fn read(settings: &Settings) -> Result<Option<Self>, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let host = errors.gather(host(settings));
        let path = errors.gather(WebhookPath::read(settings));
        let secrets = settings.secret("WEBHOOK_SECRET").map(|_| WebhookSecrets::read(settings));
        let secrets = errors.gather(secrets.transpose());
        errors.unless_any(|| {
            let (host, path, secrets) = (host?, path?, secrets?);
            Some(host.zip(secrets).map(|(host, secrets)| Self { host, path, secrets }))
        })
    }

    /// The address to subscribe, with `<secret>` in the secret's place.
    pub fn shown(&self) -> String {
        format!("{}{}/<secret>", self.host.as_str().trim_end_matches('/'), self.path.as_str())
    }
}

fn host(settings: &Settings) -> Result<Option<Url>, ConfigError> {
    let (name, expected) = ("WEBHOOK_HOST", "an address like https://zamer.example.ru");
    let host = address(settings, name, expected)?;
    // The address is shown to people.
    if host.as_ref().is_some_and(|host| !host.username().is_empty() || host.password().is_some()) {
        let found = settings.text(name).map(describe_address).unwrap_or_default();
        return Err(ConfigError::Bad { name, found, expected });
    }
    Ok(host)
}
