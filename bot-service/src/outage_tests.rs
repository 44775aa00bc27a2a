//! The whole service, with a broker and a simulated Telegram, over a database that goes away.

use std::time::Duration;

use futures_util::future::join_all;
use lapin::options::BasicPublishOptions;
use lapin::{BasicProperties, ConnectionProperties};
use secrecy::SecretString;
use serde_json::json;
use shared::clock::Clock;
use shared::events::{Entry, LeadAction, LeadEvent, Subject, VERSION};
use shared::ids::{LeadId, PipelineId, Stage, StatusId};
use shared::topology::{self, EVENTS};
use simulator::telegram::{Options, Person, Simulator};
use sqlx::{ConnectOptions, PgPool};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::Config;
use crate::database;
use crate::test_app;
use crate::test_relay::Relay;

const ADMIN: i64 = 1001;
const LIMIT: Duration = Duration::from_mins(1);

struct World {
    db: PgPool,
    relay: Relay,
    telegram: Simulator,
    stop: CancellationToken,
}

impl World {
    async fn new(db: PgPool) -> Self {
        let telegram = Simulator::start(Options::unlimited()).await.unwrap();
        telegram.add_person(Person::new(ADMIN, "Анна"));
        let relay = Relay::before(&db).await;
        Self { db, relay, telegram, stop: CancellationToken::new() }
    }

    fn config(&self) -> Config {
        let (database, token) = (self.relay.options().to_url_lossy().to_string(), self.telegram.token());
        let api = self.telegram.url();
        let settings = [
            ("DATABASE_URL", database.as_str()),
            ("BOT_TOKEN", &token),
            ("TELEGRAM_API_URL", &api),
            ("BOT_HTTP_HOST", "127.0.0.1"),
            ("BOT_HTTP_PORT", "0"),
            ("MEASUREMENT_TRIGGERS", "1:2"),
        ];
        Config::clone(&test_app::app(self.db.clone(), &settings).config)
    }

    /// The service runs meanwhile, and must not end before.
    async fn while_serving(&self, happens: impl Future<Output = ()>) {
        let serving = Box::pin(crate::run::run(self.config(), self.stop.clone()));
        let happening = async {
            happens.await;
            assert!(!self.stop.is_cancelled());
            self.stop.cancel();
        };
        let (ended, ()) = tokio::join!(serving, happening);
        ended.unwrap();
    }

    /// Asks for the menu, and waits for the answer.
    async fn is_answered(&self) -> usize {
        let before = menus(&self.telegram);
        self.telegram.says(ADMIN, "/menu").unwrap();
        self.is_answered_after(before).await
    }

    async fn is_answered_after(&self, before: usize) -> usize {
        let answered = |telegram: &Simulator| Some(menus(telegram)).filter(|menus| *menus > before);
        self.telegram.wait_until("an answer", LIMIT, answered).await.unwrap()
    }

    async fn publish(&self, lead: i64) {
        let url = std::env::var("AMQP_URL").unwrap();
        let connection = lapin::Connection::connect(&url, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        topology::declare(&channel).await.unwrap();
        let stage = Stage { pipeline_id: PipelineId(1), status_id: StatusId(2) };
        let event = LeadEvent {
            version: VERSION,
            id: Uuid::new_v4(),
            received_at: Clock::system().now(),
            subject: Subject::Lead {
                lead_id: LeadId(lead),
                action: LeadAction::Add,
                changed_at: None,
                entry: Some(Entry { stage, from: None }),
            },
            payload: json!({ "name": "Окна", "pipeline_id": "1", "status_id": "2" }),
        };
        let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
        channel
            .basic_publish(EVENTS.into(), "lead.add".into(), options, &event.encode(), properties)
            .await
            .unwrap();
        connection.close(200, "published".into()).await.unwrap();
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.db).await.unwrap()
    }

    async fn until(&self, query: &'static str, count: i64) {
        let reached = async {
            while self.count(query).await < count {
                tokio::task::yield_now().await;
            }
        };
        timeout(LIMIT, reached).await.unwrap_or_else(|_| panic!("{query} does not reach {count}"));
    }
}

/// How often the menu was sent.
fn menus(telegram: &Simulator) -> usize {
    let calls = telegram.calls_of("sendMessage");
    calls.iter().filter(|call| call.text().is_some_and(|text| text.contains("⌂ Меню"))).count()
}

#[sqlx::test]
async fn replicas_that_start_while_an_empty_database_is_away_wait_for_it(db: PgPool) {
    let world = World::new(db).await;
    world.relay.go_away();
    let url = SecretString::from(world.relay.options().to_url_lossy().to_string());
    let starting = async {
        let others = join_all((0..2).map(|_| database::open(&url, &world.stop)));
        let coming_back = async {
            world.relay.until_refused(6).await;
            world.relay.come_back();
        };
        let (others, ()) = timeout(LIMIT, async { tokio::join!(others, coming_back) }).await.unwrap();
        for other in others {
            other.unwrap().unwrap().close().await;
        }
        world.telegram.starts(ADMIN, None).unwrap();
        world.is_answered_after(0).await;
    };
    world.while_serving(starting).await;
    let migrations = i64::try_from(crate::MIGRATOR.iter().count()).unwrap();
    assert_eq!(world.count("select count(*) from _sqlx_migrations where success").await, migrations);
    assert_eq!(world.count("select count(*) from users").await, 1);
}

#[sqlx::test]
async fn what_was_under_way_when_the_database_went_away_is_done_once_when_it_is_back(db: PgPool) {
    let world = World::new(db).await;
    let working = async {
        world.telegram.starts(ADMIN, None).unwrap();
        let before = world.is_answered_after(0).await;
        for lead in 1..=20 {
            world.publish(lead).await;
            if lead == 10 {
                world.telegram.says(ADMIN, "/menu").unwrap();
                world.relay.go_away();
            }
        }
        world.relay.until_refused(12).await;
        world.relay.come_back();
        world.is_answered_after(before).await;
        world.until("select count(*) from measurements", 20).await;
    };
    world.while_serving(working).await;
    assert_eq!(world.count("select count(distinct lead_id) from measurements").await, 20);
    assert_eq!(world.count("select count(*) from measurements").await, 20);
    assert_eq!(
        world.count("select count(*) from outbox where kind = 'screen'").await,
        2,
        "one answer to each"
    );
    // What was being sent at that moment may come twice, rather than not at all.
    assert!(menus(&world.telegram) <= 3);
    assert_eq!(world.count("select count(*) from telegram_updates where handled_at is null").await, 0);
    assert_eq!(world.count("select count(*) from telegram_updates where attempts > 0").await, 0);
}

#[sqlx::test]
async fn a_service_whose_connections_went_silent_serves_people_again_within_a_minute(db: PgPool) {
    let world = World::new(db).await;
    let going_silent = async {
        world.telegram.starts(ADMIN, None).unwrap();
        world.is_answered_after(0).await;
        let silent_at = Instant::now();
        world.relay.silence();
        world.is_answered().await;
        let took = silent_at.elapsed();
        println!("people are served again {took:?} after every connection went silent");
        assert!(took < Duration::from_mins(1), "{took:?}");
    };
    // It is the same process all the time.
    world.while_serving(going_silent).await;
}
