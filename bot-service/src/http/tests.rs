use metrics_exporter_prometheus::PrometheusBuilder;
use sqlx::PgPool;

use super::*;
use crate::test_app::app;

struct Probe {
    address: String,
    stop: CancellationToken,
    live: Arc<OnceLock<Live>>,
    broker: watch::Sender<BrokerState>,
    leads: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Probe {
    async fn start() -> Self {
        let (broker, leads) = (watch::Sender::new(BrokerState::Away), watch::Sender::new(false));
        let live = Arc::new(OnceLock::new());
        let status =
            Status { live: live.clone(), metrics: PrometheusBuilder::new().build_recorder().handle() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        #[expect(clippy::disallowed_methods, reason = "the test waits for it")]
        let serving = tokio::spawn(serve(listener, status, stop.clone()));
        Self { address, stop, live, broker, leads, serving }
    }

    fn open(&self, db: PgPool) {
        let (broker, leads) = (self.broker.subscribe(), self.leads.subscribe());
        assert!(self.live.set(Live { app: app(db, &[]), broker, leads }).is_ok());
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.address)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn ready_follows_the_database_and_names_the_rest(db: PgPool) {
    let probe = Probe::start().await;
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 503);
    assert_eq!(body, r#"{"broker":"away","database":"away","leads":false,"status":"not_ready"}"#);
    assert_eq!(probe.get("/health").await.0, 200, "alive before the database is there");
    assert_eq!(probe.get("/metrics").await.0, 200);

    probe.open(db.clone());
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 200);
    assert_eq!(body, r#"{"broker":"away","database":"connected","leads":false,"status":"ready"}"#);

    probe.broker.send_replace(BrokerState::Connected);
    probe.leads.send_replace(true);
    db.close().await;
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 503);
    assert_eq!(body, r#"{"broker":"connected","database":"away","leads":true,"status":"not_ready"}"#);
    assert_eq!(probe.get("/health").await, (200, r#"{"status":"alive"}"#.into()), "alive all the same");
    assert_eq!(probe.get("/metrics").await.0, 200);

    probe.stop.cancel();
    probe.serving.await.unwrap().unwrap();
}
