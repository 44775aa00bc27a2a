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

#[derive(Deserialize)]
pub struct Subscription {
    destination: String,
    #[serde(default)]
    settings: Vec<String>,
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
    let mut world = shared.world();
    let is_new = world.webhooks.iter().all(|webhook| webhook.destination != wanted.destination);
    if is_new && world.webhooks.len() >= MOST {
        // The limit is documented, the words of its refusal are not.
        return problem(StatusCode::BAD_REQUEST, "Webhooks limit exceeded");
    }
    let stamp = shared.stamp(world.directory.account.current_user);
    let webhook = world.subscribe(&wanted.destination, wanted.settings, stamp);
    hal(StatusCode::CREATED, &shown(&webhook))
}

pub async fn unsubscribe(State(shared): State<Arc<Shared>>, body: Body<Subscription>) -> Response {
    let Ok(Json(wanted)) = body else { return empty_request() };
    let mut world = shared.world();
    let before = world.webhooks.len();
    world.webhooks.retain(|webhook| webhook.destination != wanted.destination);
    if world.webhooks.len() == before {
        return problem(StatusCode::NOT_FOUND, "Webhook not found");
    }
    nothing()
}

fn empty_request() -> Response {
    problem(StatusCode::BAD_REQUEST, "Request data can not be empty")
}

fn shown(webhook: &Webhook) -> Value {
    json!(webhook)
}
