//! What every call passes before it is served: faults of the moment, limits, the token.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::answers::{self, gateway_page, problem, too_many};
use super::oauth;
use crate::amocrm::calls::Call;
use crate::amocrm::faults::Answer;
use crate::amocrm::limits::{Admission, LimitRefusal};
use crate::amocrm::shared::Shared;

/// A longer path with query is refused by the web server before AmoCRM.
const MAX_URL: usize = 8 * 1024;
/// Logged for a call whose client went away before the answer, as web servers do.
const CLIENT_GONE: u16 = 499;

pub async fn pass(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut ticket = Ticket::new(&shared, &request);
    let mut response = serve(&shared, request, next).await;
    ticket.call.status = response.status().as_u16();
    if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
        response.headers_mut().insert("X-Request-Id", id);
    }
    response
}

/// Logs its call when dropped, so that calls whose client did not wait for the answer count too.
struct Ticket<'a> {
    shared: &'a Shared,
    call: Call,
}

impl<'a> Ticket<'a> {
    fn new(shared: &'a Shared, request: &Request) -> Self {
        let uri = request.uri();
        let call = Call {
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or("").to_owned(),
            status: CLIENT_GONE,
            at: Instant::now(),
        };
        Self { shared, call }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.shared.log_call(self.call.clone());
    }
}

async fn serve(shared: &Shared, request: Request, next: Next) -> Response {
    let latency = shared.faults().latency;
    if !latency.is_zero() {
        shared.delayed.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(latency).await;
        shared.delayed.fetch_sub(1, Ordering::SeqCst);
    }
    if let Some(refusal) = gateway_refusal(shared, &request).or_else(|| api_refusal(shared, &request)) {
        return refusal;
    }
    let ordered = shared.faults().take_answer(request.uri().path());
    match ordered {
        None => next.run(request).await,
        Some(Answer::Hang { delay }) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
        Some(Answer::Lost { status }) => {
            next.run(request).await;
            gateway_page(code(status))
        }
        Some(Answer::Json { status }) => problem(code(status), "This answer was ordered"),
        Some(Answer::Html { status }) => gateway_page(code(status)),
        Some(Answer::Empty { status }) => code(status).into_response(),
        Some(Answer::BrokenJson) => {
            ([(header::CONTENT_TYPE, "application/hal+json")], r#"{"_page":1,"_embedded":{"le"#)
                .into_response()
        }
    }
}

/// What the web server refuses, in HTML, before AmoCRM sees the call.
fn gateway_refusal(shared: &Shared, request: &Request) -> Option<Response> {
    if let Some(status) = shared.faults().down {
        return Some(gateway_page(code(status)));
    }
    if request.uri().path_and_query().is_some_and(|url| url.as_str().len() > MAX_URL) {
        return Some(gateway_page(StatusCode::URI_TOO_LONG));
    }
    let mut limiter = shared.limiter();
    match limiter.admit(bearer(request), Instant::now()) {
        Admission::Granted => None,
        Admission::Blocked => Some(gateway_page(StatusCode::FORBIDDEN)),
        Admission::TooMany => {
            let limits = limiter.limits();
            let html = limits.is_some_and(|limits| limits.refusal == LimitRefusal::Html);
            let retry_after = limits.and_then(|limits| limits.retry_after).map(|wait| wait.as_secs());
            Some(if html { gateway_page(StatusCode::TOO_MANY_REQUESTS) } else { too_many(retry_after) })
        }
    }
}

fn api_refusal(shared: &Shared, request: &Request) -> Option<Response> {
    if request.uri().path() == oauth::PATH {
        return None;
    }
    let is_known = shared.tokens.iter().any(|token| token == bearer(request));
    let now = shared.clock.now();
    let accepts = || shared.grants().as_mut().is_some_and(|grants| grants.accepts(bearer(request), now));
    if !is_known && !accepts() {
        return Some(problem(StatusCode::UNAUTHORIZED, "Неверный логин или пароль"));
    }
    let forbidden = shared.faults().forbids(request.uri().path());
    forbidden.then(answers::forbidden)
}

/// Empty where there is none.
fn bearer(request: &Request) -> &str {
    let header = request.headers().get(header::AUTHORIZATION);
    header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ")).unwrap_or("")
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
