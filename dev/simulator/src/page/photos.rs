//! Photos: sent as JPEG by the page, shown to it again.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Stage;
use crate::telegram::{Body, Impossible, Photo};

/// What a browser makes of a photo is smaller by far.
const MAX_BODY: usize = 10 * 1024 * 1024;

#[derive(Deserialize)]
pub struct Wishes {
    #[serde(default)]
    caption: String,
}

pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_BODY)
}

pub async fn send(
    State(stage): State<Stage>,
    Path(person): Path<i64>,
    Query(wishes): Query<Wishes>,
    jpeg: Bytes,
) -> Result<Json<Value>, Impossible> {
    let sent = stage.telegram.sends_picture(person, Photo::read(&jpeg)?, &wishes.caption)?;
    Ok(Json(json!({ "id": sent.id })))
}

pub async fn show(State(stage): State<Stage>, Path((chat, message)): Path<(i64, i64)>) -> Response {
    match stage.telegram.message(chat, message).map(|message| message.body) {
        Some(Body::Photo(photo)) if !photo.jpeg.is_empty() => {
            ([(header::CONTENT_TYPE, "image/jpeg")], photo.jpeg.to_vec()).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
