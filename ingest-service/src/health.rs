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
use crate::spool::SpoolState;

pub fn routes() -> Router<Arc<Ingest>> {
    Router::new().route("/health", get(health)).route("/ready", get(ready)).route("/metrics", get(metrics))
}

/// The process lives. Nothing else is asked, so that a broker's outage does not restart us.
async fn health() -> Response {
    Json(json!({ "status": "alive" })).into_response()
}

/// 200 while webhooks can be accepted, be it by the broker or by the spool, else 503.
async fn ready(State(ingest): State<Arc<Ingest>>) -> Response {
    let broker = ingest.publisher.state();
    let spool = ingest.spool.as_ref().map(|spool| spool.state());
    let is_ready = broker == BrokerState::Connected || spool == Some(SpoolState::Works);
    let (status, name) =
        if is_ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready") };
    let broker = match broker {
        BrokerState::Connected => "connected",
        BrokerState::Blocked => "blocked",
        BrokerState::Away => "away",
    };
    let spool = match spool {
        None => "off",
        Some(SpoolState::Works) => "works",
        Some(SpoolState::Full) => "full",
        Some(SpoolState::Failing) => "failing",
    };
    (status, Json(json!({ "status": name, "broker": broker, "spool": spool }))).into_response()
}

async fn metrics(State(ingest): State<Arc<Ingest>>) -> Response {
    ingest.show_spool();
    let text = ingest.metrics.render(ingest.publisher.state());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
