use metrics_exporter_prometheus::PrometheusBuilder;
use sqlx::PgPool;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;
use crate::database;
use crate::domain::reception::{RECEPTION, Reception, ReceptionTrouble};
use crate::storage::settings;
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
        Self::with_door(None).await
    }

    async fn with_door(door: Option<Door>) -> Self {
        let (broker, leads) = (watch::Sender::new(BrokerState::Away), watch::Sender::new(false));
        let live = Arc::new(OnceLock::new());
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let status = Status { live: live.clone(), metrics, mode: TelegramMode::Polling, door };
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
async fn a_database_that_takes_no_changes_is_of_no_use(db: PgPool) {
    let standby = (*db.connect_options()).clone().options([("default_transaction_read_only", "on")]);
    let standby = database::pool(standby);
    let probe = Probe::start().await;
    probe.open(standby.clone());
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 503);
    let said =
        r#"{"broker":"away","database":"read_only","leads":false,"status":"not_ready","updates":"polling"}"#;
    assert_eq!(body, said);
    probe.stop.cancel();
    probe.serving.await.unwrap().unwrap();
    standby.close().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn ready_follows_the_database_and_names_the_rest(db: PgPool) {
    let probe = Probe::start().await;
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 503);
    assert_eq!(
        body,
        r#"{"broker":"away","database":"away","leads":false,"status":"not_ready","updates":"polling"}"#
    );
    assert_eq!(probe.get("/health").await.0, 200, "alive before the database is there");
    assert_eq!(probe.get("/metrics").await.0, 200);

    probe.open(db.clone());
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 200);
    assert_eq!(
        body,
        r#"{"broker":"away","database":"connected","leads":false,"status":"ready","updates":"polling"}"#
    );

    probe.broker.send_replace(BrokerState::Connected);
    probe.leads.send_replace(true);
    db.close().await;
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 503);
    assert_eq!(
        body,
        r#"{"broker":"connected","database":"away","leads":true,"status":"not_ready","updates":"polling"}"#
    );
    assert_eq!(probe.get("/health").await, (200, r#"{"status":"alive"}"#.into()), "alive all the same");
    assert_eq!(probe.get("/metrics").await.0, 200);

    probe.stop.cancel();
    probe.serving.await.unwrap().unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn ready_names_a_webhook_that_takes_the_updates_away(db: PgPool) {
    let probe = Probe::start().await;
    probe.open(db.clone());
    let mut reception = Reception::default();
    reception.fails(ReceptionTrouble::Foreign { host: "other.example".into() });
    let now = chrono::DateTime::UNIX_EPOCH;
    settings::save(&mut db.acquire().await.unwrap(), RECEPTION, &reception, now).await.unwrap();
    let (code, body) = probe.get("/ready").await;
    assert_eq!(code, 200, "no restart mends it");
    assert!(
        body.contains(r#""updates_trouble":"foreign_webhook","updates_trouble_reason":"other.example""#),
        "{body}"
    );
}

const SECRET: &str = "0012300123001230";
const UPDATE: &str = r#"{"update_id":7,"message":{"chat":{"id":1001}}}"#;

/// A door as it is configured, at `/hook`.
fn door(db: &PgPool) -> Door {
    let url = ("TELEGRAM_WEBHOOK_URL", "https://zamer.example.ru/hook");
    let app = app(db.clone(), &[url, ("TELEGRAM_WEBHOOK_SECRET", SECRET)]);
    Door::of(&app.config.telegram).unwrap()
}

impl Probe {
    fn bring(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        reqwest::Client::new().post(format!("{}/hook", self.address)).body(body)
    }

    /// What is said to somebody who announces a body and sends none.
    async fn answer_without_a_body(&self) -> String {
        let mut stream = TcpStream::connect(self.address.trim_start_matches("http://")).await.unwrap();
        let head = b"POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let mut line = String::new();
        let mut reader = BufReader::new(stream);
        timeout(Duration::from_secs(5), reader.read_line(&mut line)).await.unwrap().unwrap();
        line.trim_end().to_owned()
    }

    async fn answer(&self, secret: &str, body: impl Into<reqwest::Body>) -> u16 {
        let request = self.bring(body).header("X-Telegram-Bot-Api-Secret-Token", secret);
        request.send().await.unwrap().status().as_u16()
    }
}

async fn stored(db: &PgPool) -> Vec<(i64, i64, String)> {
    let query =
        "select update_id, chat_id, convert_from(body, 'UTF8') from telegram_updates order by update_id";
    sqlx::query_as(query).fetch_all(db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_update_is_stored_once_before_it_is_answered(db: PgPool) {
    let probe = Probe::with_door(Some(door(&db))).await;
    let early = probe.bring(UPDATE).header("X-Telegram-Bot-Api-Secret-Token", SECRET).send().await.unwrap();
    assert_eq!(early.status().as_u16(), 503, "the database is not open yet");
    assert_eq!(early.headers()["retry-after"], "1");

    probe.open(db.clone());
    assert_eq!(probe.answer(SECRET, UPDATE).await, 200);
    assert_eq!(stored(&db).await, [(7, 1001, UPDATE.to_owned())]);
    assert_eq!(probe.answer(SECRET, UPDATE).await, 200, "brought again");
    assert_eq!(stored(&db).await.len(), 1);
    let older = UPDATE.replace('7', "6");
    assert_eq!(probe.answer(SECRET, older).await, 200, "whatever the order");
    assert_eq!(stored(&db).await.len(), 2);

    db.close().await;
    assert_eq!(probe.answer(SECRET, UPDATE.replace('7', "8")).await, 503);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_nobody_can_read_is_answered_well_as_it_would_come_for_ever(db: PgPool) {
    let probe = Probe::with_door(Some(door(&db))).await;
    probe.open(db.clone());
    for junk in ["", "{", "[]", r#"{"message":1}"#, "\u{0}"] {
        assert_eq!(probe.answer(SECRET, junk).await, 200, "{junk}");
    }
    assert_eq!(probe.answer(SECRET, vec![0xff, 0xfe]).await, 200);
    assert_eq!(stored(&db).await, []);
    let odd = r#"{"update_id":9,"message":{"chat":"of a new kind"}}"#;
    assert_eq!(probe.answer(SECRET, odd).await, 200);
    assert_eq!(stored(&db).await, [(9, 0, odd.to_owned())], "what has a number is kept");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_does_not_know_the_secret_is_refused_before_the_body_is_read(db: PgPool) {
    let probe = Probe::with_door(Some(door(&db))).await;
    probe.open(db.clone());
    for wrong in ["", "0012300123001231", &SECRET[1..]] {
        assert_eq!(probe.answer(wrong, UPDATE).await, 401);
    }
    assert_eq!(probe.bring(UPDATE).send().await.unwrap().status().as_u16(), 401, "without the header");
    assert_eq!(probe.answer_without_a_body().await, "HTTP/1.1 401 Unauthorized");
    assert_eq!(probe.answer(SECRET, "a".repeat(2_000_000)).await, 413);
    assert_eq!(stored(&db).await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn without_a_secret_there_is_no_door(db: PgPool) {
    let url = ("TELEGRAM_WEBHOOK_URL", "https://zamer.example.ru/hook");
    let config = app(db, &[url]).config;
    let without = &config.telegram;
    assert!(without.webhook.as_ref().is_some_and(|webhook| webhook.secret.is_none()));
    assert!(Door::of(without).is_none());
    let probe = Probe::start().await;
    assert_eq!(probe.answer(SECRET, UPDATE).await, 404);
}
