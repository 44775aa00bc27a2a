//! Which address AmoCRM is to be subscribed to. What answers there is not asked: the proxy may not run yet.

use super::Row;
use crate::config::{Settings, WebhookPath};

const SUBJECT: &str = "webhook";

/// The public address, without its secret.
pub fn webhook(settings: &Settings) -> Row {
    let Ok(path) = WebhookPath::read(settings) else { return Row::untried(SUBJECT) };
    let path = format!("{}/<secret>", path.as_str());
    let Some(host) = settings.text("WEBHOOK_HOST") else {
        return Row::note(SUBJECT, format!("WEBHOOK_HOST is empty; the path is {path}"));
    };
    let (scheme, rest) = host.split_once("://").unwrap_or_default();
    if !matches!(scheme, "http" | "https") || rest.is_empty() {
        let found = "WEBHOOK_HOST is no address".to_owned();
        return Row::fails(SUBJECT, found, "It is written like https://zamer.example.ru");
    }
    if rest.contains(['/', '?', '#', '@']) {
        let found = "WEBHOOK_HOST holds more than a scheme, a host and perhaps a port".to_owned();
        return Row::fails(
            SUBJECT,
            found,
            "The proxy would take a path, even a slash, for all that it serves.",
        );
    }
    Row::works(SUBJECT, format!("AmoCRM is to post to {host}{path}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn said(pairs: &[(&str, &str)]) -> String {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let absent = Path::new("absent");
        webhook(&Settings::from_layers(absent, absent, pairs).unwrap()).to_string()
    }

    #[test]
    fn the_address_is_shown_with_the_secret_left_out() {
        let said = said(&[("WEBHOOK_HOST", "https://zamer.example.ru"), ("WEBHOOK_PATH", "/crm/")]);
        assert_eq!(said, "ok     webhook  AmoCRM is to post to https://zamer.example.ru/crm/<secret>");
    }

    #[test]
    fn an_address_that_the_proxy_would_misunderstand_fails() {
        for host in [
            "https://zamer.example.ru/",
            "https://u:hunter2@h",
            "https://h/x",
            "zamer.example.ru",
            "https://",
        ] {
            let said = said(&[("WEBHOOK_HOST", host)]);
            assert!(said.starts_with("FAILS  webhook  WEBHOOK_HOST ") && !said.contains("hunter2"), "{said}");
        }
        assert!(said(&[]).starts_with("note   webhook  WEBHOOK_HOST is empty"));
        assert!(said(&[("WEBHOOK_PATH", "hook")]).starts_with("-      webhook  not tried"));
    }
}
