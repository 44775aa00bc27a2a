//! The settings of bot-service, one struct per section. Names and meanings stand in `.env.example`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use chrono_tz::Tz;
use secrecy::{ExposeSecret, SecretString};
use shared::config::{BrokerConfig, ConfigError, LogConfig, Settings, describe_secret, timezone};
use shared::ids::{AccountId, Stage};

#[derive(Debug, Clone)]
pub struct Config {
    pub telegram: TelegramConfig,
    pub amocrm: AmoCrmConfig,
    pub intake: IntakeConfig,
    pub broker: BrokerConfig,
    pub log: LogConfig,
    pub database_url: SecretString,
    /// Health, readiness and metrics.
    pub http: SocketAddr,
    pub timezone: Tz,
}

#[derive(Debug, Clone)]
pub struct TelegramConfig {
    pub token: SecretString,
    /// The part of the token before the colon.
    pub bot_id: i64,
    /// Telegram ids of people who are admins from the start.
    pub admin_ids: Vec<i64>,
    /// Another server of the Bot API than Telegram's own.
    pub api_url: Option<reqwest::Url>,
    /// `http://` or `socks5://`, where the API cannot be reached directly.
    pub proxy: Option<SecretString>,
}

#[derive(Debug, Clone)]
pub struct AmoCrmConfig {
    pub account_id: Option<AccountId>,
    /// Where the API is; none when neither a subdomain nor an address is configured.
    pub base_url: Option<reqwest::Url>,
    /// A long-lived token. Without one, measurements live by the webhooks' own data.
    pub access_token: Option<SecretString>,
    pub requests_per_second: f64,
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
    if url.expose_secret().starts_with("postgres://") || url.expose_secret().starts_with("postgresql://") {
        Ok(url)
    } else {
        Err(ConfigError::Bad { name, found: describe_secret(&url), expected })
    }
}

impl TelegramConfig {
    fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let (name, expected) = ("BOT_TOKEN", "the token from BotFather, digits:letters");
        let token = settings.required_secret(name, expected)?;
        let bot_id = token.expose_secret().split_once(':').and_then(|(id, _)| id.parse().ok());
        let Some(bot_id) = bot_id else {
            return Err(ConfigError::Bad { name, found: describe_secret(&token), expected });
        };
        let (name, expected) = ("ADMIN_IDS", "Telegram ids separated by commas, at least one");
        let admin_ids: Vec<i64> = settings.list(name, expected)?;
        if admin_ids.is_empty() {
            return Err(ConfigError::Missing { name, expected });
        }
        let api_url = settings.optional("TELEGRAM_API_URL", "an address like https://api.telegram.org")?;
        Ok(Self { token, bot_id, admin_ids, api_url, proxy: proxy(settings)? })
    }
}

fn proxy(settings: &Settings) -> Result<Option<SecretString>, ConfigError> {
    let (name, expected) = ("TELEGRAM_PROXY", "http://host:port or socks5://user:password@host:port");
    let Some(proxy) = settings.secret(name) else { return Ok(None) };
    if reqwest::Proxy::all(proxy.expose_secret()).is_ok() {
        Ok(Some(proxy))
    } else {
        Err(ConfigError::Bad { name, found: describe_secret(&proxy), expected })
    }
}

impl AmoCrmConfig {
    fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let expected = "the account's name before .amocrm.ru";
        let subdomain: Option<String> = settings.optional("AMOCRM_SUBDOMAIN", expected)?;
        let from_subdomain = subdomain
            .map(|name| {
                let address = format!("https://{name}.amocrm.ru");
                let is_a_label = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                let found = format!("`{name}`");
                let bad = ConfigError::Bad { name: "AMOCRM_SUBDOMAIN", found, expected };
                if is_a_label { address.parse().map_err(|_| bad) } else { Err(bad) }
            })
            .transpose()?;
        let explicit = settings.optional("AMOCRM_BASE_URL", "an address like https://company.kommo.com")?;
        let access_token = settings.secret("AMOCRM_ACCESS_TOKEN");
        let base_url = explicit.or(from_subdomain);
        if access_token.is_some() && base_url.is_none() {
            return Err(ConfigError::Missing { name: "AMOCRM_SUBDOMAIN", expected });
        }
        let rps_expected = "requests a second, more than 0 and at most 50";
        let requests_per_second: f64 = settings.or("AMOCRM_RPS", 5.0, rps_expected)?;
        if !(requests_per_second > 0.0 && requests_per_second <= 50.0) {
            let found = format!("`{requests_per_second}`");
            return Err(ConfigError::Bad { name: "AMOCRM_RPS", found, expected: rps_expected });
        }
        let account_id = settings.optional("AMOCRM_ACCOUNT_ID", "the account's number")?;
        Ok(Self { account_id, base_url, access_token, requests_per_second })
    }
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
mod tests {
    use std::path::Path;

    use super::*;

    fn read(changes: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let mut pairs = vec![
            ("BOT_TOKEN", "42:secret"),
            ("ADMIN_IDS", "1001,1002"),
            ("DATABASE_URL", "postgres://u@h/d"),
            ("AMQP_URL", "amqp://h"),
        ];
        pairs.extend_from_slice(changes);
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Config::read(&Settings::from_layers(Path::new("absent"), Path::new("absent"), pairs).unwrap())
    }

    #[test]
    fn four_settings_are_enough() {
        let config = read(&[]).unwrap();
        assert_eq!((config.telegram.bot_id, config.http.port()), (42, 8001));
        assert_eq!(config.telegram.admin_ids, [1001, 1002]);
        assert!(config.amocrm.base_url.is_none() && config.intake.triggers.is_empty());
        assert_eq!(config.intake.fields.product.0, ["Продукт", "Товар", "Изделие"]);
    }

    #[test]
    fn a_bad_value_is_named_with_what_is_expected() {
        let said = |name, value| read(&[(name, value)]).unwrap_err().to_string();
        assert!(said("BOT_TOKEN", "hunter2").starts_with("BOT_TOKEN is a text of 7 characters; expected"));
        assert!(said("ADMIN_IDS", "@anna").starts_with("ADMIN_IDS is `@anna`; expected"));
        assert!(said("MEASUREMENT_TRIGGERS", "142").starts_with("MEASUREMENT_TRIGGERS is `142`; expected"));
        assert!(said("AMOCRM_RPS", "NaN").starts_with("AMOCRM_RPS is"));
        assert!(said("AMOCRM_SUBDOMAIN", "a.b/c").starts_with("AMOCRM_SUBDOMAIN is `a.b/c`"));
        assert!(said("TELEGRAM_PROXY", "::").starts_with("TELEGRAM_PROXY is a text of 2 characters"));
        assert!(said("AMOCRM_ACCESS_TOKEN", "t").starts_with("AMOCRM_SUBDOMAIN is missing"));
        assert!(said("DATABASE_URL", "sqlite://x").starts_with("DATABASE_URL is a text"));
    }

    #[test]
    fn a_subdomain_gives_the_address_and_an_address_wins() {
        let address = |changes: &[(&str, &str)]| read(changes).unwrap().amocrm.base_url.unwrap().to_string();
        assert_eq!(address(&[("AMOCRM_SUBDOMAIN", "okna")]), "https://okna.amocrm.ru/");
        let both = [("AMOCRM_SUBDOMAIN", "okna"), ("AMOCRM_BASE_URL", "https://okna.kommo.com")];
        assert_eq!(address(&both), "https://okna.kommo.com/");
    }
}
