//! The exchanges and queues as a real broker keeps them.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as a test does")]

use std::time::Duration;

use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};
use shared::topology;
use tokio::time::timeout;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);
/// The protocol's code for a name that is taken with other arguments.
const PRECONDITION_FAILED: u16 = 406;

async fn connection() -> Connection {
    let url = std::env::var("AMQP_URL").expect(
        "AMQP_URL is not set: run these tests with `cargo xtask test`, which starts a private broker",
    );
    let connection = Connection::connect(&url, ConnectionProperties::default()).await.unwrap();
    topology::declare(&connection.create_channel().await.unwrap()).await.unwrap();
    connection
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

/// What every queue has, by the names of the broker's manual.
fn common() -> Vec<(&'static str, AMQPValue)> {
    vec![
        ("x-queue-type", text("quorum")),
        ("x-max-length", AMQPValue::LongLongInt(1_000_000)),
        ("x-overflow", text("reject-publish")),
    ]
}

/// What the bot's queue has: a message that comes back too often ends among the dead.
fn of_the_bot() -> Vec<(&'static str, AMQPValue)> {
    let mut arguments = common();
    arguments.extend([
        ("x-delivery-limit", AMQPValue::LongLongInt(50)),
        ("x-dead-letter-exchange", text("")),
        ("x-dead-letter-routing-key", text("bot.lead-events.dead")),
        ("x-dead-letter-strategy", text("at-least-once")),
    ]);
    arguments
}

/// The broker's code where it holds the queue with other arguments than these. A refusal costs the channel.
async fn refusal(connection: &Connection, queue: &str, arguments: &[(&str, AMQPValue)]) -> Option<u16> {
    let channel = connection.create_channel().await.unwrap();
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        table.insert((*name).into(), value.clone());
    }
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    match timeout(PATIENCE, channel.queue_declare(queue.into(), options, table)).await.unwrap() {
        Ok(_) => None,
        Err(error) => match error.kind() {
            lapin::ErrorKind::ProtocolError(error) => Some(error.get_id()),
            other => panic!("{queue}: {other:?}"),
        },
    }
}

#[tokio::test]
async fn every_queue_is_a_quorum_queue_with_its_limits_and_no_other_arguments() {
    let connection = connection().await;
    let queues = [
        ("amocrm.unroutable", common()),
        ("amocrm.unreadable", common()),
        ("bot.lead-events.dead", common()),
        ("bot.lead-events", of_the_bot()),
    ];
    for (queue, arguments) in queues {
        assert_eq!(refusal(&connection, queue, &arguments).await, None, "{queue}");
        for (index, (name, _)) in arguments.iter().enumerate() {
            let mut fewer = arguments.clone();
            fewer.remove(index);
            let refused = refusal(&connection, queue, &fewer).await;
            assert_eq!(refused, Some(PRECONDITION_FAILED), "{queue} without {name}");
        }
    }
}

#[tokio::test]
async fn what_nobody_is_bound_for_is_confirmed_and_kept_as_unroutable() {
    let connection = connection().await;
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let body = Uuid::new_v4().into_bytes();
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let (exchange, key) = ("amocrm.events".into(), "nobody.asked".into());
    let publishing = channel.basic_publish(exchange, key, options, &body, BasicProperties::default());
    let confirmation = timeout(PATIENCE, async { publishing.await.unwrap().await.unwrap() }).await.unwrap();
    assert!(matches!(confirmation, Confirmation::Ack(None)), "{confirmation:?}");
    let key = timeout(PATIENCE, take_unroutable(&channel, &body)).await.unwrap();
    assert_eq!(key.as_deref(), Some("nobody.asked"));
}

/// Takes the message of this body out of the queue and leaves the others there. `None` if it is not there.
async fn take_unroutable(channel: &Channel, body: &[u8]) -> Option<String> {
    let mut others = Vec::new();
    let get = || channel.basic_get("amocrm.unroutable".into(), BasicGetOptions::default());
    while let Some(message) = get().await.unwrap() {
        if message.data == body {
            message.acker.ack(BasicAckOptions::default()).await.unwrap();
            return Some(message.routing_key.to_string());
        }
        others.push(message);
    }
    None
}
