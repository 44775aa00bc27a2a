//! `POST {WEBHOOK_PATH}`, with the secret behind it as a segment, in `?secret=` or in `X-Webhook-Secret`.
//!
//! Answers 200 only once everything the body says is on a disk: in a queue of the broker, or in the spool while
//! the broker takes nothing. What is authentic but cannot be read is kept raw and accepted too: AmoCRM switches off
//! a hook that fails too often.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use shared::config::WebhookPath;
use tokio::time::Instant;
use tracing::Instrument;

use crate::body;
use crate::finish::Finish;
use crate::ingest::{Accepted, Ingest};
use crate::rejection::Rejection;

/// AmoCRM hangs up after two seconds; what is left of them belongs to the network.
const ANSWER_WITHIN: Duration = Duration::from_millis(1900);
const BODY_WITHIN: Duration = Duration::from_secs(1);

pub fn routes(path: &WebhookPath) -> Router<Arc<Ingest>> {
    let path = path.as_str();
    Router::new().route(path, post(receive)).route(&format!("{path}/{{secret}}"), post(receive))
}

async fn receive(
    State(ingest): State<Arc<Ingest>>,
    segment: Result<Path<String>, PathRejection>,
    request: Request<Body>,
) -> Response {
    // No segment, and one that is not text, hold no secret alike.
    let segment = segment.ok().map(|Path(segment)| segment);
    match accept(&ingest, segment.as_deref(), request).await {
        Ok(accepted) => {
            ingest.metrics.request(accepted.as_str());
            StatusCode::OK.into_response()
        }
        Err(rejection) => {
            tracing::warn!(code = rejection.code(), "Refused a webhook");
            ingest.metrics.request(rejection.code());
            rejection.into_response()
        }
    }
}

async fn accept(
    ingest: &Arc<Ingest>,
    segment: Option<&str>,
    request: Request<Body>,
) -> Result<Accepted, Rejection> {
    let arrived = Instant::now();
    let (parts, body) = request.into_parts();
    check(ingest, segment, &parts)?;
    let _place = ingest.places.try_acquire().map_err(|_| Rejection::Overloaded)?;
    let body = body::read(&parts.headers, body, arrived + BODY_WITHIN).await?;
    if body.trim_ascii().is_empty() {
        return Ok(Accepted::Empty);
    }
    let content_type = parts.headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let content_type = content_type.map(std::borrow::Cow::into_owned);
    // A sender that hangs up ends the handler, not the work.
    let keeping = {
        let ingest = ingest.clone();
        async move { ingest.keep(body, content_type, arrived + ANSWER_WITHIN).await }
    };
    Finish::new(&ingest.tasks, keeping.in_current_span()).await
}

fn check(ingest: &Ingest, segment: Option<&str>, parts: &Parts) -> Result<(), Rejection> {
    if !ingest.gate.admits(segment, parts) {
        return Err(Rejection::Unauthorized);
    }
    if parts.headers.contains_key(CONTENT_ENCODING) {
        return Err(Rejection::Encoded);
    }
    Ok(())
}
