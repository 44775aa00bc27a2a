//! One service on a free port, as a test starts it.

use std::path::Path;
use std::time::Duration;

use ingest_service::config::Config;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use shared::config::Settings;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

pub const SECRET: &str = "0012300123001230";
pub const OLD_SECRET: &str = "the-secret_of-yesterday";
pub const ACCOUNT: &str = "31000001";
/// Longer than anything here should take, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// What AmoCRM waits for an answer.
const SENDERS_PATIENCE: Duration = Duration::from_secs(2);

/// The broker that the tests were given.
pub fn amqp_url() -> String {
    std::env::var("AMQP_URL")
        .expect("AMQP_URL is not set: run these tests with `cargo xtask test`, which starts a private broker")
}

pub struct Service {
    pub address: String,
    pub client: Client,
    stop: CancellationToken,
    running: JoinSet<anyhow::Result<()>>,
}

impl Service {
    /// Started and connected to the broker.
    pub async fn ready() -> Self {
        let service = Self::start(&amqp_url()).await;
        service.becomes_ready().await;
        service
    }

    /// Without a spool.
    pub async fn start(amqp_url: &str) -> Self {
        Self::start_with(amqp_url, &[]).await
    }

    /// What the broker does not take waits in the folder.
    pub async fn with_spool(amqp_url: &str, dir: &Path) -> Self {
        Self::start_with(amqp_url, &[("SPOOL_DIR", dir.to_str().unwrap())]).await
    }

    pub async fn start_with(amqp_url: &str, changes: &[(&str, &str)]) -> Self {
        let secrets = format!("{SECRET},{OLD_SECRET}");
        let values = [
            ("WEBHOOK_SECRET", secrets.as_str()),
            ("AMQP_URL", amqp_url),
            ("AMOCRM_ACCOUNT_ID", ACCOUNT),
            ("AMOCRM_SUBDOMAIN", "example"),
        ];
        let values =
            values.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::from_layers(Path::new("no.toml"), Path::new("no.env"), values).unwrap();
        let config = Config::read(&settings).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        running.spawn(ingest_service::run(config, listener, stop.clone()));
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { address, client, stop, running }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    /// A webhook with the right secret and a form's content type.
    pub async fn hook(&self, body: impl Into<String>) -> Response {
        let request = self.post(&format!("/webhook/amocrm/{SECRET}")).body(body.into());
        request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    pub async fn becomes_ready(&self) {
        self.until("the broker is reached", async || {
            let answer: Value = self.get("/ready").await.json().await.unwrap();
            answer["broker"] == "connected"
        })
        .await;
    }

    pub async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so().await {
            assert!(Instant::now() < deadline, "in vain: {what}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// The value of a line of `/metrics`.
    pub async fn metric(&self, name: &str) -> f64 {
        let metrics = self.get("/metrics").await.text().await.unwrap();
        let mut values = metrics.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        values.next().unwrap_or_else(|| panic!("no {name}: {metrics}")).parse().unwrap()
    }

    /// Asks the service to stop; it goes on with what it has.
    pub fn ask_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits for the end, which must come within eight seconds.
    pub async fn stopped(&mut self) {
        let ended = timeout(Duration::from_secs(8), self.running.join_next()).await;
        ended.expect("a stop takes at most eight seconds").unwrap().unwrap().unwrap();
    }
}

/// The answer to a webhook, which comes before AmoCRM hangs up.
pub async fn hook_in_time(service: &Service, body: impl Into<String>) -> String {
    let started = Instant::now();
    let answer = answer(service.hook(body).await).await;
    assert!(started.elapsed() < SENDERS_PATIENCE, "the answer took {:?}", started.elapsed());
    answer
}

/// The status and the body of an answer, as one line.
pub async fn answer(response: Response) -> String {
    let status = response.status().as_u16();
    format!("{status} {}", response.text().await.unwrap())
}

/// An id that no other test uses, also not one of another process.
pub fn new_id() -> i64 {
    let bytes = uuid::Uuid::new_v4().into_bytes();
    i64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])) + 1_000_000_000_000
}
