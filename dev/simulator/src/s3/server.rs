//! One bucket over HTTP.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer;
use super::faults::Fault;
use super::refusal::Refusal;
use super::signature;
use super::simulator::{Inner, Seen};

/// The largest content that comes in one request here.
const LARGEST: usize = 64 * 1024 * 1024;

pub(super) async fn serve(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let fault = inner.change(|state| state.faults.take(&head.method));
    let response = match fault {
        Some(Fault::Unavailable) => Refusal::slow_down().into_response(),
        Some(Fault::Hang(time)) => {
            tokio::time::sleep(time).await;
            Refusal::slow_down().into_response()
        }
        None | Some(Fault::BreakOff) => match to_bytes(body, LARGEST).await {
            Ok(body) => respond(&inner, &head, body, fault).unwrap_or_else(IntoResponse::into_response),
            Err(_) => too_large().into_response(),
        },
    };
    let name = inner.name(head.uri.path()).map(str::to_owned);
    let seen = Seen { method: head.method, name, status: response.status().as_u16() };
    inner.change(|state| state.seen.push(seen));
    response
}

fn respond(inner: &Inner, head: &Parts, body: Bytes, fault: Option<Fault>) -> Result<Response, Refusal> {
    signature::check(&inner.options.key, head, &body, inner.clock.now())?;
    let name = inner.name(head.uri.path()).ok_or_else(Refusal::no_bucket)?;
    if name.is_empty() || head.uri.query().is_some() {
        return Err(Refusal::unknown());
    }
    let content = || inner.look(|state| state.contents.get(name).cloned()).ok_or_else(Refusal::no_key);
    match head.method {
        Method::PUT => {
            let etag = answer::etag(&body);
            inner.change(|state| state.contents.insert(name.to_owned(), body));
            Ok([(header::ETAG, etag)].into_response())
        }
        Method::GET => Ok(answer::found(&content()?, &head.headers, fault)),
        Method::HEAD => {
            let content = content()?;
            Ok(answer::head(&answer::etag(&content), content.len()).into_response())
        }
        Method::DELETE => {
            inner.change(|state| state.contents.remove(name));
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(Refusal::unknown()),
    }
}

fn too_large() -> Refusal {
    Refusal::bad_request("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
}
