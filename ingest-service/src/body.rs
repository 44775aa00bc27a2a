//! A request's body, bounded in size and in time.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use crate::rejection::Rejection;

/// AmoCRM's bodies are of the order of ten kilobytes.
pub const LIMIT: usize = 1024 * 1024;
/// A body that is too large is read up to here and thrown away: a sender that is cut off while it still
/// writes sees a broken connection instead of the answer.
const PATIENCE: usize = 4 * LIMIT;

/// Reads the whole body. Memory grows with what arrives, not with what is announced.
pub async fn read(headers: &HeaderMap, body: Body, deadline: Instant) -> Result<Vec<u8>, Rejection> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > PATIENCE as u64) {
        return Err(Rejection::TooLarge);
    }
    timeout_at(deadline, collect(body)).await.unwrap_or(Err(Rejection::SlowBody))
}

async fn collect(body: Body) -> Result<Vec<u8>, Rejection> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Rejection::SlowBody)?;
        length += chunk.len();
        if length > PATIENCE {
            break;
        }
        if length > LIMIT {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > LIMIT { Err(Rejection::TooLarge) } else { Ok(bytes) }
}
