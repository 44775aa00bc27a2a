//! Sees what is published, without taking it away from anybody: a queue of its own on the exchange.
//!
//! Tests run side by side on one broker, so each looks only for what it published itself.

use std::time::Duration;

use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Connection, ConnectionProperties, Consumer};
use shared::events::{LeadEvent, Subject, routing_keys};
use shared::topology;
use tokio::time::timeout;

use crate::service::amqp_url;

pub struct Tap {
    consumer: Consumer,
    _channel: Channel,
    _connection: Connection,
}

impl Tap {
    /// Sees every event of a deal that is published from now on.
    pub async fn leads() -> Self {
        Self::on(routing_keys().filter(|key| key.starts_with("lead."))).await
    }

    /// Sees every body that is kept raw from now on.
    pub async fn unreadable() -> Self {
        Self::on([topology::UNREADABLE_KEY]).await
    }

    async fn on(keys: impl IntoIterator<Item = &str>) -> Self {
        let connection = Connection::connect(&amqp_url(), ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        topology::declare(&channel).await.unwrap();
        let options = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
        let queue = channel.queue_declare("".into(), options, FieldTable::default()).await.unwrap();
        let name = queue.name().clone();
        for key in keys {
            let (exchange, options) = (topology::EVENTS.into(), QueueBindOptions::default());
            let binding =
                channel.queue_bind(name.clone(), exchange, key.into(), options, FieldTable::default());
            binding.await.unwrap();
        }
        let options = BasicConsumeOptions { no_ack: true, ..BasicConsumeOptions::default() };
        let consumer =
            channel.basic_consume(name, "tap".into(), options, FieldTable::default()).await.unwrap();
        Self { consumer, _channel: channel, _connection: connection }
    }

    /// Waits for the next message that `wanted` recognises.
    pub async fn next(&mut self, wanted: impl Fn(&Delivery) -> bool) -> Delivery {
        let looking = async {
            loop {
                let delivery = self.consumer.next().await.expect("the tap stays open").unwrap();
                if wanted(&delivery) {
                    return delivery;
                }
            }
        };
        timeout(Duration::from_secs(10), looking).await.expect("the message was published")
    }

    /// Waits for the next event of a deal.
    pub async fn lead(&mut self, id: i64) -> Delivery {
        self.next(|delivery| lead_of(delivery) == Some(id)).await
    }
}

pub fn lead_of(delivery: &Delivery) -> Option<i64> {
    match LeadEvent::decode(&delivery.data).ok()?.subject {
        Subject::Lead { lead_id, .. } => Some(lead_id.0),
        Subject::Contact { .. } => None,
    }
}

/// The reason that travels with an unreadable body.
pub fn reason_of(delivery: &Delivery) -> String {
    let headers = delivery.properties.headers().as_ref().unwrap();
    match headers.inner().get(topology::REASON_HEADER) {
        Some(AMQPValue::LongString(reason)) => reason.to_string(),
        other => panic!("the reason is a text, not {other:?}"),
    }
}
