use metrics_exporter_prometheus::PrometheusBuilder;
use sqlx::PgPool;

use super::*;
use crate::test_app::app;

struct Probe {
    address: String,
    stop: CancellationToken,
    broker: watch::Sender<BrokerState>,
    leads: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Probe {
    async fn of(db: PgPool) -> Self {
        let (broker, leads) = (watch::Sender::new(BrokerState::Away), watch::Sender::new(false));
        let recorder = PrometheusBuilder::new().build_recorder();
        let status = Status {
            app: app(db, &[]),
            broker: broker.subscribe(),
            leads: leads.subscribe(),
            metrics: recorder.handle(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        #[expect(clippy::disallowed_methods, reason = "the test waits for it")]
        let serving = tokio::spawn(serve(listener, status, stop.clone()));
        Self { address, stop, broker, leads, serving }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.address)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn ready_follows_the_database_and_names_the_rest(db: PgPool) {
    let probe = Probe::of(db.clone()).await;
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
