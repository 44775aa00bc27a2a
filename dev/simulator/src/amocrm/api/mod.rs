//! API v4 as far as the services use it, over HTTP.

mod answers;
mod companies;
mod contacts;
mod directory;
mod events;
mod gate;
mod leads;
mod oauth;
mod pages;
mod params;
mod patch;
mod render;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::shared::Shared;
use params::Params;
use render::View;

pub const PREFIX: &str = "/api/v4";

pub fn router(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .route("/account", get(directory::account))
        .route("/users", get(directory::users))
        .route("/users/{id}", get(directory::user))
        .route("/leads/pipelines", get(directory::pipelines))
        .route("/leads/custom_fields", get(directory::lead_fields))
        .route("/contacts/custom_fields", get(directory::contact_fields))
        .route("/leads", get(leads::list).patch(patch::many))
        .route("/leads/{id}", get(leads::one).patch(patch::one))
        .route("/contacts", get(contacts::list))
        .route("/contacts/{id}", get(contacts::one))
        .route("/companies", get(companies::list))
        .route("/companies/{id}", get(companies::one))
        .route("/events", get(events::list))
        .route(
            "/webhooks",
            get(webhooks::list)
                .post(webhooks::subscribe)
                .delete(webhooks::unsubscribe)
                .route_layer(middleware::from_fn_with_state(Arc::clone(&shared), webhooks::admins_only)),
        )
        .method_not_allowed_fallback(not_allowed);
    Router::new()
        .nest(PREFIX, api)
        .route(oauth::PATH, post(oauth::token))
        .fallback(unknown)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), gate::pass))
        .with_state(shared)
}

async fn unknown(method: Method, uri: Uri) -> Response {
    (StatusCode::NOT_FOUND, format!("Cannot {method} {}", uri.path())).into_response()
}

async fn not_allowed() -> Response {
    answers::problem(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

/// The URL of an endpoint, as links in answers name it.
fn url(shared: &Shared, path: &str) -> String {
    format!("{}{PREFIX}/{path}", shared.url)
}
