//! `/file/bot<token>/<path>`: the file behind a path that `getFile` gave out.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{Context, bot_api};
use crate::telegram::refusal::Refusal;

pub(super) async fn serve(
    State(context): State<Context>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    if let Err(refusal) = bot_api::check_token(&context.shared, &bot) {
        return refusal.into_response();
    }
    match context.shared.look(|state| state.files.fetch(&path, state.now)) {
        // The real server says no more of what it is, either.
        Some(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        None => Refusal::new(404, "Not Found").into_response(),
    }
}
