//! Against the simulated AmoCRM and a real database. Every [`Tokens`] is a replica of its own.

use std::time::Duration;

use chrono::DateTime;
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use simulator::amocrm::{Answer, Fault, Integration, Options, Rotation, Simulator};

use super::*;
use crate::amocrm::client::Client;
use crate::config::OAuthConfig;
use crate::database;
use crate::storage::amocrm_tokens::{self as storage, NewPair};
use crate::test_relay::Relay;
use crate::testing::somebody_waits;
use tokio::time::timeout;

struct Scene {
    db: PgPool,
    clock: Clock,
    account: Simulator,
}

impl Scene {
    async fn new(db: PgPool, rotation: Rotation) -> Self {
        let clock = Clock::manual(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let integration = Integration {
            client_id: "client".into(),
            client_secret: "client-secret".into(),
            redirect_uri: "https://example.ru/back".into(),
            refresh_token: "first".into(),
            rotation,
        };
        let shared = clock.clone();
        let simulated = simulator::clock::Clock::following(move || shared.now());
        let options = Options::demo().without_limits().clock(simulated).integration(integration);
        Self { db, clock, account: Simulator::start(options).await.unwrap() }
    }

    async fn replica(&self) -> Tokens {
        self.replica_of("first").await
    }

    async fn replica_of(&self, refresh: &str) -> Tokens {
        let config = AmoCrmConfig {
            account_id: None,
            base_url: Some(self.account.url().parse().unwrap()),
            access_token: None,
            oauth: Some(OAuthConfig {
                client_id: "client".into(),
                client_secret: "client-secret".into(),
                redirect_uri: "https://example.ru/back".into(),
                refresh_token: refresh.into(),
            }),
            requests_per_second: 50.0,
            manages_webhook: true,
        };
        Tokens::open(&config, &self.db, &self.clock).await.unwrap().unwrap()
    }

    fn refreshes(&self) -> usize {
        self.account.calls().iter().filter(|call| call.path == "/oauth2/access_token").count()
    }

    fn answer_refresh(&self, answer: Answer) {
        let path = Some("/oauth2/access_token".to_owned());
        self.account.inject(Fault::Next { count: 1, path, answer }).unwrap();
    }

    async fn pass(&self, minutes: i64) {
        self.clock.advance(chrono::TimeDelta::minutes(minutes));
        let statement = "update amocrm_tokens set refused_at = refused_at - $1 * interval '1 minute',
                         refreshing_since = refreshing_since - $1 * interval '1 minute'";
        sqlx::query(statement).bind(i32::try_from(minutes).unwrap()).execute(&self.db).await.unwrap();
    }

    async fn pair(&self) -> storage::Pair {
        storage::find(&mut self.db.acquire().await.unwrap()).await.unwrap().unwrap()
    }

    async fn claim(&self, version: i64) -> bool {
        storage::claim(&mut self.db.acquire().await.unwrap(), version).await.unwrap()
    }
}

async fn token(tokens: &Tokens) -> String {
    tokens.access_token().await.unwrap().expose_secret().to_owned()
}

async fn failure(tokens: &Tokens) -> &'static str {
    tokens.access_token().await.unwrap_err().as_str()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_first_token_is_asked_for_once_and_serves_every_replica_for_a_day(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    let replica = scene.replica().await;
    assert_eq!(token(&replica).await, "simulated-access-1");
    scene.pass(22 * 60).await;
    assert_eq!(token(&replica).await, "simulated-access-1");
    assert_eq!(token(&scene.replica().await).await, "simulated-access-1");
    assert_eq!(scene.refreshes(), 1);
    scene.pass(61).await;
    assert_eq!(token(&replica).await, "simulated-access-2", "renewed before its end");
    let shown = format!("{:?}", scene.pair().await);
    assert!(!shown.contains("simulated"), "{shown}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_replicas_that_refresh_at_once_one_does(db: PgPool) {
    for rotation in [Rotation::Strict, Rotation::UntilUsed] {
        sqlx::query("delete from amocrm_tokens").execute(&db).await.unwrap();
        let scene = Scene::new(db.clone(), rotation).await;
        scene.account.inject(Fault::Latency { delay: Duration::from_millis(300) }).unwrap();
        let replicas = join_all((0..4).map(|_| scene.replica())).await;
        let seen = join_all(replicas.iter().chain(&replicas).map(token)).await;
        assert_eq!((seen, scene.refreshes()), (vec!["simulated-access-1".to_owned(); 8], 1));
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_call_that_is_given_up_while_it_claims_the_pair_does_not_lose_the_pair(db: PgPool) {
    let scene = Scene::new(db.clone(), Rotation::Strict).await;
    let replica = scene.replica().await;
    let mut reading = db.begin().await.unwrap();
    sqlx::query("select from amocrm_tokens for update").execute(&mut *reading).await.unwrap();
    tokio::select! {
        _ = replica.access_token() => panic!("the claim waits"),
        () = somebody_waits(&db) => {}
    }
    reading.commit().await.unwrap();
    replica.finish().await;
    assert_eq!(token(&scene.replica().await).await, "simulated-access-1");
    assert_eq!(scene.refreshes(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_call_that_is_given_up_while_amocrm_thinks_does_not_lose_the_pair(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    scene.account.inject(Fault::Latency { delay: Duration::from_millis(500) }).unwrap();
    let replica = scene.replica().await;
    let asking = async {
        while scene.account.delayed_calls() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = replica.access_token() => panic!("the answer takes longer"),
        () = asking => {}
    }
    replica.finish().await;
    assert_eq!(token(&scene.replica().await).await, "simulated-access-1");
    assert_eq!(scene.refreshes(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pair_that_was_received_is_stored_however_long_the_database_was_away(db: PgPool) {
    let relay = Relay::before(&db).await;
    let mut scene = Scene::new(database::pool(relay.options()), Rotation::Strict).await;
    let tokens = scene.replica().await;
    scene.db = db;
    let delay = Duration::from_secs(1);
    scene.account.inject(Fault::Latency { delay }).unwrap();
    let going_away = async {
        while scene.account.delayed_calls() == 0 {
            tokio::task::yield_now().await;
        }
        relay.go_away();
        // Longer than anybody waits for a pair: tries come every half second.
        relay.until_refused(55).await;
        relay.come_back();
        while scene.pair().await.version == 1 {
            tokio::task::yield_now().await;
        }
    };
    let both = async { tokio::join!(token(&tokens), going_away).0 };
    let stored = timeout(Duration::from_mins(2), both).await.expect("the pair is stored");
    assert_eq!((stored.as_str(), scene.refreshes()), ("simulated-access-1", 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lost_answer_costs_nothing_where_the_old_token_still_counts(db: PgPool) {
    let scene = Scene::new(db, Rotation::UntilUsed).await;
    let replica = scene.replica().await;
    scene.answer_refresh(Answer::Lost { status: 502 });
    assert_eq!(failure(&replica).await, "server_error");
    assert_eq!(token(&replica).await, "simulated-access-2");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn where_it_does_not_a_minute_later_nobody_can_help_but_an_admin(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    let replica = scene.replica().await;
    scene.answer_refresh(Answer::Lost { status: 502 });
    assert_eq!(failure(&replica).await, "server_error");
    assert_eq!(failure(&replica).await, "awaited", "another replica may have an answer");
    assert_eq!(failure(&replica).await, "awaited");
    assert_eq!(scene.refreshes(), 2, "a refused token is not sent again and again");
    scene.pass(2).await;
    assert_eq!(failure(&replica).await, "refresh_refused");
    scene.pass(10).await;
    assert_eq!(failure(&replica).await, "awaited");
    assert_eq!(failure(&replica).await, "refresh_refused");
    assert_eq!(scene.refreshes(), 3, "now and then it is");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_leader_that_slept_with_the_answer_still_saves_it(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    let replica = scene.replica().await;
    let asked = scene.pair().await;
    // Another one has asked, got the answer, and sleeps.
    assert!(scene.claim(asked.version).await && !scene.claim(asked.version).await);
    let body = serde_json::json!({
        "client_id": "client", "client_secret": "client-secret", "grant_type": "refresh_token",
        "refresh_token": "first", "redirect_uri": "https://example.ru/back",
    });
    let url = format!("{}/oauth2/access_token", scene.account.url());
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    scene.pass(1).await;
    assert_eq!(failure(&replica).await, "awaited", "the old token is refused");
    let text = |name: &str| answer[name].as_str().unwrap().to_owned().into();
    let expires_at = scene.clock.now() + chrono::TimeDelta::hours(24);
    let new = NewPair { refresh: text("refresh_token"), access: text("access_token"), expires_at };
    let conn = &mut *scene.db.acquire().await.unwrap();
    assert!(storage::store(conn, asked.version, &new, scene.clock.now()).await.unwrap());
    assert_eq!(token(&replica).await, "simulated-access-1");
    assert!(!storage::store(conn, asked.version, &new, scene.clock.now()).await.unwrap(), "only once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_that_died_while_refreshing_is_waited_for_and_then_replaced(db: PgPool) {
    let scene = Scene::new(db, Rotation::UntilUsed).await;
    let replica = scene.replica().await;
    assert!(scene.claim(scene.pair().await.version).await);
    let (seen, ()) = tokio::join!(token(&replica), scene.pass(1));
    assert_eq!((seen.as_str(), scene.refreshes()), ("simulated-access-1", 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_token_that_still_counts_serves_while_no_new_one_comes(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    let replica = scene.replica().await;
    token(&replica).await;
    scene.pass(23 * 60 + 30).await;
    scene.answer_refresh(Answer::Html { status: 503 });
    assert_eq!(token(&replica).await, "simulated-access-1");
    assert_eq!(token(&replica).await, "simulated-access-2");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn tokens_that_live_shortly_are_not_renewed_at_every_call(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    let replica = scene.replica().await;
    token(&replica).await;
    let half_an_hour = scene.clock.now() + chrono::TimeDelta::minutes(30);
    let statement = "update amocrm_tokens set expires_at = $1";
    sqlx::query(statement).bind(half_an_hour).execute(&scene.db).await.unwrap();
    token(&replica).await;
    assert_eq!(scene.refreshes(), 1);
    scene.pass(6).await;
    token(&replica).await;
    assert_eq!(scene.refreshes(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_refused_token_is_renewed_and_the_call_made_again_but_not_for_ever(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    let base = scene.account.url().parse().unwrap();
    let client = Client::new(&base, scene.replica().await, 50.0).unwrap();
    client.account().await.unwrap();
    scene.pass(10).await;
    let refuse = |count| {
        let answer = Answer::Json { status: 401 };
        scene.account.inject(Fault::Next { count, path: Some("/api/v4/account".into()), answer }).unwrap();
    };
    refuse(1);
    client.account().await.unwrap();
    assert_eq!(scene.refreshes(), 2);
    refuse(2);
    assert_eq!(client.account().await.unwrap_err().as_str(), "unauthorized");
    assert_eq!(client.account().await.unwrap_err().as_str(), "unauthorized");
    assert_eq!(scene.refreshes(), 2, "a fresh token is not the trouble");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_token_of_the_settings_replaces_the_pair_and_an_old_one_does_not(db: PgPool) {
    let scene = Scene::new(db, Rotation::Strict).await;
    token(&scene.replica_of("first").await).await;
    scene.replica_of("second").await;
    let planted = scene.pair().await;
    assert_eq!((planted.refresh.expose_secret(), planted.access.is_none()), ("second", true));
    // A replica that has not been restarted yet.
    scene.replica_of("first").await;
    assert_eq!(scene.pair().await.version, planted.version);
}
