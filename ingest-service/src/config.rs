//! What ingest-service can be told.

use std::net::{Ipv4Addr, SocketAddr};

use shared::config::{BrokerConfig, ConfigErrors, LogConfig, Settings, WebhookPath, WebhookSecrets};

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
    /// Names every setting that is missing or cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let listen = errors.gather(listen_address(settings));
        let webhook_path = errors.gather(WebhookPath::read(settings));
        let secrets = errors.gather(WebhookSecrets::read(settings));
        let account = errors.gather(Account::read(settings));
        let broker = errors.gather(BrokerConfig::read(settings));
        let log = errors.gather(LogConfig::read(settings));
        errors.unless_any(|| {
            Some(Self {
                listen: listen?,
                webhook_path: webhook_path?,
                secrets: secrets?,
                account: account?,
                broker: broker?,
                log: log?,
            })
        })
    }
}

/// Where webhooks are received, and health, readiness and metrics are served.
///
/// # Errors
///
/// If `SERVER_HOST` or `SERVER_PORT` cannot be used.
pub fn listen_address(settings: &Settings) -> Result<SocketAddr, ConfigErrors> {
    let mut errors = ConfigErrors::default();
    let any = Ipv4Addr::UNSPECIFIED.into();
    let host = errors.gather(settings.or("SERVER_HOST", any, "an IP address like 0.0.0.0"));
    let port = errors.gather(settings.or("SERVER_PORT", 8000, "a port number"));
    errors.unless_any(|| Some(SocketAddr::new(host?, port?)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
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
    fn everything_that_is_wrong_is_named_at_once() {
        let changes = [
            ("SERVER_HOST", "here"),
            ("SERVER_PORT", "-1"),
            ("WEBHOOK_PATH", "hook"),
            ("WEBHOOK_SECRET", "short"),
            ("AMOCRM_ACCOUNT_ID", "demo"),
            ("AMOCRM_SUBDOMAIN", "a.b"),
            ("AMQP_URL", ""),
            ("LOG_LEVEL", "loud"),
            ("TIMEZONE", "Moscow"),
        ];
        let said = read(&changes).unwrap_err().to_string();
        let named: Vec<_> = said.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(named, changes.map(|(name, _)| name), "{said}");
    }

    #[test]
    fn a_missing_secret_stops_the_start() {
        let error = read(&[("WEBHOOK_SECRET", "")]).unwrap_err();
        assert!(error.to_string().starts_with("WEBHOOK_SECRET is missing"), "{error}");
    }
}
