//! What ingest-service can be told.

use std::net::{Ipv4Addr, SocketAddr};

use shared::config::{BrokerConfig, ConfigError, LogConfig, Settings, WebhookPath, WebhookSecrets};

use crate::account::Account;

#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub webhook_path: WebhookPath,
    pub secrets: WebhookSecrets,
    pub account: Account,
    pub broker: BrokerConfig,
    pub log: LogConfig,
}

impl Config {
    /// # Errors
    ///
    /// If a value is missing or cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let host = settings.or("SERVER_HOST", Ipv4Addr::UNSPECIFIED.into(), "an IP address like 0.0.0.0")?;
        let port = settings.or("SERVER_PORT", 8000, "a port number")?;
        Ok(Self {
            listen: SocketAddr::new(host, port),
            webhook_path: WebhookPath::read(settings)?,
            secrets: WebhookSecrets::read(settings)?,
            account: Account::read(settings)?,
            broker: BrokerConfig::read(settings)?,
            log: LogConfig::read(settings)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let required = [("WEBHOOK_SECRET", "0012300123001230"), ("AMQP_URL", "amqp://localhost")];
        let pairs =
            required.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(&Settings::from_layers(Path::new("absent.toml"), Path::new("absent.env"), pairs)?)
    }

    #[test]
    fn the_defaults_are_those_of_the_documentation() {
        let config = read(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "0.0.0.0:8000");
        assert_eq!(config.webhook_path.as_str(), "/webhook/amocrm");
    }

    #[test]
    fn a_path_may_end_with_a_slash_but_not_hide_our_own() {
        assert_eq!(read(&[("WEBHOOK_PATH", "/crm/v1/")]).unwrap().webhook_path.as_str(), "/crm/v1");
        for path in ["/", "crm", "/a//b", "/{secret}", "/health", "/a?b", "/с"] {
            let error = read(&[("WEBHOOK_PATH", path)]).unwrap_err();
            assert!(error.to_string().starts_with("WEBHOOK_PATH is"), "{error}");
        }
    }

    #[test]
    fn a_missing_secret_stops_the_start() {
        let error = read(&[("WEBHOOK_SECRET", "")]).unwrap_err();
        assert!(error.to_string().starts_with("WEBHOOK_SECRET is missing"), "{error}");
    }
}
