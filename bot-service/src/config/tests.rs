use std::path::Path;

use super::*;

fn read(changes: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    read_with(Path::new("absent"), changes)
}

fn read_with(dotenv: &Path, changes: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let mut pairs = vec![
        ("BOT_TOKEN", "42:secret"),
        ("ADMIN_IDS", "1001,1002"),
        ("DATABASE_URL", "postgres://u@h/d"),
        ("AMQP_URL", "amqp://h"),
    ];
    pairs.extend_from_slice(changes);
    read_all(dotenv, &pairs)
}

fn read_all(dotenv: &Path, pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::read(&Settings::from_layers(Path::new("absent"), dotenv, pairs).unwrap())
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
fn none_of_the_four_can_be_left_out_or_empty() {
    let four = [
        ("BOT_TOKEN", "42:secret"),
        ("ADMIN_IDS", "1001,1002"),
        ("DATABASE_URL", "postgres://u@h/d"),
        ("AMQP_URL", "amqp://h"),
    ];
    for (name, _) in four {
        let absent = four.into_iter().filter(|(other, _)| *other != name).collect::<Vec<_>>();
        let empty = four.map(|(other, value)| (other, if other == name { "" } else { value }));
        for pairs in [&absent[..], &empty] {
            let said = read_all(Path::new("absent"), pairs).unwrap_err().to_string();
            assert!(said.starts_with(&format!("{name} is missing")), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
        }
    }
}

#[test]
fn a_bad_value_is_named_with_what_is_expected() {
    let said = |name, value| read(&[(name, value)]).unwrap_err().to_string();
    assert!(said("BOT_TOKEN", "hunter2").starts_with("BOT_TOKEN is a text of 7 characters; expected"));
    assert!(said("ADMIN_IDS", "@anna").starts_with("ADMIN_IDS is `@anna`; expected"));
    assert!(
        said("ADMIN_IDS", "1001,-1002").starts_with("ADMIN_IDS is `-1002`; expected Telegram ids of people")
    );
    assert!(said("ADMIN_IDS", "0").starts_with("ADMIN_IDS is `0`; expected Telegram ids of people"));
    assert!(said("MEASUREMENT_TRIGGERS", "142").starts_with("MEASUREMENT_TRIGGERS is `142`; expected"));
    assert!(said("AMOCRM_RPS", "NaN").starts_with("AMOCRM_RPS is"));
    assert!(said("AMOCRM_SUBDOMAIN", "a.b/c").starts_with("AMOCRM_SUBDOMAIN is `a.b/c`"));
    assert!(said("BOT_TOKEN", "42:").starts_with("BOT_TOKEN is a text of 3 characters"));
    assert!(said("DATABASE_URL", "postgres://u:hunter2@[").starts_with("DATABASE_URL is a text of 22"));
    assert!(said("WEBHOOK_SECRET", "short").starts_with("WEBHOOK_SECRET is a text of 5 characters"));
    assert!(said("WEBHOOK_PATH", "hook").starts_with("WEBHOOK_PATH is `hook`; expected"));
    assert!(said("TELEGRAM_PROXY", "::").starts_with("TELEGRAM_PROXY is a text of 2 characters"));
    assert!(said("AMOCRM_ACCESS_TOKEN", "t").starts_with("AMOCRM_SUBDOMAIN is missing"));
    assert!(said("DATABASE_URL", "sqlite://x").starts_with("DATABASE_URL is a text"));
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let changes = [
        ("BOT_TOKEN", ""),
        ("ADMIN_IDS", ""),
        ("TELEGRAM_PROXY", "::"),
        ("AMOCRM_ACCESS_TOKEN", "t"),
        ("AMOCRM_RPS", "0"),
        ("MEASUREMENT_TRIGGERS", "142"),
        ("CANCEL_TRIGGERS", "143"),
        ("WEBHOOK_HOST", "zamer"),
        ("WEBHOOK_SECRET", "short"),
        ("DATABASE_URL", "sqlite://x"),
        ("AMQP_URL", "http://h"),
        ("BOT_HTTP_HOST", "localhost"),
        ("BOT_HTTP_PORT", "http"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("TIMEZONE", "Moscow"),
    ];
    let said = read(&changes).unwrap_err().to_string();
    let lines: Vec<&str> = said.lines().collect();
    for (name, _) in changes {
        // A token without an account is a missing account.
        let name = if name == "AMOCRM_ACCESS_TOKEN" { "AMOCRM_SUBDOMAIN" } else { name };
        let about = lines.iter().filter(|line| line.split(' ').next() == Some(name)).count();
        assert_eq!(about, 1, "{name} in {said}");
    }
    assert_eq!(lines.len(), changes.len(), "{said}");
}

#[test]
fn a_subdomain_gives_the_address_and_an_address_wins() {
    let address = |changes: &[(&str, &str)]| read(changes).unwrap().amocrm.base_url.unwrap().to_string();
    assert_eq!(address(&[("AMOCRM_SUBDOMAIN", "okna")]), "https://okna.amocrm.ru/");
    let both = [("AMOCRM_SUBDOMAIN", "okna"), ("AMOCRM_BASE_URL", "https://okna.kommo.com")];
    assert_eq!(address(&both), "https://okna.kommo.com/");
    assert_eq!(address(&[("AMOCRM_SUBDOMAIN", "okna.kommo.com")]), "https://okna.kommo.com/");
}

#[test]
fn an_address_is_of_http_and_has_a_host() {
    for name in ["TELEGRAM_API_URL", "AMOCRM_BASE_URL", "WEBHOOK_HOST"] {
        let said = |value| read(&[(name, value)]).unwrap_err().to_string();
        for bad in ["localhost:8080", "ftp://h", "https://", "h", "file:///h", "https://h/?a=b"] {
            assert!(said(bad).starts_with(&format!("{name} is `{bad}`; expected an address like")));
        }
        assert!(said("ftp://u:hunter2@h").starts_with(&format!("{name} is a text of 17 characters")));
    }
    assert!(read(&[("WEBHOOK_HOST", "https://u:hunter2@h")]).is_err(), "it is shown to people");
}

#[test]
fn the_webhook_is_shown_without_its_secret() {
    let secret = ("WEBHOOK_SECRET", "0012300123001230");
    let host = ("WEBHOOK_HOST", "https://zamer.example.ru/");
    assert!(read(&[secret]).unwrap().webhook.is_none() && read(&[host]).unwrap().webhook.is_none());
    let config = read(&[secret, host]).unwrap();
    assert_eq!(config.webhook.as_ref().unwrap().shown(), "https://zamer.example.ru/webhook/amocrm/<secret>");
    assert!(!format!("{config:?}").contains(secret.1));
}

#[test]
fn an_address_of_our_host_and_path_is_ours_whatever_the_secret() {
    let secret = ("WEBHOOK_SECRET", "0012300123001230,0012300123001231");
    let config = read(&[secret, ("WEBHOOK_HOST", "https://zamer.example.ru")]).unwrap().webhook.unwrap();
    let destination = config.destination();
    assert_eq!(destination.expose_secret(), "https://zamer.example.ru/webhook/amocrm/0012300123001230");
    for ours in [
        destination.expose_secret(),
        "https://zamer.example.ru/webhook/amocrm/former",
        "http://ZAMER.example.ru/webhook/amocrm/former/",
        "https://zamer.example.ru:443/webhook/amocrm?secret=former",
    ] {
        assert!(config.is_ours(ours), "{ours}");
    }
    for foreign in [
        "https://example.ru/webhook/amocrm/former",
        "https://zamer.example.ru:8443/webhook/amocrm/former",
        "https://zamer.example.ru/webhook/amocrm/former/more",
        "https://zamer.example.ru/webhook/amocrm2/former",
        "https://zamer.example.ru/webhook/amocrmformer",
        "https://zamer.example.ru/other/former",
        "no address",
    ] {
        assert!(!config.is_ours(foreign), "{foreign}");
    }
}

/// What must be there for every other setting to have an effect.
const AROUND: [(&str, &str); 8] = [
    ("AMOCRM_SUBDOMAIN", "okna"),
    ("AMOCRM_REFRESH_TOKEN", "refresh"),
    ("AMOCRM_CLIENT_ID", "client"),
    ("AMOCRM_CLIENT_SECRET", "key"),
    ("AMOCRM_REDIRECT_URI", "https://okna.example.ru/back"),
    ("WEBHOOK_HOST", "https://zamer.example.ru/"),
    ("WEBHOOK_SECRET", "0012300123001230"),
    ("TELEGRAM_WEBHOOK_SECRET", "0012300123001230"),
];

#[test]
fn the_defaults_are_those_of_the_example() {
    let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.example"));
    let (ours, documented) = (read(&AROUND).unwrap(), read_with(example, &AROUND).unwrap());
    assert_eq!(format!("{ours:#?}"), format!("{documented:#?}"));
}

/// A setting, a value that is not its default, how the value is shown, and where it ends up.
type Heard = (&'static str, &'static str, &'static str, fn(&Config) -> String);

const ACCESS: [Heard; 19] = [
    ("BOT_TOKEN", "43:other", "43:other", |it| it.telegram.token.expose_secret().to_owned()),
    ("ADMIN_IDS", "1003", "[1003]", |it| format!("{:?}", it.telegram.admin_ids)),
    ("TELEGRAM_API_URL", "https://api.example.ru/", "https://api.example.ru/", |it| {
        shown(it.telegram.api_url.as_ref())
    }),
    ("TELEGRAM_PROXY", "socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080", |it| {
        it.telegram.proxy.as_ref().map_or_else(String::new, |proxy| proxy.expose_secret().to_owned())
    }),
    ("TELEGRAM_MODE", "webhook", "webhook", |it| it.telegram.mode.as_str().to_owned()),
    ("TELEGRAM_WEBHOOK_URL", "https://b.example.ru:8443/tg", "https://b.example.ru:8443/tg", |it| {
        shown(it.telegram.webhook.as_ref().map(|it| &it.url))
    }),
    ("TELEGRAM_WEBHOOK_SECRET", "0012300123001232", "0012300123001232", |it| telegram_secret(it)),
    ("AMOCRM_SUBDOMAIN", "steklo", "https://steklo.amocrm.ru/", |it| shown(it.amocrm.base_url.as_ref())),
    ("AMOCRM_BASE_URL", "https://crm.example.ru/", "https://crm.example.ru/", |it| {
        shown(it.amocrm.base_url.as_ref())
    }),
    ("AMOCRM_ACCOUNT_ID", "31000001", "31000001", |it| shown(it.amocrm.account_id)),
    ("AMOCRM_ACCESS_TOKEN", "token", "token", |it| {
        it.amocrm.access_token.as_ref().map_or_else(String::new, |token| token.expose_secret().to_owned())
    }),
    ("AMOCRM_REFRESH_TOKEN", "def", "def", |it| oauth(it).refresh_token.expose_secret().to_owned()),
    ("AMOCRM_CLIENT_ID", "other", "other", |it| oauth(it).client_id.clone()),
    ("AMOCRM_CLIENT_SECRET", "abc", "abc", |it| oauth(it).client_secret.expose_secret().to_owned()),
    ("AMOCRM_REDIRECT_URI", "https://b.example.ru", "https://b.example.ru", |it| {
        oauth(it).redirect_uri.clone()
    }),
    ("AMOCRM_RPS", "2.5", "2.5", |it| it.amocrm.requests_per_second.to_string()),
    ("AMOCRM_MANAGE_WEBHOOK", "false", "false", |it| it.amocrm.manages_webhook.to_string()),
    ("DATABASE_URL", "postgres://u@h/other", "postgres://u@h/other", |it| {
        it.database_url.expose_secret().to_owned()
    }),
    ("AMQP_URL", "amqp://other", "other", |it| it.broker.addresses()[0].authority.host.clone()),
];

const THE_REST: [Heard; 18] = [
    ("WEBHOOK_HOST", "https://other.example.ru/", "https://other.example.ru/", |it| {
        shown(it.webhook.as_ref().map(|it| &it.host))
    }),
    ("WEBHOOK_PATH", "/crm", "/crm", |it| shown(it.webhook.as_ref().map(|it| it.path.as_str()))),
    ("WEBHOOK_SECRET", "0012300123001231", "0012300123001231", |it| {
        it.webhook.as_ref().map_or_else(String::new, |it| it.secrets.all()[0].expose_secret().to_owned())
    }),
    ("MEASUREMENT_TRIGGERS", "1:2", "1:2", |it| shown(it.intake.triggers.first())),
    ("CANCEL_TRIGGERS", "3:4", "3:4", |it| shown(it.intake.cancels.first())),
    ("FIELD_ADDRESS", "Куда", "Куда", |it| it.intake.fields.address.0.join("|")),
    ("FIELD_ORDER_NUMBER", "Счёт", "Счёт", |it| it.intake.fields.order_number.0.join("|")),
    ("FIELD_DEALER", "Партнёр", "Партнёр", |it| it.intake.fields.dealer.0.join("|")),
    ("FIELD_ZONE", "Район", "Район", |it| it.intake.fields.zone.0.join("|")),
    ("FIELD_PRODUCT", "Что", "Что", |it| it.intake.fields.product.0.join("|")),
    ("FIELD_COMMENT", "Заметка", "Заметка", |it| it.intake.fields.comment.0.join("|")),
    ("BOT_HTTP_HOST", "127.0.0.2", "127.0.0.2", |it| it.http.ip().to_string()),
    ("BOT_HTTP_PORT", "9001", "9001", |it| it.http.port().to_string()),
    ("FILES_URL", "/srv/files", "/srv/files", |it| match &it.files {
        FilesConfig::Folder(folder) => folder.display().to_string(),
        FilesConfig::Bucket(bucket) => bucket.name.clone(),
    }),
    ("TIMEZONE", "Asia/Almaty", "Asia/Almaty Asia/Almaty", |it| {
        format!("{} {}", it.timezone, it.log.timezone)
    }),
    ("LOG_DIR", "/var/log/zamer", "/var/log/zamer", |it| shown(it.log.dir.as_ref().map(|dir| dir.display()))),
    ("LOG_LEVEL", "debug", "debug", |it| it.log.level.clone()),
    ("LOG_FORMAT", "json", "Json", |it| format!("{:?}", it.log.format)),
];

fn oauth(config: &Config) -> &OAuthConfig {
    config.amocrm.oauth.as_ref().unwrap()
}

#[test]
fn a_refresh_token_takes_the_rest_of_oauth_and_hides_its_secrets() {
    let refresh = ("AMOCRM_REFRESH_TOKEN", "refreshsecret");
    let said = read(&[refresh]).unwrap_err().to_string();
    for name in ["AMOCRM_CLIENT_ID", "AMOCRM_CLIENT_SECRET", "AMOCRM_REDIRECT_URI", "AMOCRM_SUBDOMAIN"] {
        assert!(said.contains(name), "{name} in {said}");
    }
    let config = read(&[&AROUND[..], &[refresh, ("AMOCRM_CLIENT_SECRET", "clientsecret")]].concat()).unwrap();
    assert!(!format!("{config:?}").contains("secret\""));
    assert!(!format!("{config:?}").contains("refreshsecret"));
    let without = read(&[("AMOCRM_CLIENT_ID", "client")]).unwrap();
    assert!(without.amocrm.oauth.is_none() && !without.amocrm.has_token());
}

fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn telegram_secret(config: &Config) -> String {
    let webhook = config.telegram.webhook.as_ref();
    let secret = webhook.and_then(|webhook| webhook.secret.as_ref());
    secret.map_or_else(String::new, |secret| secret.expose_secret().to_owned())
}

#[test]
fn telegrams_webhook_is_what_telegram_takes() {
    let mode = ("TELEGRAM_MODE", "webhook");
    let said = read(&[mode]).unwrap_err().to_string();
    assert!(
        said.contains("TELEGRAM_WEBHOOK_URL is missing")
            && said.contains("TELEGRAM_WEBHOOK_SECRET is missing")
    );
    assert!(
        read(&[("TELEGRAM_MODE", "hook")]).unwrap_err().to_string().starts_with("TELEGRAM_MODE is `hook`")
    );

    let secret = ("TELEGRAM_WEBHOOK_SECRET", "telegram-secret_1");
    let config = read(&[mode, secret, ("WEBHOOK_HOST", "https://zamer.example.ru")]).unwrap();
    let url = config.telegram.webhook.as_ref().unwrap().url.to_string();
    assert_eq!(url, "https://zamer.example.ru/webhook/telegram", "the proxy's path, where nothing is said");
    assert!(!format!("{config:?}").contains(secret.1));

    for bad in [
        "http://h/t",
        "https://h:8001/t",
        "https://h",
        "https://h/ready",
        "https://h/a?b",
        "https://h/%7Bx%7D",
        "h/t",
    ] {
        let said = read(&[mode, secret, ("TELEGRAM_WEBHOOK_URL", bad)]).unwrap_err().to_string();
        assert!(said.starts_with(&format!("TELEGRAM_WEBHOOK_URL is `{bad}`; expected an address")), "{said}");
    }
    assert!(read(&[mode, secret, ("TELEGRAM_WEBHOOK_URL", "https://u:hunter2@h/t")]).is_err());
    let own = ("TELEGRAM_API_URL", "http://bot-api:8081");
    assert!(read(&[mode, secret, own, ("TELEGRAM_WEBHOOK_URL", "http://bot-service:8001/t")]).is_ok());

    let url = ("TELEGRAM_WEBHOOK_URL", "https://h/t");
    for bad in ["short", "with space in it", &"a".repeat(257)] {
        let said = read(&[mode, url, ("TELEGRAM_WEBHOOK_SECRET", bad)]).unwrap_err().to_string();
        let wanted =
            format!("TELEGRAM_WEBHOOK_SECRET is a text of {} characters; expected 16 to 256", bad.len());
        assert!(said.starts_with(&wanted), "{said}");
    }
    let polling = read(&[url]).unwrap().telegram;
    assert!(polling.mode == TelegramMode::Polling && polling.webhook.is_some(), "known as ours all the same");
}

#[test]
fn every_setting_is_heard() {
    let before = read(&AROUND).unwrap();
    for (name, value, shown, heard) in ACCESS.into_iter().chain(THE_REST) {
        let after = read(&[&AROUND[..], &[(name, value)]].concat()).unwrap();
        assert_eq!(heard(&after), shown, "{name}");
        assert_ne!(heard(&before), shown, "{name} is set to its default");
    }
}
