//! `/webhooks`: subscriptions by their address, open to administrators alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{forbidden, hal, invalid, nothing, problem};
use super::{Params, url};
use crate::amocrm::model::Webhook;
use crate::amocrm::shared::Shared;
use crate::amocrm::world::Invalid;

/// Of one account.
const MOST: usize = 100;

/// What somebody can be told of, each with the entities that have it.
const ACTIONS: [(&str, &[&str]); 9] = [
    ("add", &["lead", "contact", "company", "task", "customer", "talk", "message", "unsorted"]),
    ("update", &["lead", "contact", "company", "task", "customer", "talk", "unsorted"]),
    ("delete", &["lead", "contact", "company", "task", "customer", "unsorted"]),
    ("restore", &["lead", "contact", "company"]),
    ("responsible", &["lead", "contact", "company", "task", "customer"]),
    ("note", &["lead", "contact", "company", "customer"]),
    ("status", &["lead"]),
    ("add_outgoing", &["message"]),
    ("add_chat_template", &["review"]),
];

#[derive(Deserialize)]
pub struct Subscription {
    destination: String,
    settings: Vec<String>,
    #[serde(default = "first")]
    sort: i64,
}

#[derive(Deserialize)]
pub struct Unsubscription {
    destination: String,
}

fn first() -> i64 {
    1
}

type Body<T> = Result<Json<T>, JsonRejection>;

/// Refuses a token whose owner is no administrator.
pub async fn admins_only(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let is_admin = {
        let directory = &shared.world().directory;
        directory.user(directory.account.current_user).is_some_and(|user| user.is_admin)
    };
    if is_admin { next.run(request).await } else { forbidden() }
}

pub async fn list(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let wanted = params.get("filter[destination]");
    let found = world.webhooks.iter().filter(|webhook| wanted.is_none_or(|url| url == webhook.destination));
    let webhooks: Vec<_> = found.map(shown).collect();
    if webhooks.is_empty() {
        return nothing();
    }
    let links = json!({ "self": { "href": url(&shared, "webhooks") } });
    let body =
        json!({ "_total_items": webhooks.len(), "_links": links, "_embedded": { "webhooks": webhooks } });
    hal(StatusCode::OK, &body)
}

/// The same address again replaces its subscription.
pub async fn subscribe(State(shared): State<Arc<Shared>>, body: Body<Subscription>) -> Response {
    let Ok(Json(wanted)) = body else { return empty_request() };
    let parsed = wanted.destination.parse::<Uri>();
    if !parsed.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some()) {
        let path = "destination.destination".to_owned();
        return invalid(
            "0",
            &Invalid { code: "57c2f299-1154-4870-89bb-ef3b1f5ad229", path, detail: "Invalid URL".to_owned() },
        );
    }
    if let Some(refusal) = unknown_event(&wanted.settings) {
        return refusal;
    }
    let stays_disabled = shared.faults().stays_disabled;
    let mut world = shared.world();
    let is_new = world.webhooks.iter().all(|webhook| webhook.destination != wanted.destination);
    if is_new && world.webhooks.len() >= MOST {
        // The limit is documented, the words of its refusal are not.
        return problem(StatusCode::BAD_REQUEST, "Webhooks limit exceeded");
    }
    let stamp = shared.stamp(world.directory.account.current_user);
    let was_disabled = world.is_disabled(&wanted.destination);
    let webhook = world.subscribe(&wanted.destination, wanted.settings, stamp);
    webhook.sort = wanted.sort;
    webhook.disabled = stays_disabled && was_disabled;
    hal(StatusCode::CREATED, &shown(webhook))
}

pub async fn unsubscribe(State(shared): State<Arc<Shared>>, body: Body<Unsubscription>) -> Response {
    let Ok(Json(wanted)) = body else { return empty_request() };
    let mut world = shared.world();
    let before = world.webhooks.len();
    world.webhooks.retain(|webhook| webhook.destination != wanted.destination);
    if world.webhooks.len() == before {
        return problem(StatusCode::NOT_FOUND, "Webhook not found");
    }
    nothing()
}

/// The refusal of a subscription to nothing, or to what does not exist.
fn unknown_event(settings: &[String]) -> Option<Response> {
    let is_known = |event: &str| {
        let (action, entity) = event.rsplit_once('_').unwrap_or_default();
        ACTIONS.iter().any(|(name, entities)| *name == action && entities.contains(&entity))
    };
    let place = if settings.is_empty() {
        Some("settings".to_owned())
    } else {
        settings.iter().position(|event| !is_known(event)).map(|place| format!("settings.{place}"))
    };
    let refusal = |path| Invalid { code: "NotSupportedChoice", path, detail: "Invalid value".to_owned() };
    place.map(|path| invalid("0", &refusal(path)))
}

fn empty_request() -> Response {
    problem(StatusCode::BAD_REQUEST, "Request data can not be empty")
}

fn shown(webhook: &Webhook) -> Value {
    json!(webhook)
}
