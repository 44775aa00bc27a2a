use std::collections::BTreeSet;

use super::*;

fn settings(pairs: &[(&str, &str)]) -> Settings {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::from_layers(Path::new("absent.toml"), Path::new("absent.env"), pairs).unwrap()
}

/// A folder with the two files, removed at the end.
struct Files(std::path::PathBuf);

impl Files {
    fn with(toml: &str, dotenv: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("settings-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("config.toml"), toml).unwrap();
        std::fs::write(dir.join(".env"), dotenv).unwrap();
        Self(dir)
    }

    fn load(&self, environment: &[(&str, &str)]) -> Result<Settings, ConfigErrors> {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::from_layers(&self.0.join("config.toml"), &self.0.join(".env"), environment)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_secret_of_digits_with_leading_zeros_stays_as_written() {
    let secrets = WebhookSecrets::read(&settings(&[("WEBHOOK_SECRET", "0012300123001230")])).unwrap();
    assert_eq!(secrets.all()[0].expose_secret(), "0012300123001230");
}

#[test]
fn values_that_look_like_other_types_stay_texts() {
    let settings = settings(&[("LOG_DIR", "[abc]"), ("TIMEZONE", "true"), ("ADMIN_IDS", "1, 2,")]);
    assert_eq!(settings.text("LOG_DIR"), Some("[abc]"));
    assert_eq!(settings.list::<i64>("ADMIN_IDS", "ids").unwrap(), [1, 2]);
}

#[test]
fn the_environment_wins_over_dotenv_and_dotenv_over_toml() {
    let files = Files::with(
        "log_level = 'debug'\nserver_port = 1\nadmin_ids = [7, 8]",
        "SERVER_PORT=2\nSERVER_HOST=0.0.0.0 # all\nTIMEZONE=Asia/Almaty\n",
    );
    let settings = files.load(&[("TIMEZONE", "Europe/Samara")]).unwrap();
    assert_eq!(settings.text("LOG_LEVEL"), Some("debug"));
    assert_eq!(settings.text("SERVER_PORT"), Some("2"));
    assert_eq!(settings.text("SERVER_HOST"), Some("0.0.0.0"));
    assert_eq!(settings.text("TIMEZONE"), Some("Europe/Samara"));
    assert_eq!(settings.list::<i64>("ADMIN_IDS", "ids").unwrap(), [7, 8]);
}

#[test]
fn an_unknown_name_in_the_file_is_named() {
    let error = Files::with("webhok_secret = 'x'", "").load(&[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "config.toml has an unknown name WEBHOK_SECRET; the names are those of .env.example"
    );
}

#[test]
fn a_table_in_the_file_is_named() {
    let error = Files::with("[field_address]\nname = 'Адрес'", "").load(&[]).unwrap_err();
    let said = "config.toml cannot be read: FIELD_ADDRESS is a table; expected a value";
    assert_eq!(error.to_string(), said);
}

#[test]
fn a_line_that_needs_quotes_is_named_without_its_value() {
    let said = |line: &str| Files::with("", line).load(&[]).unwrap_err().to_string();
    let quotes = ".env cannot be read: the value of FIELD_ADDRESS must stand in 'quotes'";
    assert_eq!(said("FIELD_ADDRESS=Адрес|Адрес замера"), quotes);
    assert_eq!(said("a hunter2 secret"), ".env cannot be read: a line is not NAME=value");
}

#[test]
fn in_single_quotes_every_character_stands_for_itself() {
    let files = Files::with("", "DATABASE_URL='postgres://u:pa$HOME#1@db/x'\nFIELD_ZONE='Зона | Район'\n");
    let settings = files.load(&[]).unwrap();
    assert_eq!(settings.text("DATABASE_URL"), Some("postgres://u:pa$HOME#1@db/x"));
    assert_eq!(settings.text("FIELD_ZONE"), Some("Зона | Район"));
}

#[test]
fn a_missing_name_says_what_is_expected() {
    let error = settings(&[]).required_secret("BOT_TOKEN", "a token").unwrap_err();
    assert_eq!(error.to_string(), "BOT_TOKEN is missing; expected a token");
}

#[test]
fn a_bad_value_is_shown_but_a_bad_secret_is_not() {
    let settings =
        settings(&[("SERVER_PORT", "http"), ("WEBHOOK_SECRET", "short!"), ("AMQP_URL", "http://u:p@h")]);
    let port = settings.optional::<u16>("SERVER_PORT", "a port").unwrap_err();
    assert_eq!(port.to_string(), "SERVER_PORT is `http`; expected a port");
    let secret = WebhookSecrets::read(&settings).unwrap_err().to_string();
    assert!(secret.starts_with("WEBHOOK_SECRET is a text of 6 characters; expected"), "{secret}");
    let broker = BrokerConfig::read(&settings).unwrap_err().to_string();
    assert!(broker.starts_with("AMQP_URL is a text of 12 characters"), "{broker}");
}

#[test]
fn every_address_of_the_broker_is_parsed_and_none_is_quoted() {
    let read = |text| BrokerConfig::read(&settings(&[("AMQP_URL", text)]));
    let cluster = read("amqp://u:p@a/%2f, amqps://u:p@b:1/v").unwrap();
    let hosts: Vec<_> = cluster.addresses().iter().map(|uri| uri.authority.host.as_str()).collect();
    assert_eq!(hosts, ["a", "b"]);
    assert_eq!(format!("{cluster:?}"), "BrokerConfig(2 addresses)");
    for bad in [
        "amqp://",
        "amqp:///%2f",
        "amqp://[::1]",
        "http://h",
        "amqp:hunter2",
        "amqp://u:hunter2@h:port",
        "amqp://a,",
        "amqp://h?heartbeat=often",
    ] {
        let error = read(bad).unwrap_err().to_string();
        assert!(error.starts_with("AMQP_URL is a text of") && !error.contains("hunter2"), "{bad}: {error}");
    }
}

#[test]
fn a_level_of_logs_must_be_known() {
    let read = |text| LogConfig::read(&settings(&[("LOG_LEVEL", text)])).map(|log| log.level);
    for good in ["info", "WARN", "off", "info,sqlx=warn", "debug,lapin=error,bot_service::sync=trace"] {
        assert_eq!(read(good).unwrap(), good);
    }
    assert_eq!(read("info, sqlx=warn").unwrap(), "info,sqlx=warn");
    for bad in ["verbose", "info,sqlx", "sqlx=loud", "info,", "7", "sqlx=", "=info"] {
        let error = read(bad).unwrap_err().to_string();
        assert!(error.starts_with(&format!("LOG_LEVEL is `{bad}`; expected error, warn")), "{error}");
    }
}

#[test]
fn two_secrets_are_read_for_rotation_and_three_are_refused() {
    let two = settings(&[("WEBHOOK_SECRET", "aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbb")]);
    assert_eq!(WebhookSecrets::read(&two).unwrap().all().len(), 2);
    let three = settings(&[("WEBHOOK_SECRET", "aaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbb,cccccccccccccccc")]);
    assert!(WebhookSecrets::read(&three).is_err());
}

#[test]
fn a_secret_of_the_webhook_is_sixteen_plain_characters_or_more() {
    let read = |text: &str| WebhookSecrets::read(&settings(&[("WEBHOOK_SECRET", text)]));
    for good in ["azAZ09_-azAZ09_-", "----------------", &"x".repeat(200)] {
        assert_eq!(read(good).unwrap().all()[0].expose_secret(), good);
    }
    let fifteen = "azAZ09_-azAZ09_";
    for last in ["", ".", "~", "/", "?", "&", "=", "%", "+", "#", "\"", "é", "ж"] {
        let bad = format!("{fifteen}{last}");
        assert!(read(&bad).is_err(), "{bad}");
        let beside_a_good_one = format!("azAZ09_-azAZ09_-,{bad}");
        assert!(read(&beside_a_good_one).is_err(), "{beside_a_good_one}");
    }
    assert!(read("azAZ09_- azAZ09_-x").is_err(), "a blank within");
    assert!(read("azAZ09_-azAZ09_-,").is_err(), "an empty one after the comma");
}

#[test]
fn debug_of_the_settings_shows_names_alone() {
    let shown = format!("{:?}", settings(&[("BOT_TOKEN", "12:secret")]));
    assert_eq!(shown, r#"{"BOT_TOKEN"}"#);
}

const EXAMPLE: &str = include_str!("../../../.env.example");
const COMPOSE: &str = include_str!("../../../docker-compose.yml");

/// What compose puts in for `${NAME…}`, apart from the settings of the services.
fn names_of_compose() -> BTreeSet<&'static str> {
    let texts = COMPOSE.split("${").skip(1);
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let names = texts.map(|text| &text[..text.find(|c| !is_name(c)).unwrap_or(text.len())]);
    names.filter(|name| !NAMES.contains(name) && *name != "GIT_COMMIT").collect()
}

#[test]
fn the_example_names_every_setting_once_and_no_other() {
    let lines = EXAMPLE.lines().filter(|line| !line.starts_with('#'));
    let mut names: Vec<&str> = lines.filter_map(|line| line.split_once('=').map(|(name, _)| name)).collect();
    let mut expected: Vec<&str> = NAMES.iter().copied().chain(names_of_compose()).collect();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(names_of_compose().contains("DATABASE_PASSWORD"), "the scan of compose finds something");
}

#[test]
fn the_example_can_be_read_as_it_is() {
    let settings = Files::with("", EXAMPLE).load(&[]).unwrap();
    assert_eq!(settings.text("FIELD_ADDRESS"), Some("Адрес|Адрес замера|Адрес доставки"));
    assert_eq!(settings.text("WEBHOOK_PATH"), Some("/webhook/amocrm"));
    assert_eq!(settings.text("BOT_TOKEN"), None);
}

/// The settings that the example marks as read by `reader`, each without those whose value compose makes itself.
fn marked(reader: &str) -> BTreeSet<&'static str> {
    let own = [
        "AMQP_URL",
        "DATABASE_URL",
        "SERVER_HOST",
        "SERVER_PORT",
        "BOT_HTTP_HOST",
        "BOT_HTTP_PORT",
        "FILES_URL",
        "INGEST_URL",
        "LOG_DIR",
        "SPOOL_DIR",
    ];
    let mut readers = "";
    let mut names = BTreeSet::new();
    for line in EXAMPLE.lines() {
        if let Some(mark) = line.strip_prefix("# (").and_then(|rest| rest.split_once(')')) {
            readers = mark.0;
        } else if let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with('#'))
            && readers.split(", ").any(|one| one == reader)
            && !own.contains(&name)
        {
            names.insert(name);
        }
    }
    names
}

/// The names that compose hands to a service as they are: the lines `NAME:` of its `environment`.
fn handed_to(service: &str) -> BTreeSet<&'static str> {
    let section = COMPOSE.split_once(&format!("\n  {service}:\n")).unwrap().1;
    let lines = section.lines().skip_while(|line| *line != "    environment:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("      "));
    lines.filter_map(|line| line.trim().strip_suffix(':')).collect()
}

#[test]
fn compose_hands_each_service_what_it_reads_and_no_other_secret() {
    assert_eq!(handed_to("ingest-service"), marked("i"));
    assert_eq!(handed_to("bot-service"), marked("b"));
}
