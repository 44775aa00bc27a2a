//! A message as it is given to the broker.

use chrono::{DateTime, Utc};
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation};
use serde::Serialize;
use shared::events::LeadEvent;
use shared::topology::{EVENTS, REASON_HEADER, UNREADABLE_KEY};
use uuid::Uuid;

const PERSISTENT: u8 = 2;
/// The protocol's longest short string, in bytes.
const LONGEST_PROPERTY: usize = 255;

#[derive(Debug, Clone)]
pub struct Message {
    routing_key: &'static str,
    properties: BasicProperties,
    body: Vec<u8>,
}

impl Message {
    /// A lead event, under its own routing key.
    pub fn event(event: &LeadEvent<impl Serialize>) -> Self {
        let properties = properties(event.id, event.received_at)
            .with_type("lead-event".into())
            .with_content_type("application/json".into());
        Self { routing_key: event.routing_key(), properties, body: event.encode() }
    }

    /// A body that was not understood, as it came, with its content type and the reason.
    pub fn unreadable(
        body: Vec<u8>,
        content_type: Option<&str>,
        reason: String,
        received_at: DateTime<Utc>,
    ) -> Self {
        let mut headers = FieldTable::default();
        headers.insert(REASON_HEADER.into(), AMQPValue::LongString(reason.into()));
        let mut properties =
            properties(Uuid::new_v4(), received_at).with_type("raw-webhook".into()).with_headers(headers);
        if let Some(content_type) = content_type {
            properties = properties.with_content_type(shortened(content_type));
        }
        Self { routing_key: UNREADABLE_KEY, properties, body }
    }

    /// What the event is, as its routing key says; none of a body that was not understood.
    pub fn event_kind(&self) -> Option<&'static str> {
        (self.routing_key != UNREADABLE_KEY).then_some(self.routing_key)
    }

    /// Sends the message and waits for the broker's word, which may never come.
    pub(super) async fn send(&self, channel: &Channel) -> Result<Confirmation, lapin::Error> {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let (exchange, key) = (EVENTS.into(), self.routing_key.into());
        channel.basic_publish(exchange, key, options, &self.body, self.properties.clone()).await?.await
    }
}

fn properties(id: Uuid, at: DateTime<Utc>) -> BasicProperties {
    BasicProperties::default()
        .with_app_id("ingest-service".into())
        .with_message_id(id.to_string().into())
        .with_timestamp(u64::try_from(at.timestamp()).unwrap_or_default())
        .with_delivery_mode(PERSISTENT)
}

fn shortened(text: &str) -> ShortString {
    let mut end = text.len().min(LONGEST_PROPERTY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    ShortString::from(&text[..end])
}
