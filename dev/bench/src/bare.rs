//! The queue of the bare publisher: of the same kind and with the same limits as the one that it is compared with.

use lapin::Channel;
use lapin::options::QueueDeclareOptions;
use lapin::types::{AMQPValue, FieldTable};

pub const QUEUE: &str = "bench.bare";
const MAX_LENGTH: i64 = 1_000_000;
const DELIVERY_LIMIT: i64 = 50;

/// Declares the queue. May be repeated at will.
///
/// # Errors
///
/// If the broker is away, or holds the name with other arguments.
pub async fn declare(channel: &Channel) -> Result<(), lapin::Error> {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments.insert("x-max-length".into(), AMQPValue::LongLongInt(MAX_LENGTH));
    arguments.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
    arguments.insert("x-delivery-limit".into(), AMQPValue::LongLongInt(DELIVERY_LIMIT));
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(QUEUE.into(), options, arguments).await.map(|_| ())
}
