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
use crate::domain::reception::{RECEPTION, Reception, ReceptionTrouble};
use crate::storage::{self, StorageError, settings};

/// A probe waits no longer for the database.
const LIMIT: Duration = Duration::from_secs(2);

/// The process lives. Nothing else is asked, so that an outage beside it does not restart it.
pub async fn health() -> Response {
    Json(json!({ "status": "alive" })).into_response()
}

/// 200 while the database can be used, else 503, as before it could be reached at all. The broker, the leader and the way of
/// updates are told as details: without a broker people are still served, one replica leads for all, and no restart
/// mends a webhook.
pub async fn ready(State(status): State<Status>) -> Response {
    let told = ask(&status).await;
    let (code, readiness, database) = match &told {
        Some(told) if told.takes_changes => (StatusCode::OK, "ready", "connected"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "read_only"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "away"),
    };
    let broker = match status.broker() {
        BrokerState::Connected => "connected",
        BrokerState::Blocked => "blocked",
        BrokerState::Away => "away",
    };
    let mut details = json!({
        "status": readiness,
        "database": database,
        "broker": broker,
        "leads": status.leads(),
        "updates": status.mode.as_str(),
    });
    if let Some(trouble) = told.and_then(|told| told.reception.trouble) {
        details["updates_trouble"] = trouble.as_str().into();
        details["updates_trouble_reason"] = reason(trouble).into();
    }
    (code, Json(details)).into_response()
}

fn reason(trouble: ReceptionTrouble) -> String {
    match trouble {
        ReceptionTrouble::Foreign { host } => host,
        ReceptionTrouble::Refused { reason } | ReceptionTrouble::Undelivered { reason } => reason,
    }
}

/// What the database says.
struct Told {
    takes_changes: bool,
    reception: Reception,
}

/// None if the database does not answer.
async fn ask(status: &Status) -> Option<Told> {
    let live = status.live.get()?;
    timeout(LIMIT, ask_database(&live.app)).await.ok()?.ok()
}

async fn ask_database(app: &App) -> Result<Told, StorageError> {
    let mut conn = app.db.acquire().await?;
    let takes_changes = storage::takes_changes(&mut conn).await?;
    let reception = settings::find(&mut conn, RECEPTION).await?.unwrap_or_default();
    Ok(Told { takes_changes, reception })
}
