//! What the tests of the checks share.

use std::path::Path;

use shared::check::{Report, Row};
use shared::config::Settings;

/// All that is required, with these changes.
pub fn settings(changes: &[(&str, &str)]) -> Settings {
    let required = [
        ("BOT_TOKEN", "42:tokensecret"),
        ("ADMIN_IDS", "1001"),
        ("DATABASE_URL", "postgres://bot:databasesecret@127.0.0.1:1/bot"),
        ("AMQP_URL", "amqp://bot:brokersecret@127.0.0.1:1/%2f"),
    ];
    let pairs = required.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::from_layers(Path::new("absent"), Path::new("absent"), pairs).unwrap()
}

/// The rows as a person sees them.
pub fn shown(rows: Vec<Row>) -> String {
    let mut report = Report::default();
    report.add(rows);
    let text = report.to_string();
    text.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
