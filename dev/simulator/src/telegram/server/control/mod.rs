//! `/control`: playing the people by hand. `GET /control` explains itself.

mod acts;
mod look;
mod trouble;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::telegram::Simulator;

const HELP: &str = include_str!("help.txt");

pub(in crate::telegram) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/", get(|| async { HELP }))
        .route("/status", get(look::status))
        .route("/people", get(look::people).post(acts::add_person))
        .route("/people/{person}/commands", get(look::commands))
        .route("/people/{person}/start", post(acts::start))
        .route("/people/{person}/say", post(acts::say))
        .route("/people/{person}/send", post(acts::send))
        .route("/people/{person}/press", post(acts::press))
        .route("/people/{person}/block", post(acts::block))
        .route("/people/{person}/unblock", post(acts::unblock))
        .route("/people/{person}/deactivate", post(acts::deactivate))
        .route("/groups", post(acts::add_to_group))
        .route("/groups/{group}/say", post(acts::say_in_group))
        .route("/chats/{chat}", get(look::chat))
        .route("/chats/{chat}/transcript", get(look::transcript))
        .route("/calls", get(look::calls))
        .route("/faults", get(trouble::list).post(trouble::add).delete(trouble::clear))
        .route("/deliver-twice", post(trouble::deliver_twice))
        .route("/clock", post(trouble::advance_clock))
        .with_state(simulator)
}

/// Whatever a person cannot do is answered with 400 and the reason.
pub struct Impossible(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Impossible {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Impossible {
    fn into_response(self) -> Response {
        let body = json!({ "error": format!("{:#}", self.0) });
        (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
    }
}
