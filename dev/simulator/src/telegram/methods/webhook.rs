//! Where updates are posted to. A webhook and polling exclude each other.

use chrono::TimeDelta;
use reqwest::Url;
use serde_json::{Value, json};

use super::polling::remember_wanted;
use crate::telegram::params::Params;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;
use crate::telegram::webhook::Webhook;

const PORTS: [u16; 4] = [443, 80, 88, 8443];
const DEFAULT_CONNECTIONS: usize = 40;

/// Ends a poll that waits.
pub(super) fn set(state: &mut State, params: &Params) -> Answer {
    let url = params.text("url").unwrap_or_default().into_owned();
    if url.is_empty() {
        return Ok(delete(state, params));
    }
    if state.webhook.as_ref().is_some_and(|old| state.now - old.set_at < TimeDelta::seconds(1)) {
        return Err(Refusal::too_many_requests(1));
    }
    let url = checked(state, &url)?;
    let secret = params.text("secret_token").unwrap_or_default().into_owned();
    if secret.len() > 256 {
        return Err(Refusal::bad_request("secret token is too long"));
    }
    if !secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(Refusal::bad_request("secret token contains unallowed characters"));
    }
    remember_wanted(state, params);
    forget_if_asked(state, params);
    let asked = params.integer("max_connections").and_then(|count| usize::try_from(count).ok());
    let max_connections = asked.filter(|count| (1..=100).contains(count)).unwrap_or(DEFAULT_CONNECTIONS);
    let old = state.webhook.take().filter(|old| old.url == url);
    let last_error = old.and_then(|old| old.last_error);
    state.webhook = Some(Webhook { url, secret, max_connections, set_at: state.now, last_error });
    state.updates.forget_postings();
    state.updates.poller += 1;
    Ok(Value::Bool(true))
}

/// The server looks the host up before it says yes.
fn checked(state: &State, url: &str) -> Result<Url, Refusal> {
    let bad = |reason: &str| Refusal::bad_request(&format!("bad webhook: {reason}"));
    if !url.to_lowercase().starts_with("https://") {
        return Err(bad("An HTTPS URL must be provided for webhook"));
    }
    let url: Url = url.parse().map_err(|_| bad("Failed to parse URL"))?;
    if !PORTS.contains(&url.port_or_known_default().unwrap_or_default()) {
        return Err(bad("Webhook can be set up only on ports 80, 88, 443 or 8443"));
    }
    if !state.hosts.know(url.host_str().unwrap_or_default()) {
        return Err(bad("Failed to resolve host: Name or service not known"));
    }
    Ok(url)
}

pub(super) fn delete(state: &mut State, params: &Params) -> Value {
    forget_if_asked(state, params);
    state.webhook = None;
    Value::Bool(true)
}

fn forget_if_asked(state: &mut State, params: &Params) {
    if params.flag("drop_pending_updates") {
        state.updates.forget_all();
    }
}

pub(super) fn info(state: &mut State, _params: &Params) -> Value {
    state.updates.forget_expired(state.now);
    let mut info = json!({
        "url": state.webhook.as_ref().map_or("", |webhook| webhook.url.as_str()),
        "has_custom_certificate": false,
        "pending_update_count": state.updates.pending(),
    });
    if let Some(webhook) = &state.webhook {
        info["max_connections"] = webhook.max_connections.into();
        if let Some((at, error)) = &webhook.last_error {
            info["last_error_date"] = at.timestamp().into();
            info["last_error_message"] = error.as_str().into();
        }
    }
    if !state.updates.allowed().is_empty() {
        info["allowed_updates"] = json!(state.updates.allowed());
    }
    info
}
