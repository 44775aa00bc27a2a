//! What the machine is told: `/health`, `/ready`, `/metrics`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use shared::broker::BrokerState;

use crate::ingest::Ingest;

pub fn routes() -> Router<Arc<Ingest>> {
    Router::new().route("/health", get(health)).route("/ready", get(ready)).route("/metrics", get(metrics))
}

/// The process lives. Nothing else is asked, so that a broker's outage does not restart us.
async fn health() -> Response {
    Json(json!({ "status": "alive" })).into_response()
}

/// 200 while webhooks can be accepted, else 503; the body names the broker's state.
async fn ready(State(ingest): State<Arc<Ingest>>) -> Response {
    let (status, name, broker) = match ingest.publisher.state() {
        BrokerState::Connected => (StatusCode::OK, "ready", "connected"),
        BrokerState::Blocked => (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "blocked"),
        BrokerState::Away => (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "away"),
    };
    (status, Json(json!({ "status": name, "broker": broker }))).into_response()
}

async fn metrics(State(ingest): State<Arc<Ingest>>) -> Response {
    let text = ingest.metrics.render(ingest.publisher.state());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
