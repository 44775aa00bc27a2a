//! Is AmoCRM subscribed to tell us.

use secrecy::ExposeSecret;
use shared::check::Row;

use crate::amocrm::model::Webhook;
use crate::config::{AmoCrmConfig, WebhookConfig};

pub const SUBJECT: &str = "hook";

/// What nobody can look for.
pub fn unknown(config: &AmoCrmConfig) -> Option<Row> {
    let text = "without WEBHOOK_HOST and WEBHOOK_SECRET the bot neither makes the webhook nor watches it";
    config.manages_webhook.then(|| Row::note(SUBJECT, text))
}

/// Looks for our address among the subscriptions, with any of our secrets. What the running bot mends by itself
/// is no failure.
pub fn compared(webhooks: &[Webhook], ours: &WebhookConfig, config: &AmoCrmConfig) -> Row {
    let Some(hook) = find(webhooks, ours) else {
        let found = format!("AmoCRM is not subscribed to {} yet", ours.shown());
        let todo = if config.manages_webhook { "the bot does that when it runs" } else { "add it by hand" };
        return Row::note(SUBJECT, format!("{found}: {todo}"));
    };
    let missing = hook.missing();
    let (found, advice) = if hook.disabled {
        let advice = "Switch it on again in amoМаркет → WEB HOOKS, once ingest-service answers.";
        ("AmoCRM has switched the webhook off".to_owned(), advice)
    } else if missing.is_empty() {
        return Row::works(SUBJECT, "AmoCRM is subscribed, with every event that counts");
    } else {
        let found = format!("AmoCRM is subscribed, but does not tell of {}", missing.join(", "));
        (found, "Tick them in amoМаркет → WEB HOOKS.")
    };
    if config.manages_webhook {
        Row::note(SUBJECT, format!("{found}: the bot mends that when it runs"))
    } else {
        Row::fails(SUBJECT, found, advice)
    }
}

/// The newest secret comes first.
fn find<'a>(webhooks: &'a [Webhook], ours: &WebhookConfig) -> Option<&'a Webhook> {
    ours.destinations()
        .find_map(|wanted| webhooks.iter().find(|hook| hook.destination == wanted.expose_secret()))
}
