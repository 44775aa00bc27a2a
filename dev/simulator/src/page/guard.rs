//! Keeps foreign web pages out: they can make a browser call us, but not by our own name.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Everything comes from us alone, and nobody may frame us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The names that we answer to.
pub struct Guard {
    hosts: [String; 2],
}

impl Guard {
    pub fn of_port(port: u16) -> Self {
        Self { hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")] }
    }

    /// The host must be ours, and so must be the page that the call comes from, where a browser names it.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let Some(host) = host.filter(|host| self.hosts.iter().any(|own| own == host)) else { return false };
        let is_own = |origin: &HeaderValue| origin.as_bytes() == format!("http://{host}").as_bytes();
        headers.get(header::ORIGIN).is_none_or(is_own)
    }
}

pub async fn pass(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if !guard.admits(request.headers()) {
        return (StatusCode::FORBIDDEN, "This page is for the machine it runs on.\n").into_response();
    }
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, header};

    use super::Guard;

    fn admits(headers: &[(HeaderName, &str)]) -> bool {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Guard::of_port(8080).admits(&headers)
    }

    #[test]
    fn only_our_own_page_on_this_machine_is_served() {
        let (host, origin) = (header::HOST, header::ORIGIN);
        assert!(admits(&[(host.clone(), "127.0.0.1:8080")]));
        assert!(admits(&[(host.clone(), "localhost:8080"), (origin.clone(), "http://localhost:8080")]));
        for foreign in ["evil.example:8080", "127.0.0.1:8081", "127.0.0.1", "127.0.0.1:8080.evil.example"] {
            assert!(!admits(&[(host.clone(), foreign)]), "{foreign}");
        }
        for foreign in ["https://evil.example", "null", "http://127.0.0.1:9", "http://localhost:8080"] {
            assert!(!admits(&[(host.clone(), "127.0.0.1:8080"), (origin.clone(), foreign)]), "{foreign}");
        }
        assert!(!admits(&[]));
    }
}
