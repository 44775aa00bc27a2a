//! `check-config`: what works of the settings and of everything they point at, and what to do about the rest.
//!
//! Each connection is tried on its own, also where other settings are wrong. Nothing is sent to anybody; only
//! the broker's queues are made, as they are at every start.

mod admins;
mod amocrm;
mod database;
mod files;
mod telegram;

use std::time::Duration;

use reqwest::Url;
use shared::check::{self, Report, Row, Trouble};
use shared::config::{BrokerConfig, LogConfig, Settings};

use crate::config::{self, AmoCrmConfig, Config, FilesConfig, TelegramConfig, WebhookConfig};
use crate::domain::setup::Intake;

/// Of each connection; AmoCRM's client has its own.
const LIMIT: Duration = Duration::from_secs(8);

/// Tries everything. Takes no longer than the slowest connection's limit.
pub async fn all(settings: &Settings) -> Report {
    let errors = Config::read(settings).err().unwrap_or_default();
    let mut report = Report::of_settings(&errors);
    let (database, broker, telegram, amocrm, files) = tokio::join!(
        of_database(settings),
        of_broker(settings),
        of_telegram(settings),
        of_amocrm(settings),
        of_files(settings)
    );
    report.add(database);
    report.add(broker);
    report.add(telegram);
    report.add(amocrm);
    report.add([files]);
    report.add([check::webhook(settings)]);
    report.add([match LogConfig::read(settings) {
        Ok(config) => check::logs(&config),
        Err(_) => Row::untried(check::LOGS),
    }]);
    report
}

async fn of_database(settings: &Settings) -> Vec<Row> {
    match config::database_url(settings) {
        Ok(url) => database::tried(&url, LIMIT).await,
        Err(_) => vec![Row::untried(database::SUBJECT)],
    }
}

async fn of_broker(settings: &Settings) -> Vec<Row> {
    match BrokerConfig::read(settings) {
        Ok(config) => check::broker(&config, LIMIT).await,
        Err(_) => vec![Row::untried(check::BROKER)],
    }
}

async fn of_telegram(settings: &Settings) -> Vec<Row> {
    match TelegramConfig::read(settings) {
        Ok(config) => {
            telegram::tried(&config, LIMIT).await.into_iter().chain([admins::counted(&config)]).collect()
        }
        Err(_) => vec![Row::untried(telegram::SUBJECT)],
    }
}

async fn of_amocrm(settings: &Settings) -> Vec<Row> {
    match (AmoCrmConfig::read(settings), Intake::read(settings)) {
        (Ok(config), Ok(intake)) => {
            // What is wrong with the webhook is said in its own row.
            let webhook = WebhookConfig::read(settings).ok().flatten();
            amocrm::tried(&config, &intake, webhook.as_ref()).await
        }
        _ => vec![Row::untried(amocrm::SUBJECT)],
    }
}

async fn of_files(settings: &Settings) -> Row {
    match FilesConfig::read(settings) {
        Ok(config) => files::tried(&config, LIMIT).await,
        Err(_) => Row::untried(files::SUBJECT),
    }
}

/// Host and port. The rest of an address may hold a secret.
fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn trouble(error: &reqwest::Error, limit: Duration) -> Trouble {
    if error.is_timeout() { Trouble::NoAnswer(limit) } else { Trouble::of(error, limit) }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
