//! `check-config`: what works of the settings and of what they point at, and what to do about the rest.

use std::time::Duration;

use shared::check::{self, Report, Row};
use shared::config::{BrokerConfig, LogConfig, Settings};

use crate::config::Config;
use crate::spool::{self, SpoolConfig};

/// The broker has this long.
const LIMIT: Duration = Duration::from_secs(8);

/// Tries everything; the broker's queues are made, as they are at every start.
pub async fn all(settings: &Settings) -> Report {
    let errors = Config::read(settings).err().unwrap_or_default();
    let mut report = Report::of_settings(&errors);
    report.add(match BrokerConfig::read(settings) {
        Ok(config) => check::broker(&config, LIMIT).await,
        Err(_) => vec![Row::untried(check::BROKER)],
    });
    report.add([match SpoolConfig::read(settings) {
        Ok(config) => spool::check(&config),
        Err(_) => Row::untried(spool::SUBJECT),
    }]);
    report.add([check::webhook(settings)]);
    report.add([match LogConfig::read(settings) {
        Ok(config) => check::logs(&config),
        Err(_) => Row::untried(check::LOGS),
    }]);
    report
}
