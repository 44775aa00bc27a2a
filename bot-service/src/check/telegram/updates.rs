//! How updates are to come, and what Telegram says of that.

use shared::check::Row;

use crate::config::{TelegramConfig, TelegramMode};
use crate::telegram::sender::hook::WebhookInfo;

pub const SUBJECT: &str = "updates";

/// The host alone of a foreign address: a path may hold somebody's secret.
pub fn compared(info: &WebhookInfo, config: &TelegramConfig) -> Row {
    let is_ours = config.webhook.as_ref().is_some_and(|ours| info.leads_to(&ours.url));
    match (config.mode, info.is_set()) {
        (TelegramMode::Polling, false) => {
            Row::works(SUBJECT, "polling: no webhook is in the way of asking for them")
        }
        (TelegramMode::Polling, true) if is_ours => Row::note(
            SUBJECT,
            "polling: they go to the bot's own webhook still; the bot takes it away when it runs",
        ),
        (TelegramMode::Polling, true) => Row::fails(
            SUBJECT,
            format!("polling: they go to a webhook at {}: another program uses this bot", info.host()),
            "Stop that program and call deleteWebhook, or make a bot of its own with @BotFather.",
        ),
        (TelegramMode::Webhook, true) if is_ours => delivered(info, config),
        (TelegramMode::Webhook, is_set) => {
            let now = if is_set {
                format!("a webhook at {} takes them now", info.host())
            } else {
                "no webhook is set yet".to_owned()
            };
            Row::note(SUBJECT, format!("webhook: {now}; the bot sets {} when it runs", address(config)))
        }
    }
}

fn delivered(info: &WebhookInfo, config: &TelegramConfig) -> Row {
    let (address, waiting) = (address(config), info.pending_update_count);
    match info.last_error() {
        Some((at, error)) if waiting > 0 => {
            let at = at.with_timezone(&chrono::Utc).format("%Y-%m-%d %H:%M UTC");
            let found = format!("webhook: {waiting} wait for {address}; at {at} Telegram met «{error}»");
            let advice = "Is that address open to the world, with a valid certificate, and does the proxy hand its path on \
                          to bot-service? Right after a restart, check again in a minute.";
            Row::fails(SUBJECT, found, advice)
        }
        Some(_) | None => {
            Row::works(SUBJECT, format!("webhook: Telegram posts to {address}, {waiting} wait"))
        }
    }
}

/// Public, and no secret.
fn address(config: &TelegramConfig) -> String {
    config.webhook.as_ref().map_or_else(String::new, |ours| ours.url.to_string())
}
