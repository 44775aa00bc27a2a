use sqlx::PgPool;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::*;
use crate::test_app;

const SOON: Duration = Duration::from_secs(20);

struct Scene {
    app: App,
    broker: watch::Sender<BrokerState>,
    stop: CancellationToken,
    parts: JoinSet<()>,
}

impl Scene {
    fn new(db: PgPool, changes: &[(&str, &str)]) -> Self {
        let broker = watch::Sender::new(BrokerState::Blocked);
        let (app, stop) = (test_app::app(db, changes), CancellationToken::new());
        let sight = Sight { broker: broker.subscribe(), leads: watch::Sender::new(true).subscribe() };
        let (teller, over) = (app.clone(), stop.clone());
        teller.answers.amocrm_answered(app.now());
        let mut parts = JoinSet::new();
        parts.spawn(async move { tell(&teller, &sight, &over).await });
        Self { app, broker, stop, parts }
    }

    async fn told(&self) -> Vec<Replica> {
        let since = self.app.now() - GONE_AFTER;
        replicas::list(&mut self.app.db.acquire().await.unwrap(), since).await.unwrap()
    }

    async fn first(&self) -> Replica {
        let telling = async {
            loop {
                if let Some(replica) = self.told().await.pop() {
                    return replica;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, telling).await.unwrap()
    }

    async fn ends(self) -> Vec<Replica> {
        self.stop.cancel();
        let told = async {
            self.parts.join_all().await;
            let since = self.app.now() - GONE_AFTER;
            replicas::list(&mut self.app.db.acquire().await.unwrap(), since).await.unwrap()
        };
        timeout(SOON, told).await.unwrap()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_replica_tells_what_it_sees_and_says_goodbye(db: PgPool) {
    let scene = Scene::new(db, &[]);
    let replica = scene.first().await;
    assert_eq!((replica.is_leader, replica.broker, replica.ingest), (true, Broker::Blocked, None));
    assert_eq!((replica.amocrm_at, replica.telegram_at), (Some(scene.app.now()), None));
    scene.broker.send_replace(BrokerState::Connected);
    assert_eq!(scene.ends().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_ingest_that_does_not_answer_is_away(db: PgPool) {
    // A port that is taken, and where nobody listens.
    let silent = TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let scene = Scene::new(db, &[("INGEST_URL", &url)]);
    assert_eq!(scene.first().await.ingest, Some(Ingest::Away));
    scene.ends().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_ingest_is_as_its_readiness_says(db: PgPool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers = axum::Router::new()
        .route("/ready", axum::routing::get(|| async { axum::http::StatusCode::SERVICE_UNAVAILABLE }));
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, answers).await.unwrap() });
    let scene = Scene::new(db, &[("INGEST_URL", &url)]);
    assert_eq!(scene.first().await.ingest, Some(Ingest::NotReady));
    scene.ends().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_was_killed_is_gone_after_a_minute_and_forgotten_later(db: PgPool) {
    let app = test_app::app(db, &[]);
    let conn = &mut *app.db.acquire().await.unwrap();
    let sight = Sight {
        broker: watch::Sender::new(BrokerState::Away).subscribe(),
        leads: watch::Sender::new(false).subscribe(),
    };
    let id = Uuid::new_v4();
    save(&app, id, &seen(&app, &sight, app.now(), Some(Ingest::Ready))).await.unwrap();
    let since = |app: &App| app.now() - GONE_AFTER;
    assert_eq!(replicas::list(conn, since(&app)).await.unwrap().len(), 1);
    app.clock.advance(GONE_AFTER + chrono::TimeDelta::seconds(1));
    assert_eq!(replicas::list(conn, since(&app)).await.unwrap(), []);
    app.clock.advance(GONE_AFTER * 60);
    save(&app, Uuid::new_v4(), &seen(&app, &sight, app.now(), None)).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from replicas").fetch_one(conn).await.unwrap();
    assert_eq!(rows, 1);
}
