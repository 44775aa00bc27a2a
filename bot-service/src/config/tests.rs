use std::path::Path;

use super::*;

fn read(changes: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
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
