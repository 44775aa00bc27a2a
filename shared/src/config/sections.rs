//! The sections that both services read.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use chrono_tz::Tz;
use lapin::uri::AMQPUri;
use secrecy::ExposeSecret;
use tracing_subscriber::EnvFilter;

use super::{ConfigError, ConfigErrors, Settings, describe_secret};

/// The broker's address, or several of one cluster.
#[derive(Clone)]
pub struct BrokerConfig {
    addresses: Vec<AMQPUri>,
}

/// An address holds the password.
impl fmt::Debug for BrokerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BrokerConfig({} addresses)", self.addresses.len())
    }
}

impl BrokerConfig {
    /// # Errors
    ///
    /// If `AMQP_URL` is missing or one of its addresses cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let name = "AMQP_URL";
        let expected = "amqp://user:password@host:5672/%2f, several separated by commas";
        let text = settings.required_secret(name, expected)?;
        let addresses: Option<_> = text.expose_secret().split(',').map(|text| address(text.trim())).collect();
        match addresses {
            Some(addresses) => Ok(Self { addresses }),
            None => Err(ConfigError::Bad { name, found: describe_secret(&text), expected }),
        }
    }

    /// At least one.
    pub fn addresses(&self) -> &[AMQPUri] {
        &self.addresses
    }
}

/// The library would connect to `localhost` where no host is named, or one in brackets (IPv6).
fn address(text: &str) -> Option<AMQPUri> {
    let authority = text.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if host.is_empty() || host.starts_with('[') { None } else { text.parse().ok() }
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
    pub fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let level = errors.gather(level(settings));
        let format = errors.gather(settings.or("LOG_FORMAT", LogFormat::Text, "text or json"));
        let timezone = errors.gather(timezone(settings));
        errors.unless_any(|| {
            let dir = settings.text("LOG_DIR").map(PathBuf::from);
            Some(Self { dir, level: level?, format: format?, timezone: timezone? })
        })
    }
}

fn level(settings: &Settings) -> Result<String, ConfigError> {
    let text = settings.text("LOG_LEVEL").unwrap_or("info");
    let directives: Vec<&str> = text.split(',').map(str::trim).collect();
    let level = directives.join(",");
    if directives.into_iter().all(is_directive) && EnvFilter::try_new(&level).is_ok() {
        Ok(level)
    } else {
        let expected = "error, warn, info, debug, trace, or directives like info,sqlx=warn";
        Err(ConfigError::Bad { name: "LOG_LEVEL", found: format!("`{text}`"), expected })
    }
}

/// Stricter than the library, which takes a word that is no level for the only target to be heard.
fn is_directive(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let level = text.split_once('=').map_or(text, |(_, level)| level);
    LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level))
}

/// `TIMEZONE`, by default Moscow.
///
/// # Errors
///
/// If it is not a name of the IANA database.
pub fn timezone(settings: &Settings) -> Result<Tz, ConfigError> {
    settings.or("TIMEZONE", Tz::Europe__Moscow, "an IANA name like Europe/Moscow or Asia/Almaty")
}
