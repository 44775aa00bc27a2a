//! The webhook as both services know it: one receives it, the other subscribes to it.

use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Settings, describe_secret};

const DEFAULT_PATH: &str = "/webhook/amocrm";

/// Where the hook is received, without the secret and without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookPath(String);

impl WebhookPath {
    /// # Errors
    ///
    /// If `WEBHOOK_PATH` is there and not a plain path, or one that the receiver needs for itself.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let name = "WEBHOOK_PATH";
        let expected = "a path like /webhook/amocrm: segments of A-Z a-z 0-9 _ - . ~, not one of our own";
        let path = settings.text(name).unwrap_or(DEFAULT_PATH).trim_end_matches('/');
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.~".contains(&byte);
        let good = |segment: &str| !segment.is_empty() && segment.bytes().all(plain);
        let is_path = path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(good));
        if is_path && !["/health", "/ready", "/metrics"].contains(&path) {
            Ok(Self(path.to_owned()))
        } else {
            Err(ConfigError::Bad { name, found: format!("`{path}`"), expected })
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One or two secrets of the webhook, both accepted; a subscription carries the first.
#[derive(Debug, Clone)]
pub struct WebhookSecrets(Vec<SecretString>);

impl WebhookSecrets {
    /// # Errors
    ///
    /// If `WEBHOOK_SECRET` is missing, or not one or two texts of `[A-Za-z0-9_-]{16,}`.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let name = "WEBHOOK_SECRET";
        let expected = "one secret, or two separated by a comma, each at least 16 of A-Z a-z 0-9 _ -";
        let whole = settings.required_secret(name, expected)?;
        let secrets: Vec<SecretString> =
            whole.expose_secret().split(',').map(|secret| SecretString::from(secret.trim())).collect();
        let good = |secret: &SecretString| {
            let text = secret.expose_secret();
            text.len() >= 16 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        if secrets.len() <= 2 && secrets.iter().all(good) {
            Ok(Self(secrets))
        } else {
            Err(ConfigError::Bad { name, found: describe_secret(&whole), expected })
        }
    }

    pub fn all(&self) -> &[SecretString] {
        &self.0
    }
}
