//! What must hold for whatever reaches ingest-service's reader, and for what it sends to the queue.

use ingest_service::{events, form};
use serde_json::Value;
use shared::clock::Clock;
use shared::events::LeadEvent;

/// A body as a form.
pub fn form(body: &[u8]) {
    read(None, body);
}

/// A body as JSON.
pub fn hook(body: &[u8]) {
    read(Some("application/json"), body);
}

/// Every event of a body is a message that the other side understands alike, with all of its payload.
fn read(content_type: Option<&str>, body: &[u8]) {
    let form = form::read(content_type, body);
    for found in events::read(&form).found {
        let (subject, payload) = (found.subject.clone(), serde_json::to_value(found.payload).unwrap());
        assert!(!holds_nul(&payload), "NUL got through");
        let message = found.into_event(Clock::system().now()).encode();
        let event = LeadEvent::decode(&message).unwrap();
        assert_eq!((event.subject, event.payload), (subject, payload));
    }
}

/// In the texts themselves: written as JSON, a backslash and `u0000` after it look alike.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Bytes from the queue. What is understood is written as it is understood again, but for the payload: a number with
/// a fraction is not always read as it was written, and nobody of ours writes one.
pub fn event(message: &[u8]) {
    if let Ok(event) = LeadEvent::decode(message) {
        let again = LeadEvent::decode(&event.encode()).unwrap();
        assert_eq!(
            (again.id, again.received_at, again.subject),
            (event.id, event.received_at, event.subject)
        );
    }
}
