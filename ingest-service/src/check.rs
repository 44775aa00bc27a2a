//! `check-config`: what works of the settings and of the broker they point at, and what to do about the rest.

use std::time::Duration;

use shared::check::{self, Report, Row};
use shared::config::{BrokerConfig, LogConfig, Settings, WebhookPath};

use crate::config::Config;

const WEBHOOK: &str = "webhook";
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
    report.add([webhook(settings)]);
    report.add([match LogConfig::read(settings) {
        Ok(config) => check::logs(&config),
        Err(_) => Row::untried(check::LOGS),
    }]);
    report
}

/// The public address, without its secret. What the proxy makes of it is not asked: it may not be there yet.
fn webhook(settings: &Settings) -> Row {
    let Ok(path) = WebhookPath::read(settings) else { return Row::untried(WEBHOOK) };
    match settings.text("WEBHOOK_HOST") {
        Some(host) if host.contains('@') => {
            Row::fails(WEBHOOK, "WEBHOOK_HOST holds a name or a password", "Leave them out: people see it.")
        }
        Some(host) => {
            let host = host.trim_end_matches('/');
            Row::works(WEBHOOK, format!("AmoCRM is to post to {host}{}/<secret>", path.as_str()))
        }
        None => Row::note(WEBHOOK, format!("WEBHOOK_HOST is empty; the path is {}/<secret>", path.as_str())),
    }
}
