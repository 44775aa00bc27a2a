//! Is the process alive, and can it do its work.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use shared::broker::BrokerState;
use tokio::time::timeout;

use super::Status;
use crate::app::App;
use crate::storage::{self, StorageError};

/// A probe waits no longer for the database.
const LIMIT: Duration = Duration::from_secs(2);

/// The process lives. Nothing else is asked, so that an outage beside it does not restart it.
pub async fn health() -> Response {
    Json(json!({ "status": "alive" })).into_response()
}

/// 200 while the database can be used, else 503, as before it could be reached at all. The broker and the leader are told as details: without a
/// broker people are still served, and one replica leads for all.
pub async fn ready(State(status): State<Status>) -> Response {
    let (code, readiness, database) = if database_answers(&status).await {
        (StatusCode::OK, "ready", "connected")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "away")
    };
    let broker = match status.broker() {
        BrokerState::Connected => "connected",
        BrokerState::Blocked => "blocked",
        BrokerState::Away => "away",
    };
    let leads = status.leads();
    let details = json!({ "status": readiness, "database": database, "broker": broker, "leads": leads });
    (code, Json(details)).into_response()
}

async fn database_answers(status: &Status) -> bool {
    let Some(live) = status.live.get() else { return false };
    matches!(timeout(LIMIT, ask_database(&live.app)).await, Ok(Ok(())))
}

async fn ask_database(app: &App) -> Result<(), StorageError> {
    let mut conn = app.db.acquire().await?;
    storage::ping(&mut conn).await
}
