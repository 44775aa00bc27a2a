use std::time::Duration;

use chrono::{DateTime, Utc};
use lapin::options::{BasicGetOptions, BasicPublishOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, ConnectionProperties};
use serde_json::json;
use shared::events::{LeadAction, Subject, VERSION};
use shared::ids::LeadId;
use shared::topology::{self, LEAD_EVENTS_DEAD, REASON_HEADER};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

mod parked;
mod session;

use super::*;
use crate::database;
use crate::test_app::{self, START};
use crate::test_relay::Relay;

fn event(lead: i64, received_at: DateTime<Utc>) -> Vec<u8> {
    let subject =
        Subject::Lead { lead_id: LeadId(lead), action: LeadAction::Update, changed_at: None, entry: None };
    let payload = json!({ "name": "Окна" });
    LeadEvent { version: VERSION, id: Uuid::nil(), received_at, subject, payload }.encode()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(START, 0).unwrap()
}

async fn waiting(app: &App) -> Vec<i64> {
    let claims = lead_nudges::claim(&mut app.db.acquire().await.unwrap(), app.now(), 250).await.unwrap();
    claims.into_iter().map(|claim| claim.lead_id.0).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_batch_becomes_nudges_and_what_is_no_event_is_buried(db: PgPool) {
    let app = test_app::app(db, &[]);
    let (good, other) = (event(1, now()), event(2, now()));
    let newer = String::from_utf8(event(3, now())).unwrap().replace("\"version\":1", "\"version\":9");
    let batch =
        [good.as_slice(), b"{\"name\":\"\\u0418", newer.as_bytes(), other.as_slice(), good.as_slice()];
    let verdicts = step(&app, &batch).await;
    let Verdict::Bury(reason) = &verdicts[1] else { panic!("{verdicts:?}") };
    assert_eq!(reason, "not a lead event: Eof at line 1, column 15");
    assert!(matches!(&verdicts[2], Verdict::Bury(reason) if reason.contains("version 9")));
    assert_eq!([&verdicts[0], &verdicts[3], &verdicts[4]], [&Verdict::Done; 3]);
    assert_eq!(waiting(&app).await, [1, 2]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_event_that_cannot_be_stored_does_not_take_the_others_with_it(db: PgPool) {
    let app = test_app::app(db, &[]);
    sqlx::query("alter table lead_nudges add check (lead_id <> 2)").execute(&app.db).await.unwrap();
    let (good, bad) = (event(1, now()), event(2, now()));
    let verdicts = step(&app, &[&good, &bad, &good]).await;
    assert_eq!([&verdicts[0], &verdicts[2]], [&Verdict::Done; 2]);
    assert!(matches!(verdicts[1], Verdict::Bury(_)), "{verdicts:?}");
    assert_eq!(waiting(&app).await, [1]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_batch_waits_while_the_database_is_away(db: PgPool) {
    let app = test_app::app(db.clone(), &[]);
    db.close().await;
    assert_eq!(step(&app, &[&event(1, now()), b"?"]).await[0], Verdict::Wait);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_server_that_takes_no_changes_buries_nothing(db: PgPool) {
    let standby = (*db.connect_options()).clone().options([("default_transaction_read_only", "on")]);
    let app = test_app::app(database::pool(standby), &[]);
    let (first, second) = (event(1, now()), event(2, now()));
    assert_eq!(step(&app, &[&first, &second]).await, [Verdict::Wait, Verdict::Wait]);
    app.db.close().await;
}

/// Two queues of the test's own.
async fn queues(channel: &Channel) -> [String; 2] {
    let names = [(); 2].map(|()| format!("test.{}", Uuid::new_v4()));
    for name in &names {
        let options = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(name.as_str().into(), options, FieldTable::default()).await.unwrap();
    }
    names
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_batch_that_is_given_back_ends_the_session_and_comes_again_when_the_database_is_back(db: PgPool) {
    let relay = Relay::before(&db).await;
    let app = test_app::app(database::pool(relay.options()), &[]);
    let address = app.config.broker.addresses()[0].to_string();
    let connection = lapin::Connection::connect(&address, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let [full, empty] = queues(&channel).await;
    let (shutdown, soon) = (CancellationToken::new(), Duration::from_secs(30));
    let session = async || {
        consume(&app, &connection, [&full, &empty], &[], Duration::from_secs(1), &shutdown).await.unwrap();
    };
    let publishing = async {
        // The session has asked the database by the time that somebody consumes.
        let passive =
            QueueDeclareOptions { passive: true, exclusive: true, ..QueueDeclareOptions::default() };
        loop {
            let known = channel.queue_declare(full.as_str().into(), passive, FieldTable::default()).await;
            if known.unwrap().consumer_count() > 0 {
                break;
            }
        }
        relay.go_away();
        let (options, key) = (BasicPublishOptions::default(), full.as_str().into());
        let body = event(1, now());
        channel.basic_publish("".into(), key, options, &body, BasicProperties::default()).await.unwrap();
    };
    let given_up = timeout(soon, async { tokio::join!(session(), publishing) });
    given_up.await.expect("the queue that has nothing does not keep the session alive");

    let consuming = timeout(soon, session());
    let coming_back = async {
        relay.until_refused(3).await;
        relay.come_back();
        let stored = app.clone();
        while sqlx::query_scalar::<_, i64>("select count(*) from lead_nudges").fetch_one(&db).await.unwrap()
            == 0
        {
            tokio::task::yield_now().await;
        }
        assert_eq!(waiting(&stored).await, [1]);
        shutdown.cancel();
    };
    let (ended, ()) = tokio::join!(consuming, coming_back);
    ended.expect("a stop takes a moment");
    app.db.close().await;
}

#[test]
fn pauses_grow_to_ten_seconds() {
    let pauses: Vec<_> = (0..8).map(|tries| pause(tries).as_millis()).collect();
    assert_eq!(pauses, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    assert_eq!(pause(u32::MAX), Duration::from_secs(10));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn messages_are_acknowledged_when_they_are_safe(db: PgPool) {
    let app = test_app::app(db, &[]);
    let address = app.config.broker.addresses()[0].to_string();
    let connection = lapin::Connection::connect(&address, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    topology::declare(&channel).await.unwrap();
    let queue = format!("test.{}", Uuid::new_v4());
    let options = QueueDeclareOptions { auto_delete: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.as_str().into(), options, FieldTable::default()).await.unwrap();
    let dead = format!("not an event {queue}");
    for body in [event(1, now()), dead.clone().into_bytes(), event(2, now())] {
        let (options, key) = (BasicPublishOptions::default(), queue.as_str().into());
        channel.basic_publish("".into(), key, options, &body, BasicProperties::default()).await.unwrap();
    }

    let shutdown = CancellationToken::new();
    let consuming = super::session::run(&app, &connection, &queue, PATIENCE, &shutdown);
    let looking = async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while waiting(&app).await != [1, 2] {
            assert!(Instant::now() < deadline, "the events did not arrive");
            sleep(Duration::from_millis(20)).await;
        }
        let reason = find_dead(&channel, dead.as_bytes()).await;
        assert_eq!(reason, "not a lead event: Syntax at line 1, column 2");
        shutdown.cancel();
    };
    let (ended, ()) = tokio::join!(timeout(Duration::from_secs(30), consuming), looking);
    ended.expect("a stop takes a moment").unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_consumer_without_a_broker_goes_on_and_stops_when_asked(db: PgPool) {
    // Nothing listens there.
    let app = test_app::app(db, &[("AMQP_URL", "amqp://127.0.0.1:9")]);
    let consumer = Arc::new(Consumer::new(&app));
    let shutdown = CancellationToken::new();
    let mut running = JoinSet::new();
    running.spawn(consumer.clone().run(app, shutdown.clone()));
    assert_eq!(*consumer.state().borrow(), BrokerState::Away);
    shutdown.cancel();
    timeout(Duration::from_secs(20), running.join_next()).await.expect("it stops").unwrap().unwrap();
}

/// Takes our own message from among the dead and leaves the others.
async fn find_dead(channel: &Channel, body: &[u8]) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut others = Vec::new();
    loop {
        assert!(Instant::now() < deadline, "the message was not buried");
        let got = channel.basic_get(LEAD_EVENTS_DEAD.into(), BasicGetOptions::default()).await.unwrap();
        let Some(message) = got else {
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        if message.data != body {
            others.push(message);
            continue;
        }
        message.acker.ack(lapin::options::BasicAckOptions::default()).await.unwrap();
        let headers = message.properties.headers().clone().unwrap();
        match headers.inner().get(REASON_HEADER) {
            Some(AMQPValue::LongString(reason)) => return reason.to_string(),
            other => panic!("the reason is a text, not {other:?}"),
        }
    }
}
