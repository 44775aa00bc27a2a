//! The broker's exchanges and queues. Both services declare them, with the same arguments, before use.
//!
//! ```text
//! amocrm.events (direct) ─ lead.*, contact.* ─▶ bot.lead-events ─ delivery limit ─▶ bot.lead-events.dead
//!        │               └ unreadable ────────▶ amocrm.unreadable
//!        └ any other key ─▶ amocrm.unroutable (fanout) ─▶ amocrm.unroutable
//! ```
//!
//! Each key has a binding of its own: to find a queue by patterns costs a broker three times as much.

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Channel, ExchangeKind};

use crate::events::routing_keys;

/// Where ingest-service publishes everything.
pub const EVENTS: &str = "amocrm.events";
/// What nobody is bound for ends here instead of being dropped. bot-service consumes it as well: an event that found
/// no queue, because somebody had deleted it, is as good as any.
pub const UNROUTABLE: &str = "amocrm.unroutable";
/// What bot-service consumes.
pub const LEAD_EVENTS: &str = "bot.lead-events";
/// Messages that cannot be read, each with the reason in [`REASON_HEADER`]. Kept here until bot-service, which is
/// perhaps why they are here, has taken them into its database, where people decide about them.
pub const LEAD_EVENTS_DEAD: &str = "bot.lead-events.dead";
/// Authentic webhook bodies that could not be read, as they came. Queue and routing key. bot-service takes them over
/// likewise.
pub const UNREADABLE: &str = "amocrm.unreadable";
pub const UNREADABLE_KEY: &str = "unreadable";
pub const REASON_HEADER: &str = "x-reason";

/// More waiting messages than this are refused, rather than kept in the broker's memory: AmoCRM comes again.
const MAX_LENGTH: i64 = 1_000_000;
/// How often a message may come back unacknowledged. Generous: a crashing consumer counts against all its
/// outstanding messages, good ones too.
const DELIVERY_LIMIT: i64 = 50;

/// Declares everything. May be repeated at will.
///
/// # Errors
///
/// If the broker is away, or holds one of the names with other arguments.
pub async fn declare(channel: &Channel) -> Result<(), lapin::Error> {
    exchange(channel, UNROUTABLE, ExchangeKind::Fanout, FieldTable::default()).await?;
    exchange(channel, EVENTS, ExchangeKind::Direct, table([("alternate-exchange", text(UNROUTABLE))]))
        .await?;

    queue(channel, UNROUTABLE, table([])).await?;
    queue(channel, UNREADABLE, table([])).await?;
    queue(channel, LEAD_EVENTS_DEAD, table([])).await?;
    let with_limit = table([
        ("x-delivery-limit", AMQPValue::LongLongInt(DELIVERY_LIMIT)),
        ("x-dead-letter-exchange", text("")),
        ("x-dead-letter-routing-key", text(LEAD_EVENTS_DEAD)),
        ("x-dead-letter-strategy", text("at-least-once")),
    ]);
    queue(channel, LEAD_EVENTS, with_limit).await?;

    bind(channel, UNROUTABLE, UNROUTABLE, "").await?;
    for key in routing_keys() {
        bind(channel, LEAD_EVENTS, EVENTS, key).await?;
    }
    bind(channel, UNREADABLE, EVENTS, UNREADABLE_KEY).await
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

fn table<const N: usize>(pairs: [(&str, AMQPValue); N]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in pairs {
        table.insert(ShortString::from(key), value);
    }
    table
}

async fn exchange(
    channel: &Channel,
    name: &str,
    kind: ExchangeKind,
    arguments: FieldTable,
) -> Result<(), lapin::Error> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    channel.exchange_declare(name.into(), kind, options, arguments).await
}

/// A quorum queue: it syncs to disk before it confirms, which a classic one does not.
async fn queue(channel: &Channel, name: &str, extra: FieldTable) -> Result<(), lapin::Error> {
    let mut arguments = table([
        ("x-queue-type", text("quorum")),
        ("x-max-length", AMQPValue::LongLongInt(MAX_LENGTH)),
        ("x-overflow", text("reject-publish")),
    ]);
    for (key, value) in extra.inner() {
        arguments.insert(key.clone(), value.clone());
    }
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(name.into(), options, arguments).await.map(|_| ())
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), lapin::Error> {
    let options = QueueBindOptions::default();
    channel.queue_bind(queue.into(), exchange.into(), key.into(), options, FieldTable::default()).await
}
