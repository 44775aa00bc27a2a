//! The webhook as both services know it: one receives it, the other subscribes to it.

use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Settings, describe_secret};

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
