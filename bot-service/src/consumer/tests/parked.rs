//! From queues of the tests' own to the table, against the real broker.

use lapin::Connection;

use super::super::parked;
use super::*;
use crate::domain::failures::WhyParked;
use crate::storage::parked_messages::{self, From, Listed};

async fn open(app: &App) -> (Connection, Channel, String) {
    let address = app.config.broker.addresses()[0].to_string();
    let connection = Connection::connect(&address, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let queue = format!("test.{}", Uuid::new_v4());
    let options = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.as_str().into(), options, FieldTable::default()).await.unwrap();
    (connection, channel, queue)
}

async fn publish(channel: &Channel, queue: &str, body: &[u8], properties: BasicProperties) {
    let options = BasicPublishOptions::default();
    channel.basic_publish("".into(), queue.into(), options, body, properties).await.unwrap();
}

fn reasoned(reason: &str) -> BasicProperties {
    let mut headers = FieldTable::default();
    headers.insert(REASON_HEADER.into(), AMQPValue::LongString(reason.into()));
    BasicProperties::default().with_headers(headers)
}

async fn listed(app: &App) -> Vec<Listed> {
    parked_messages::list(&mut app.db.acquire().await.unwrap(), From::Start, 100).await.unwrap()
}

/// Consumes until so many messages are listed.
async fn parks(app: &App, connection: &Connection, queue: &str, kind: ParkedKind, rows: usize) {
    let shutdown = CancellationToken::new();
    let consuming = Box::pin(parked::run_on(app, connection, queue, kind, &shutdown));
    let looking = async {
        while listed(app).await.len() < rows {
            sleep(Duration::from_millis(20)).await;
        }
        shutdown.cancel();
    };
    let both = async { tokio::join!(consuming, looking) };
    let (ended, ()) = timeout(Duration::from_secs(20), both).await.expect("they are listed");
    ended.unwrap();
}

async fn left(channel: &Channel, queue: &str) -> u32 {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.into(), options, FieldTable::default()).await.unwrap().message_count()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_nobody_could_read_is_listed_with_its_reason(db: PgPool) {
    let app = test_app::app(db, &[]);
    let (connection, channel, queue) = open(&app).await;
    let mut died = FieldTable::default();
    died.insert("x-death".into(), AMQPValue::FieldArray(lapin::types::FieldArray::default()));
    for (body, properties) in [
        ("?", reasoned("not a lead event: Syntax at line 1, column 1")),
        ("{}", reasoned("the message has version 9, this service reads up to 1")),
        ("[]", reasoned("the database failed: no")),
        ("()", BasicProperties::default().with_headers(died)),
        ("!", BasicProperties::default()),
    ] {
        publish(&channel, &queue, body.as_bytes(), properties).await;
    }
    parks(&app, &connection, &queue, ParkedKind::Event, 5).await;
    let whys: Vec<WhyParked> = listed(&app).await.iter().rev().map(|row| row.why).collect();
    let expected = [
        WhyParked::NotAnEvent,
        WhyParked::Newer,
        WhyParked::NotStored,
        WhyParked::Returned,
        WhyParked::Unknown,
    ];
    assert_eq!(whys, expected);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_cannot_be_kept_stays_with_the_broker_and_holds_up_no_other(db: PgPool) {
    let app = test_app::app(db, &[]);
    let refuse = "alter table parked_messages add constraint odd check (size <> 3)";
    sqlx::query(refuse).execute(&app.db).await.unwrap();
    let (connection, channel, queue) = open(&app).await;
    for body in ["bad", "good", "well"] {
        publish(&channel, &queue, body.as_bytes(), reasoned("json")).await;
    }
    parks(&app, &connection, &queue, ParkedKind::Webhook, 2).await;
    sqlx::query("alter table parked_messages drop constraint odd").execute(&app.db).await.unwrap();
    parks(&app, &connection, &queue, ParkedKind::Webhook, 3).await;
    assert_eq!(left(&channel, &queue).await, 0);
}
