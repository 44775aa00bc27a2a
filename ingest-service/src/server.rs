//! The HTTP side: routes, what every request gets around it, and the end of the process.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

use crate::config::WebhookPath;
use crate::ingest::Ingest;
use crate::rejection::Rejection;
use crate::{health, webhook};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// AmoCRM's own name for its delivery.
const AMOCRM_REQUEST_ID: &str = "x-amocrm-requestid";

pub fn router(ingest: Arc<Ingest>, path: &WebhookPath) -> Router {
    Router::new()
        .merge(webhook::routes(path))
        .merge(health::routes())
        .fallback(async || Rejection::NotFound)
        .method_not_allowed_fallback(async || Rejection::Method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(identify))
        .with_state(ingest)
}

/// Gives every request an id, which stands in each of its log lines and in the answer. The span holds
/// neither path nor query: the secret may be in both.
async fn identify(request: Request<Body>, next: Next) -> Response {
    let id = Uuid::new_v4();
    let theirs = request.headers().get(AMOCRM_REQUEST_ID).and_then(|value| value.to_str().ok()?.parse().ok());
    let span =
        tracing::info_span!("request", %id, amocrm = theirs.map(|id: Uuid| tracing::field::display(id)));
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("A handler panicked");
    Rejection::Internal.into_response()
}
