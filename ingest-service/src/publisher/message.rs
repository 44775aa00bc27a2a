//! A message as it is given to the broker.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation};
use serde::{Deserialize, Serialize};
use shared::events::LeadEvent;
use shared::topology::{EVENTS, REASON_HEADER, UNREADABLE_KEY};
use uuid::Uuid;

const PERSISTENT: u8 = 2;
/// The protocol's longest short string, in bytes.
const LONGEST_PROPERTY: usize = 255;

/// In JSON everything but the body, which the spool keeps beside it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    exchange: Cow<'static, str>,
    routing_key: Cow<'static, str>,
    properties: BasicProperties,
    #[serde(skip)]
    body: Vec<u8>,
}

impl Message {
    /// A lead event, under its own routing key.
    pub fn event(event: &LeadEvent<impl Serialize>) -> Self {
        let properties = properties(event.id, event.received_at)
            .with_type("lead-event".into())
            .with_content_type("application/json".into());
        Self {
            exchange: EVENTS.into(),
            routing_key: event.routing_key().into(),
            properties,
            body: event.encode(),
        }
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
        Self { exchange: EVENTS.into(), routing_key: UNREADABLE_KEY.into(), properties, body }
    }

    /// What the event is, as its routing key says; none of a body that was not understood.
    pub fn event_kind(&self) -> Option<&str> {
        (self.routing_key != UNREADABLE_KEY).then_some(self.routing_key.as_ref())
    }

    /// By which it is known when it comes back.
    pub(super) fn id(&self) -> Option<&ShortString> {
        self.properties.message_id().as_ref()
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    #[must_use]
    pub fn with_body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }

    /// Sends the message and waits for the broker's word, which may never come.
    pub(super) async fn send(&self, channel: &Channel) -> Result<Confirmation, lapin::Error> {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let (exchange, key) = (self.exchange.as_ref().into(), self.routing_key.as_ref().into());
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
