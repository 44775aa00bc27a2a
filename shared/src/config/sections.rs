//! The sections that both services read.

use std::path::PathBuf;
use std::str::FromStr;

use chrono_tz::Tz;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Settings, describe_secret};

/// The broker's address, or several of one cluster.
#[derive(Debug, Clone)]
pub struct BrokerConfig {
    url: SecretString,
}

impl BrokerConfig {
    /// # Errors
    ///
    /// If `AMQP_URL` is missing or one of its addresses is not `amqp://` or `amqps://`.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let expected = "amqp://user:password@host:5672/%2f, several separated by commas";
        let url = settings.required_secret("AMQP_URL", expected)?;
        let config = Self { url };
        let known = |address: &&str| address.starts_with("amqp://") || address.starts_with("amqps://");
        if config.addresses().iter().all(known) {
            Ok(config)
        } else {
            let found = describe_secret(&config.url);
            Err(ConfigError::Bad { name: "AMQP_URL", found, expected })
        }
    }

    /// At least one address; they hold the password.
    pub fn addresses(&self) -> Vec<&str> {
        self.url.expose_secret().split(',').map(str::trim).collect()
    }
}

/// One or two secrets of the webhook: the first is the one we subscribe with, both are accepted.
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

    /// The secret that a new subscription carries.
    pub fn current(&self) -> &SecretString {
        &self.0[0]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// Where logs go and what they look like.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Daily files go here; without it, stdout is all.
    pub dir: Option<PathBuf>,
    /// A level (`info`), or directives as `tracing` knows them (`info,sqlx=warn`).
    pub level: String,
    pub format: LogFormat,
    /// Days begin and end by this zone.
    pub timezone: Tz,
}

impl LogConfig {
    /// # Errors
    ///
    /// If a value is there and cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let level = settings.text("LOG_LEVEL").unwrap_or("info").to_owned();
        if tracing_subscriber::EnvFilter::try_new(&level).is_err() {
            let expected = "error, warn, info, debug, trace, or directives like info,sqlx=warn";
            return Err(ConfigError::Bad { name: "LOG_LEVEL", found: format!("`{level}`"), expected });
        }
        Ok(Self {
            dir: settings.text("LOG_DIR").map(PathBuf::from),
            level,
            format: settings.or("LOG_FORMAT", LogFormat::Text, "text or json")?,
            timezone: timezone(settings)?,
        })
    }
}

/// `TIMEZONE`, by default Moscow.
///
/// # Errors
///
/// If it is not a name of the IANA database.
pub fn timezone(settings: &Settings) -> Result<Tz, ConfigError> {
    settings.or("TIMEZONE", Tz::Europe__Moscow, "an IANA name like Europe/Moscow or Asia/Almaty")
}
