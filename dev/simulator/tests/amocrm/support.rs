//! A small client of the API, and an address that takes webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::Value;
use simulator::amocrm::{Options, Simulator};
use simulator::clock::Clock;
use tokio::net::TcpListener;
use tokio::sync::Notify;

pub const LIMIT: Duration = Duration::from_secs(10);

/// 2026-03-02 12:00:00 UTC, with a fraction that AmoCRM must drop.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_452_800, 700_000_000).expect("a moment within range")
}

/// An account on a standing clock, without limits.
pub async fn account() -> (Simulator, Clock) {
    let clock = Clock::manual(noon());
    let options = Options::demo().without_limits().clock(clock.clone());
    (Simulator::start(options).await.expect("the simulator starts"), clock)
}

pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the answer is JSON")
    }

    /// The ids in a list, in order.
    pub fn ids(&self, list: &str) -> Vec<i64> {
        let elements = self.json()["_embedded"][list].as_array().cloned().expect("the answer is a list");
        elements.iter().map(|element| element["id"].as_i64().expect("an id")).collect()
    }
}

pub async fn get(simulator: &Simulator, path: &str) -> Answer {
    call(simulator, Method::GET, path, None).await
}

/// A call of a path below `/api/v4`.
pub async fn call(simulator: &Simulator, method: Method, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/api/v4/{path}", simulator.url());
    send(reqwest::Client::new().request(method, url).bearer_auth(simulator.token()), body).await
}

pub async fn send(mut request: reqwest::RequestBuilder, body: Option<Value>) -> Answer {
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("an answer");
    let kind =
        answer.headers().get("Content-Type").map(|kind| kind.to_str().expect("an ASCII header").to_owned());
    Answer {
        status: answer.status().as_u16(),
        kind: kind.unwrap_or_default(),
        text: answer.text().await.expect("a body"),
    }
}

/// Takes webhooks and answers them as told.
#[derive(Clone)]
pub struct Sink {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    arrived: Arc<Notify>,
    manner: Arc<Mutex<Manner>>,
}

#[derive(Clone, Copy)]
struct Manner {
    status: u16,
    delay: Duration,
}

#[derive(Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub fn get(&self, key: &str) -> Option<String> {
        self.pairs().into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// `leads[update]` of a body with one event.
    pub fn event(&self) -> String {
        let keys = self.pairs().into_iter().map(|(key, _)| key);
        let key = keys.into_iter().find(|key| !key.starts_with("account")).expect("an event");
        let end = key.match_indices(']').next().expect("an action").0;
        key[..=end].to_owned()
    }
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook/secret", listener.local_addr().expect("a bound address"));
        let manner = Manner { status: 200, delay: Duration::ZERO };
        let sink = Self {
            url,
            received: Arc::default(),
            arrived: Arc::default(),
            manner: Arc::new(Mutex::new(manner)),
        };
        let router = Router::new().route("/hook/secret", post(take)).with_state(sink.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        sink
    }

    pub fn answer_with(&self, status: u16, delay: Duration) {
        *self.manner.lock().expect("nothing panics while it holds the sink") = Manner { status, delay };
    }

    /// Everything that came since the last call, once all that was sent is answered.
    pub async fn take(&self, simulator: &Simulator) -> Vec<Received> {
        simulator.wait_for_hook_answers(LIMIT).await.expect("hooks are answered");
        std::mem::take(&mut self.received.lock().expect("nothing panics while it holds the sink"))
    }

    /// Waits until so many have come since the last `take`.
    pub async fn receives(&self, count: usize) {
        let enough = async {
            while self.received.lock().expect("nothing panics while it holds the sink").len() < count {
                self.arrived.notified().await;
            }
        };
        tokio::time::timeout(LIMIT, enough).await.expect("hooks come in time");
    }

    /// The same, as sorted names of events.
    pub async fn events(&self, simulator: &Simulator) -> Vec<String> {
        let mut events: Vec<_> = self.take(simulator).await.iter().map(Received::event).collect();
        events.sort();
        events
    }
}

async fn take(State(sink): State<Sink>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let manner = *sink.manner.lock().expect("nothing panics while it holds the sink");
    tokio::time::sleep(manner.delay).await;
    let body = String::from_utf8(body.to_vec()).expect("hooks are ASCII");
    sink.received.lock().expect("nothing panics while it holds the sink").push(Received { headers, body });
    sink.arrived.notify_one();
    StatusCode::from_u16(manner.status).expect("a valid status")
}
