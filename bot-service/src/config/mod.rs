//! The settings of bot-service, one struct per section. Names and meanings stand in `.env.example`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use chrono_tz::Tz;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use shared::config::{BrokerConfig, ConfigError, LogConfig, Settings, describe_secret, timezone};
use shared::ids::Stage;
use sqlx::postgres::PgConnectOptions;

mod amocrm;
mod telegram;
mod webhook;

pub use amocrm::AmoCrmConfig;
pub use telegram::TelegramConfig;
pub use webhook::WebhookConfig;

#[derive(Debug, Clone)]
pub struct Config {
    pub telegram: TelegramConfig,
    pub amocrm: AmoCrmConfig,
    pub intake: IntakeConfig,
    /// None where the bot is not told the address or the secret.
    pub webhook: Option<WebhookConfig>,
    pub broker: BrokerConfig,
    pub log: LogConfig,
    pub database_url: SecretString,
    /// Health, readiness and metrics.
    pub http: SocketAddr,
    pub timezone: Tz,
}

/// How deals become measurements.
#[derive(Debug, Clone)]
pub struct IntakeConfig {
    pub triggers: Vec<Stage>,
    pub cancels: Vec<Stage>,
    pub fields: FieldNames,
}

/// Where each fact is found in a deal.
#[derive(Debug, Clone)]
pub struct FieldNames {
    pub address: FieldKeys,
    pub order_number: FieldKeys,
    pub zone: FieldKeys,
    pub product: FieldKeys,
    pub comment: FieldKeys,
}

/// A custom field's id, code or names; the first that has a value wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldKeys(pub Vec<String>);

impl Config {
    /// # Errors
    ///
    /// Names the first setting that is missing or cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let host = settings.or("BOT_HTTP_HOST", IpAddr::V4(Ipv4Addr::UNSPECIFIED), "an IP address")?;
        let port = settings.or("BOT_HTTP_PORT", 8001, "a port number")?;
        Ok(Self {
            telegram: TelegramConfig::read(settings)?,
            amocrm: AmoCrmConfig::read(settings)?,
            intake: IntakeConfig::read(settings)?,
            webhook: WebhookConfig::read(settings)?,
            broker: BrokerConfig::read(settings)?,
            log: LogConfig::read(settings)?,
            database_url: database_url(settings)?,
            http: SocketAddr::new(host, port),
            timezone: timezone(settings)?,
        })
    }
}

fn database_url(settings: &Settings) -> Result<SecretString, ConfigError> {
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

impl IntakeConfig {
    fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let expected = "a list like 3177001:32392001,3177001:142 of pipeline:status";
        Ok(Self {
            triggers: settings.list("MEASUREMENT_TRIGGERS", expected)?,
            cancels: settings.list("CANCEL_TRIGGERS", expected)?,
            fields: FieldNames {
                address: FieldKeys::read(settings, "FIELD_ADDRESS", "Адрес|Адрес замера|Адрес доставки"),
                order_number: FieldKeys::read(settings, "FIELD_ORDER_NUMBER", "Номер заказа|Заказ"),
                zone: FieldKeys::read(settings, "FIELD_ZONE", "Зона|Зона доставки"),
                product: FieldKeys::read(settings, "FIELD_PRODUCT", "Продукт|Товар|Изделие"),
                comment: FieldKeys::read(settings, "FIELD_COMMENT", "Комментарий|Примечание"),
            },
        })
    }
}

impl FieldKeys {
    fn read(settings: &Settings, name: &str, default: &str) -> Self {
        Self::parse(settings.text(name).unwrap_or(default))
    }

    /// Alternatives separated by `|`.
    pub fn parse(text: &str) -> Self {
        let keys = text.split('|').map(str::trim).filter(|key| !key.is_empty());
        Self(keys.map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests;
