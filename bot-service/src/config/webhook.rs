//! The webhook that AmoCRM is to be subscribed to. ingest-service receives it.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
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
        format!("{}/<secret>", self.base())
    }

    /// The address to subscribe: it ends with the first secret.
    pub fn destination(&self) -> SecretString {
        self.destinations().next().unwrap_or_default()
    }

    /// The addresses at which webhooks are taken, one for each secret.
    pub fn destinations(&self) -> impl Iterator<Item = SecretString> {
        let secrets = self.secrets.all().iter();
        secrets.map(|secret| format!("{}/{}", self.base(), secret.expose_secret()).into())
    }

    /// Whether this address is of our host and path, with whatever stands for the secret: behind the path, or in
    /// the query.
    pub fn is_ours(&self, destination: &str) -> bool {
        let (Ok(found), Ok(ours)) = (destination.parse::<Url>(), self.base().parse::<Url>()) else {
            return false;
        };
        let is_same_place = (found.host_str(), found.port()) == (ours.host_str(), ours.port());
        let rest = found.path().strip_prefix(ours.path()).map(|rest| rest.trim_end_matches('/'));
        let is_a_secret = |rest: &str| rest.is_empty() || rest.rfind('/') == Some(0);
        is_same_place && rest.is_some_and(is_a_secret)
    }

    /// Without the secret and the slash before it.
    fn base(&self) -> String {
        format!("{}{}", self.host.as_str().trim_end_matches('/'), self.path.as_str())
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
