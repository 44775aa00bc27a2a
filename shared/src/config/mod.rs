//! How a process learns its settings: `config.toml`, then `.env`, then the environment; the later wins.
//!
//! Values are texts until our own types parse them, so a secret of digits stays as it was written. No
//! message that leaves this module shows the value of a secret.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;
use std::str::FromStr;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile, Provider};
use secrecy::{ExposeSecret, SecretString};

mod errors;
mod sections;
mod subdomain;
mod webhook;

pub use errors::{ConfigError, ConfigErrors};
pub use sections::{BrokerConfig, LogConfig, LogFormat, timezone};
pub use subdomain::Subdomain;
pub use webhook::{WebhookPath, WebhookSecrets};

/// Every name that either service knows; a `config.toml` with another one is refused.
pub const NAMES: &[&str] = &[
    "BOT_TOKEN",
    "ACCEPT_WITHIN_MINUTES",
    "ADMIN_IDS",
    "TELEGRAM_API_URL",
    "TELEGRAM_PROXY",
    "TELEGRAM_MODE",
    "TELEGRAM_WEBHOOK_URL",
    "TELEGRAM_WEBHOOK_SECRET",
    "AMOCRM_SUBDOMAIN",
    "AMOCRM_ACCOUNT_ID",
    "AMOCRM_BASE_URL",
    "AMOCRM_ACCESS_TOKEN",
    "AMOCRM_REFRESH_TOKEN",
    "AMOCRM_CLIENT_ID",
    "AMOCRM_CLIENT_SECRET",
    "AMOCRM_REDIRECT_URI",
    "AMOCRM_RPS",
    "AMOCRM_MANAGE_WEBHOOK",
    "WEBHOOK_HOST",
    "WEBHOOK_PATH",
    "WEBHOOK_SECRET",
    "SERVER_HOST",
    "SERVER_PORT",
    "BOT_HTTP_HOST",
    "BOT_HTTP_PORT",
    "DATABASE_URL",
    "AMQP_URL",
    "SPOOL_DIR",
    "SPOOL_MAX_BYTES",
    "MEASUREMENT_TRIGGERS",
    "CANCEL_TRIGGERS",
    "FIELD_ADDRESS",
    "FIELD_ORDER_NUMBER",
    "FIELD_DEALER",
    "FIELD_ZONE",
    "FIELD_PRODUCT",
    "FIELD_COMMENT",
    "FILES_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "TIMEZONE",
    "INGEST_URL",
    "LOG_DIR",
    "LOG_LEVEL",
    "LOG_FORMAT",
];

/// Names and texts, before any type has looked at them. `Debug` shows the names alone.
pub struct Settings(BTreeMap<String, String>);

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Settings {
    /// Reads `config.toml` and `.env` of the working directory, if they are there, and the environment.
    ///
    /// # Errors
    ///
    /// If one of the files is there but cannot be read, or `config.toml` holds a name that nobody knows.
    pub fn load() -> Result<Self, ConfigErrors> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::from_layers(Path::new("config.toml"), Path::new(".env"), environment)
    }

    /// The same from given places.
    ///
    /// # Errors
    ///
    /// As [`Settings::load`].
    pub fn from_layers(
        toml: &Path,
        dotenv: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let toml = errors.gather(Texts::from_toml(toml));
        let dotenv = errors.gather(Texts::from_dotenv(dotenv));
        let (toml, dotenv) = errors.unless_any(|| toml.zip(dotenv))?;
        let figment = Figment::new().merge(toml).merge(dotenv).merge(Texts::new(environment));
        // The library's own message would print values, so it goes no further than its kind.
        let texts: BTreeMap<String, String> = figment.extract().map_err(|_| ConfigError::File {
            file: "config.toml",
            reason: "not a list of names and values".into(),
        })?;
        Ok(Self(texts))
    }

    /// The text under a name; an empty one counts as absent, as in a half-filled `.env`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// # Errors
    ///
    /// If the name is there and its text is not a `T`.
    pub fn optional<T: FromStr>(
        &self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        self.text(name)
            .map(|text| {
                text.parse().map_err(|_| ConfigError::Bad { name, found: format!("`{text}`"), expected })
            })
            .transpose()
    }

    /// # Errors
    ///
    /// If the name is there and its text is not a `T`.
    pub fn or<T: FromStr>(
        &self,
        name: &'static str,
        default: T,
        expected: &'static str,
    ) -> Result<T, ConfigError> {
        Ok(self.optional(name, expected)?.unwrap_or(default))
    }

    /// A list of values separated by commas; an absent name is an empty list.
    ///
    /// # Errors
    ///
    /// If an element is not a `T`.
    pub fn list<T: FromStr>(
        &self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<Vec<T>, ConfigError> {
        let elements = self.text(name).into_iter().flat_map(|text| text.split(','));
        elements
            .map(str::trim)
            .filter(|element| !element.is_empty())
            .map(|element| {
                element.parse().map_err(|_| ConfigError::Bad {
                    name,
                    found: format!("`{element}`"),
                    expected,
                })
            })
            .collect()
    }

    pub fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// # Errors
    ///
    /// If the name is missing.
    pub fn required_secret(
        &self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<SecretString, ConfigError> {
        self.secret(name).ok_or(ConfigError::Missing { name, expected })
    }
}

/// Says what is wrong with a secret without showing it: its length and nothing else.
pub fn describe_secret(secret: &SecretString) -> String {
    format!("a text of {} characters", secret.expose_secret().chars().count())
}

/// One layer, every value a text.
struct Texts(Dict);

impl Texts {
    fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect())
    }

    fn from_toml(path: &Path) -> Result<Self, ConfigErrors> {
        let unreadable = |reason: &str| ConfigError::File { file: "config.toml", reason: reason.into() };
        if !path.exists() {
            return Ok(Self(Dict::new()));
        }
        let values: BTreeMap<String, Value> =
            Figment::from(Toml::file_exact(path)).extract().map_err(|_| unreadable("not valid TOML"))?;
        let (mut texts, mut errors) = (Dict::new(), ConfigErrors::default());
        for (name, value) in values {
            let name = name.to_uppercase();
            if !NAMES.contains(&name.as_str()) {
                errors.add(ConfigError::Unknown(name));
            } else if let Some(text) = as_text(&value) {
                texts.insert(name, Value::from(text));
            } else {
                errors.add(unreadable(&format!("{name} is a table; expected a value")));
            }
        }
        errors.unless_any(|| Some(Self(texts)))
    }

    fn from_dotenv(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |line: &dyn Display| ConfigError::File { file: ".env", reason: line.to_string() };
        if !path.exists() {
            return Ok(Self(Dict::new()));
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
        let mut pairs = Vec::new();
        for line in dotenvy::from_read_iter(text.as_bytes()) {
            pairs.push(line.map_err(|error| unreadable(&misread(&error, &text)))?);
        }
        Ok(Self::new(pairs))
    }
}

/// What is wrong with a line of `.env`, by its name alone: the value may be a secret.
fn misread(error: &dotenvy::Error, text: &str) -> String {
    let dotenvy::Error::LineParse(misread, _) = error else { return error.to_string() };
    let mut assignments = text.lines().filter_map(|line| line.split_once('='));
    // The library tells the value alone.
    let found =
        assignments.find(|(name, value)| NAMES.contains(&name.trim()) && value.contains(misread.trim()));
    match found {
        Some((name, _)) => format!("the value of {} must stand in 'quotes'", name.trim()),
        None => "a line is not NAME=value".to_owned(),
    }
}

impl Provider for Texts {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("texts")
    }

    fn data(&self) -> Result<figment::value::Map<Profile, Dict>, figment::Error> {
        Ok([(Profile::Default, self.0.clone())].into_iter().collect())
    }
}

/// A TOML value as it would be written in the environment; lists are joined by commas.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Array(_, elements) => {
            elements.iter().map(as_text).collect::<Option<Vec<_>>>().map(|texts| texts.join(","))
        }
        Value::String(_, text) => Some(text.clone()),
        Value::Char(_, character) => Some(character.to_string()),
        Value::Bool(_, flag) => Some(flag.to_string()),
        Value::Num(_, number) => number
            .to_i128()
            .map(|integer| integer.to_string())
            .or_else(|| number.to_f64().map(|float| float.to_string())),
        Value::Empty(..) => Some(String::new()),
        Value::Dict(..) => None,
    }
}

#[cfg(test)]
mod tests;
