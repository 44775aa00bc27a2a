//! Which address AmoCRM is to be subscribed to.

use shared::check::Row;

use crate::config::WebhookConfig;

pub const SUBJECT: &str = "webhook";

pub fn told(config: Option<&WebhookConfig>) -> Row {
    match config {
        Some(webhook) => Row::works(SUBJECT, format!("AmoCRM is to post to {}", webhook.shown())),
        None => Row::note(
            SUBJECT,
            "WEBHOOK_HOST or WEBHOOK_SECRET is empty; the address cannot be shown to anybody",
        ),
    }
}
