//! The settings of bot-service, one struct per section. Names and meanings stand in `.env.example`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use shared::config::{
    BrokerConfig, ConfigError, ConfigErrors, LogConfig, Settings, describe_secret, timezone,
};
use sqlx::postgres::PgConnectOptions;

use crate::domain::setup::Intake;

mod amocrm;
mod files;
mod intake;
mod oauth;
mod telegram;
mod telegram_webhook;
pub mod token;
mod webhook;

pub use amocrm::AmoCrmConfig;
pub use files::{Bucket, FilesConfig};
pub use oauth::OAuthConfig;
pub use telegram::{TelegramConfig, TelegramMode};
pub use telegram_webhook::TelegramWebhook;
pub use webhook::WebhookConfig;

#[derive(Debug, Clone)]
pub struct Config {
    pub telegram: TelegramConfig,
    pub amocrm: AmoCrmConfig,
    pub intake: Intake,
    /// None where the bot is not told the address or the secret.
    pub webhook: Option<WebhookConfig>,
    pub broker: BrokerConfig,
    pub log: LogConfig,
    pub database_url: SecretString,
    /// Where replicas ask how ingest-service is; none where they do not.
    pub ingest_url: Option<Url>,
    /// Where copies of what people send are kept.
    pub files: FilesConfig,
    /// Health, readiness and metrics.
    pub http: SocketAddr,
    pub timezone: Tz,
    /// So long a measurer has to say that he goes; none where nobody is told that he has not.
    pub accept_within: Option<TimeDelta>,
}

impl Config {
    /// # Errors
    ///
    /// Names every setting that is missing or cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let telegram = errors.gather(TelegramConfig::read(settings));
        let amocrm = errors.gather(AmoCrmConfig::read(settings));
        let intake = errors.gather(Intake::read(settings));
        let webhook = errors.gather(WebhookConfig::read(settings));
        let broker = errors.gather(BrokerConfig::read(settings));
        let log = errors.gather(LogConfig::read(settings));
        let database_url = errors.gather(database_url(settings));
        let ingest_url = errors.gather(address(settings, "INGEST_URL", "http://host:port"));
        let files = errors.gather(FilesConfig::read(settings));
        let http = errors.gather(http_address(settings));
        let timezone = errors.gather(timezone(settings));
        let accept_within = errors.gather(accept_within(settings));
        errors.unless_any(|| {
            Some(Self {
                telegram: telegram?,
                amocrm: amocrm?,
                intake: intake?,
                webhook: webhook?,
                broker: broker?,
                log: log?,
                database_url: database_url?,
                ingest_url: ingest_url?,
                files: files?,
                http: http?,
                timezone: timezone?,
                accept_within: accept_within?,
            })
        })
    }
}

impl Config {
    /// Whether the bot makes and mends AmoCRM's webhook: that takes a token, an address and nobody's objection.
    pub fn keeps_webhook(&self) -> bool {
        self.amocrm.manages_webhook && self.amocrm.has_token() && self.webhook.is_some()
    }
}

/// Where health, readiness and metrics are served.
///
/// # Errors
///
/// If `BOT_HTTP_HOST` or `BOT_HTTP_PORT` cannot be used.
pub fn http_address(settings: &Settings) -> Result<SocketAddr, ConfigErrors> {
    let mut errors = ConfigErrors::default();
    let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let host = errors.gather(settings.or("BOT_HTTP_HOST", any, "an IP address like 0.0.0.0"));
    let port = errors.gather(settings.or("BOT_HTTP_PORT", 8001, "a port number"));
    errors.unless_any(|| Some(SocketAddr::new(host?, port?)))
}

fn accept_within(settings: &Settings) -> Result<Option<TimeDelta>, ConfigError> {
    let minutes: u32 = settings.or("ACCEPT_WITHIN_MINUTES", 30, "a number of minutes, or 0 for never")?;
    Ok((minutes > 0).then(|| TimeDelta::minutes(minutes.into())))
}

/// # Errors
///
/// If `DATABASE_URL` is missing or cannot be used.
pub fn database_url(settings: &Settings) -> Result<SecretString, ConfigError> {
    let (name, expected) = ("DATABASE_URL", "postgres://user:password@host:5432/database");
    let url = settings.required_secret(name, expected)?;
    let text = url.expose_secret();
    let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if is_postgres && PgConnectOptions::from_str(text).is_ok() {
        Ok(url)
    } else {
        Err(ConfigError::Bad { name, found: describe_secret(&url), expected })
    }
}

/// An address that HTTP can go to; the name may be absent.
fn address(
    settings: &Settings,
    name: &'static str,
    expected: &'static str,
) -> Result<Option<Url>, ConfigError> {
    let Some(text) = settings.text(name) else { return Ok(None) };
    let usable = |url: &Url| {
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        is_http && url.query().is_none() && url.fragment().is_none()
    };
    match text.parse().ok().filter(usable) {
        Some(url) => Ok(Some(url)),
        None => Err(ConfigError::Bad { name, found: describe_address(text), expected }),
    }
}

/// As it was found, unless it may hold a password.
fn describe_address(text: &str) -> String {
    if text.contains('@') { describe_secret(&text.into()) } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests;
