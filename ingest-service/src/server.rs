//! The HTTP side: routes, what every request gets around it, and the end of the process.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use shared::config::WebhookPath;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

use crate::ingest::Ingest;
use crate::rejection::Rejection;
use crate::{health, webhook};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// AmoCRM's own name for its delivery.
const AMOCRM_REQUEST_ID: &str = "x-amocrm-requestid";

pub fn router(ingest: Arc<Ingest>, path: &WebhookPath) -> Router {
    let routes = Router::new().merge(webhook::routes(path)).merge(health::routes());
    around(routes, &ingest).with_state(ingest)
}

/// What every request gets around it, the outermost last.
fn around(routes: Router<Arc<Ingest>>, ingest: &Arc<Ingest>) -> Router<Arc<Ingest>> {
    let at_a_panic = ingest.clone();
    routes
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(move |_: Box<dyn Any + Send>| panicked(&at_a_panic)))
        .layer(middleware::from_fn(identify))
}

/// Gives every request an id, which stands in each of its log lines and in the answer. The span holds
/// neither path nor query: the secret may be in both.
async fn identify(request: Request<Body>, next: Next) -> Response {
    let id = Uuid::new_v4();
    let theirs = request.headers().get(AMOCRM_REQUEST_ID).and_then(|value| value.to_str().ok()?.parse().ok());
    let span =
        tracing::info_span!("request", %id, amocrm = theirs.map(|id: Uuid| tracing::field::display(id)));
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

async fn not_found(State(ingest): State<Arc<Ingest>>) -> Response {
    refused(&ingest, Rejection::NotFound)
}

async fn method_not_allowed(State(ingest): State<Arc<Ingest>>) -> Response {
    refused(&ingest, Rejection::Method)
}

fn panicked(ingest: &Ingest) -> Response {
    tracing::error!("A handler panicked");
    refused(ingest, Rejection::Internal)
}

/// The answer to a request that no handler has counted.
fn refused(ingest: &Ingest, rejection: Rejection) -> Response {
    ingest.metrics.request(rejection.code());
    rejection.into_response()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use axum::body::to_bytes;
    use axum::routing::get;
    use shared::broker::BrokerState;
    use shared::config::Settings;
    use tower::ServiceExt;

    use super::*;
    use crate::config::Config;

    const SECRET: &str = "0012300123001230";

    async fn answer(router: Router, request: Request<Body>) -> String {
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1000).await.unwrap();
        format!("{status} {}", String::from_utf8(body.to_vec()).unwrap())
    }

    fn config() -> Config {
        let values = [("WEBHOOK_SECRET", SECRET), ("AMQP_URL", "amqp://127.0.0.1:1/%2f")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let absent = Path::new("absent");
        Config::read(&Settings::from_layers(absent, absent, values).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_counted_and_an_answer_without_internals() {
        let ingest = Arc::new(Ingest::new(&config()));
        let routes = Router::new().route("/", get(async || -> Response { panic!("a secret") }));
        let whole = around(routes, &ingest).with_state(ingest.clone());
        assert_eq!(answer(whole, Request::new(Body::empty())).await, r#"500 {"error":"internal"}"#);
        let metrics = ingest.metrics.render(BrokerState::Away);
        assert!(metrics.contains("ingest_requests_total{outcome=\"internal\"} 1\n"), "{metrics}");
    }

    #[tokio::test]
    async fn more_at_once_than_there_are_places_is_refused_at_once() {
        let config = config();
        let ingest = Arc::new(Ingest::new(&config));
        let places = u32::try_from(ingest.places.available_permits()).unwrap();
        let _all = ingest.places.acquire_many(places).await.unwrap();
        let router = router(ingest.clone(), &config.webhook_path);
        let uri = format!("/webhook/amocrm/{SECRET}");
        let request = Request::post(uri).body(Body::from("leads[add][0][id]=1")).unwrap();
        assert_eq!(answer(router, request).await, r#"503 {"error":"overloaded"}"#);
    }
}
