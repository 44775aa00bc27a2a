//! What ingest-service can be told.

use std::net::{Ipv4Addr, SocketAddr};

use shared::config::{BrokerConfig, ConfigErrors, LogConfig, Settings, WebhookPath, WebhookSecrets};

use crate::account::Account;
use crate::spool::SpoolConfig;

#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub webhook_path: WebhookPath,
    pub secrets: WebhookSecrets,
    pub account: Account,
    pub broker: BrokerConfig,
    pub spool: SpoolConfig,
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
        let spool = errors.gather(SpoolConfig::read(settings));
        let log = errors.gather(LogConfig::read(settings));
        errors.unless_any(|| {
            Some(Self {
                listen: listen?,
                webhook_path: webhook_path?,
                secrets: secrets?,
                account: account?,
                broker: broker?,
                spool: spool?,
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

    use secrecy::ExposeSecret;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        read_with(Path::new("absent.env"), pairs)
    }

    fn read_with(dotenv: &Path, pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let required = [("WEBHOOK_SECRET", "0012300123001230"), ("AMQP_URL", "amqp://localhost")];
        let pairs =
            required.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(&Settings::from_layers(Path::new("absent.toml"), dotenv, pairs)?)
    }

    #[test]
    fn the_defaults_are_those_of_the_example() {
        let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.example"));
        let (ours, documented) = (read(&[]).unwrap(), read_with(example, &[]).unwrap());
        assert_eq!(format!("{ours:#?}"), format!("{documented:#?}"));
        assert_eq!(ours.listen.to_string(), "0.0.0.0:8000");
        assert_eq!(ours.webhook_path.as_str(), "/webhook/amocrm");
    }

    /// A setting, a value that is not its default, how the value is shown, and where it ends up.
    type Heard = (&'static str, &'static str, &'static str, fn(&Config) -> String);

    const HEARD: [Heard; 13] = [
        ("SERVER_HOST", "127.0.0.2", "127.0.0.2", |it| it.listen.ip().to_string()),
        ("SERVER_PORT", "9000", "9000", |it| it.listen.port().to_string()),
        ("WEBHOOK_PATH", "/crm", "/crm", |it| it.webhook_path.as_str().to_owned()),
        ("WEBHOOK_SECRET", "0012300123001231", "0012300123001231", |it| {
            it.secrets.all()[0].expose_secret().to_owned()
        }),
        ("AMOCRM_ACCOUNT_ID", "7", "Account { id: Some(AccountId(7)), subdomain: None }", |it| {
            format!("{:?}", it.account)
        }),
        (
            "AMOCRM_SUBDOMAIN",
            "okna",
            r#"Account { id: None, subdomain: Some(Subdomain { label: "okna", domain: "amocrm.ru" }) }"#,
            |it| format!("{:?}", it.account),
        ),
        ("AMQP_URL", "amqp://other", "other", |it| it.broker.addresses()[0].authority.host.clone()),
        ("SPOOL_DIR", "/var/spool/zamer", r#"Some("/var/spool/zamer")"#, |it| format!("{:?}", it.spool.dir)),
        ("SPOOL_MAX_BYTES", "16777216", "16777216", |it| it.spool.max_bytes.to_string()),
        ("TIMEZONE", "Asia/Almaty", "Asia/Almaty", |it| it.log.timezone.to_string()),
        ("LOG_DIR", "/var/log/zamer", r#"Some("/var/log/zamer")"#, |it| format!("{:?}", it.log.dir)),
        ("LOG_LEVEL", "debug", "debug", |it| it.log.level.clone()),
        ("LOG_FORMAT", "json", "Json", |it| format!("{:?}", it.log.format)),
    ];

    #[test]
    fn every_setting_is_heard() {
        let before = read(&[]).unwrap();
        for (name, value, shown, heard) in HEARD {
            assert_eq!(heard(&read(&[(name, value)]).unwrap()), shown, "{name}");
            assert_ne!(heard(&before), shown, "{name} is set to its default");
        }
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
            ("SPOOL_MAX_BYTES", "1000"),
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
