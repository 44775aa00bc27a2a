//! What is found, whole or a range of it.

use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use sha2::{Digest as _, Sha256};

use super::faults::Fault;
use super::refusal::Refusal;
use super::signature::hex;

const MODIFIED: &str = "Tue, 01 Dec 2026 00:00:00 GMT";

pub(super) fn etag(content: &[u8]) -> String {
    format!("\"{}\"", &hex(&Sha256::digest(content))[..32])
}

/// The answer to a GET; `fault` may break it off.
pub(super) fn found(content: &Bytes, wanted: &HeaderMap, fault: Option<Fault>) -> Response {
    let etag = etag(content);
    if wanted.get(header::IF_MATCH).is_some_and(|wanted| *wanted != *etag) {
        let message = "At least one of the pre-conditions you specified did not hold";
        return Refusal::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message).into_response();
    }
    let size = content.len();
    let range = match wanted.get(header::RANGE) {
        None => None,
        Some(range) => match range.to_str().ok().and_then(|range| read_range(range, size)) {
            Some(range) => Some(range),
            None => return unsatisfiable(),
        },
    };
    let (status, part) = match range {
        None => (StatusCode::OK, content.clone()),
        Some(ref range) => (StatusCode::PARTIAL_CONTENT, content.slice(range.clone())),
    };
    let mut headers = head(&etag, part.len());
    if let Some(Range { start, end }) = range {
        let place = format!("bytes {start}-{}/{size}", end - 1);
        headers.insert(header::CONTENT_RANGE, place.parse().expect("digits make a header"));
    }
    let body = if fault == Some(Fault::BreakOff) { half(&part) } else { Body::from(part) };
    (status, headers, body).into_response()
}

/// What GET and HEAD say of a content.
pub(super) fn head(etag: &str, length: usize) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name, value: &str| {
        headers.insert(name, value.parse().expect("what we write makes a header"));
    };
    set(header::ETAG, etag);
    set(header::LAST_MODIFIED, MODIFIED);
    set(header::CONTENT_LENGTH, &length.to_string());
    set(header::ACCEPT_RANGES, "bytes");
    headers
}

/// `bytes=5-9` or `bytes=5-`, as far as there is anything.
fn read_range(text: &str, size: usize) -> Option<Range<usize>> {
    let (start, end) = text.strip_prefix("bytes=")?.split_once('-')?;
    let start: usize = start.parse().ok()?;
    let end = if end.is_empty() { size } else { end.parse::<usize>().ok()?.checked_add(1)?.min(size) };
    (start < end).then_some(start..end)
}

fn unsatisfiable() -> Response {
    let message = "The requested range is not satisfiable";
    Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message).into_response()
}

/// Half of it, and then the connection breaks.
fn half(part: &Bytes) -> Body {
    let first = part.slice(..part.len() / 2);
    let broken = async {
        // What came before it is on its way by then.
        tokio::task::yield_now().await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    };
    Body::from_stream(stream::once(std::future::ready(Ok(first))).chain(stream::once(broken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_far_as_there_is_anything() {
        assert_eq!(read_range("bytes=2-3", 10), Some(2..4));
        assert_eq!(read_range("bytes=2-", 10), Some(2..10));
        assert_eq!(read_range("bytes=2-99", 10), Some(2..10));
        for wrong in ["bytes=10-", "bytes=4-3", "bytes=-3", "items=1-2", "bytes=x-"] {
            assert_eq!(read_range(wrong, 10), None, "{wrong}");
        }
    }
}
