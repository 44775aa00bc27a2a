//! Is AmoCRM subscribed to tell us.

use secrecy::ExposeSecret;
use shared::check::Row;

use crate::amocrm::model::Webhook;
use crate::config::WebhookConfig;

pub const SUBJECT: &str = "hook";
/// What must be ticked, as the API calls it.
const EVENTS: [&str; 7] = [
    "add_lead",
    "update_lead",
    "status_lead",
    "responsible_lead",
    "delete_lead",
    "restore_lead",
    "update_contact",
];

/// Looks for our address among the subscriptions, with any of our secrets.
pub fn compared(webhooks: &[Webhook], ours: &WebhookConfig) -> Row {
    let base = ours.host.as_str().trim_end_matches('/');
    let addresses = ours.secrets.all().iter();
    let addresses: Vec<String> =
        addresses.map(|secret| format!("{base}{}/{}", ours.path.as_str(), secret.expose_secret())).collect();
    let Some(hook) = webhooks.iter().find(|hook| addresses.contains(&hook.destination)) else {
        return Row::note(SUBJECT, format!("AmoCRM is not subscribed to {} yet", ours.shown()));
    };
    if hook.disabled {
        return Row::fails(
            SUBJECT,
            "AmoCRM has switched the webhook off",
            "Switch it on again in amoМаркет → WEB HOOKS, once ingest-service answers.",
        );
    }
    let missing: Vec<&str> =
        EVENTS.into_iter().filter(|event| !hook.settings.iter().any(|ticked| ticked == event)).collect();
    if missing.is_empty() {
        return Row::works(SUBJECT, "AmoCRM is subscribed, with every event that counts");
    }
    let found = format!("AmoCRM is subscribed, but does not tell of {}", missing.join(", "));
    Row::fails(SUBJECT, found, "Tick them in amoМаркет → WEB HOOKS.")
}
