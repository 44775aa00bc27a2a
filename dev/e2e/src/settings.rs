//! What the services are told: each its own settings, at the private parts of one system.

use std::collections::BTreeMap;

use simulator::{amocrm, telegram};

use crate::database::Database;
use crate::people;
use crate::system::Places;

pub const WEBHOOK_SECRET: &str = "story-secret-0123456789";

/// Where ingest-service takes webhooks, secret included.
pub fn webhook_path() -> String {
    format!("/webhook/amocrm/{WEBHOOK_SECRET}")
}

/// The public host at which Telegram finds the bot, where it posts updates.
pub const TELEGRAM_HOST: &str = "zamer.example.ru";
pub const TELEGRAM_SECRET: &str = "telegram-secret-0123456789";
pub const TELEGRAM_PATH: &str = "/webhook/telegram";

/// What makes bot-service take updates from Telegram's webhook.
pub fn by_webhook() -> [(&'static str, String); 3] {
    [
        ("TELEGRAM_MODE", "webhook".to_owned()),
        ("TELEGRAM_WEBHOOK_URL", format!("https://{TELEGRAM_HOST}{TELEGRAM_PATH}")),
        ("TELEGRAM_WEBHOOK_SECRET", TELEGRAM_SECRET.to_owned()),
    ]
}

/// Of ingest-service at a port of this machine. Its spool is in the folder where it runs.
pub fn ingest(places: &Places, port: u16) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ("AMQP_URL", places.amqp_url.clone()),
        ("AMOCRM_ACCOUNT_ID", amocrm::demo::ACCOUNT.to_string()),
        ("SERVER_HOST", "127.0.0.1".to_owned()),
        ("SERVER_PORT", port.to_string()),
        ("SPOOL_DIR", "spool".to_owned()),
    ])
}

/// Of bot-service at a port of this machine; Anna is the first administrator.
pub fn bot(
    places: &Places,
    database: &Database,
    telegram: &telegram::Simulator,
    amocrm: &amocrm::Simulator,
    port: u16,
) -> BTreeMap<&'static str, String> {
    let trigger = amocrm::demo::MEASUREMENT;
    BTreeMap::from([
        ("BOT_TOKEN", telegram.token()),
        ("ADMIN_IDS", people::ANNA.to_string()),
        ("TELEGRAM_API_URL", telegram.url()),
        ("AMOCRM_BASE_URL", amocrm.url().to_owned()),
        ("AMOCRM_ACCESS_TOKEN", amocrm.token().to_owned()),
        ("AMOCRM_ACCOUNT_ID", amocrm::demo::ACCOUNT.to_string()),
        ("MEASUREMENT_TRIGGERS", format!("{}:{}", trigger.pipeline, trigger.status)),
        ("DATABASE_URL", database.url()),
        ("AMQP_URL", places.amqp_url.clone()),
        ("BOT_HTTP_HOST", "127.0.0.1".to_owned()),
        ("BOT_HTTP_PORT", port.to_string()),
    ])
}
