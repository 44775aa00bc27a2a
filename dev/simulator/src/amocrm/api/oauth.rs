//! `/oauth2/access_token`: a new pair for a refresh token.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::amocrm::oauth::{Asked, Grants};
use crate::amocrm::shared::Shared;

pub const PATH: &str = "/oauth2/access_token";

#[derive(Deserialize)]
pub struct Request {
    client_id: String,
    client_secret: String,
    grant_type: String,
    refresh_token: String,
    redirect_uri: String,
}

pub async fn token(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<Request>, JsonRejection>,
) -> Response {
    let Ok(Json(request)) = body else { return refused(StatusCode::BAD_REQUEST, "Check the request") };
    if request.grant_type != "refresh_token" {
        return refused(StatusCode::BAD_REQUEST, "Check the `grant_type` parameter");
    }
    let asked = Asked {
        client_id: &request.client_id,
        client_secret: &request.client_secret,
        redirect_uri: &request.redirect_uri,
        refresh_token: &request.refresh_token,
    };
    let now = shared.clock.now();
    let mut grants = shared.grants();
    let expires_in = grants.as_ref().map(Grants::expires_in);
    let Some(pair) = grants.as_mut().and_then(|grants| grants.refresh(&asked, now)) else {
        return refused(StatusCode::UNAUTHORIZED, "Token has been revoked");
    };
    let body = json!({
        "token_type": "Bearer",
        "expires_in": expires_in,
        "server_time": now.timestamp(),
        "access_token": pair.access,
        "refresh_token": pair.refresh,
    });
    Json(body).into_response()
}

fn refused(status: StatusCode, hint: &str) -> Response {
    let body = json!({
        "hint": hint,
        "title": "Некорректный запрос",
        "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson",
        "status": status.as_u16(),
        "detail": "В запросе отсутствует ряд параметров или параметры невалидны",
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
