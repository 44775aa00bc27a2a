//! Photos and other files: sent by the page, shown to it again.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Stage;
use crate::telegram::{Attachment, AttachmentKind, Body, Impossible, Photo};

/// What a browser makes of a photo is smaller by far, and other files need not be large to try things.
const MAX_BODY: usize = 25 * 1024 * 1024;

#[derive(Deserialize)]
pub struct Wishes {
    #[serde(default)]
    caption: String,
    /// The message that is answered.
    reply_to: Option<i64>,
    #[serde(default)]
    name: String,
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
    let photo = Body::Photo(Photo::read(&jpeg)?);
    let sent = stage.telegram.sends(person, photo, &wishes.caption, wishes.reply_to)?;
    Ok(Json(json!({ "id": sent.id })))
}

/// Without a name it is a voice message.
pub async fn send_file(
    State(stage): State<Stage>,
    Path(person): Path<i64>,
    Query(wishes): Query<Wishes>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Impossible> {
    let mime = headers.get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
    let mime = mime.unwrap_or("application/octet-stream");
    let kind = if wishes.name.is_empty() { AttachmentKind::Voice } else { AttachmentKind::Document };
    let file = Body::File(Attachment::new(kind, &bytes).named(&wishes.name, mime));
    let sent = stage.telegram.sends(person, file, &wishes.caption, wishes.reply_to)?;
    Ok(Json(json!({ "id": sent.id })))
}

pub async fn show(State(stage): State<Stage>, Path((chat, message)): Path<(i64, i64)>) -> Response {
    match stage.telegram.message(chat, message).map(|message| message.body) {
        Some(Body::Photo(photo)) if !photo.jpeg.is_empty() => {
            ([(header::CONTENT_TYPE, "image/jpeg")], photo.jpeg.to_vec()).into_response()
        }
        // As something to keep, so that no file of a person is run by the browser.
        Some(Body::File(file)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CONTENT_DISPOSITION, "attachment"),
            ];
            (headers, file.bytes.to_vec()).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
