//! The message that crosses the queue: one thing that happened in AmoCRM.
//!
//! It is a nudge, not the truth: who receives it reads the deal again. What a re-read cannot tell travels
//! with it: the stage that was entered and when, and the hook's own fields for the time when AmoCRM is away.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::ids::{ContactId, LeadId, Stage, StatusId};

/// The version this code writes, and the newest that it reads.
pub const VERSION: u16 = 1;
const CONTACT_UPDATE: &str = "contact.update";
/// Room for most messages, in bytes, so that they are not moved while they are written.
const USUAL_LENGTH: usize = 2048;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadEvent<Payload = Value> {
    pub version: u16,
    /// Random; names the event in the logs of both services. Nothing is deduplicated by it.
    pub id: Uuid,
    pub received_at: DateTime<Utc>,
    pub subject: Subject,
    /// The hook's fields of this one entity as they came, a tree whose leaves are strings.
    #[serde(default)]
    pub payload: Payload,
}

/// What the event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    Lead {
        lead_id: LeadId,
        action: LeadAction,
        /// AmoCRM's own time of the change, in whole seconds; Digital Pipeline hooks have none.
        #[serde(default)]
        changed_at: Option<DateTime<Utc>>,
        /// Set when the hook reports that the deal came into a stage.
        #[serde(default)]
        entry: Option<Entry>,
    },
    Contact {
        contact_id: ContactId,
        #[serde(default)]
        linked_leads: Vec<LeadId>,
    },
}

/// The part of AmoCRM's key that names what happened to the deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadAction {
    Add,
    Update,
    Status,
    Responsible,
    Delete,
    Restore,
    Note,
    /// An application accepted from «Неразобранное».
    Unsorted,
    /// Any other trigger of a Digital Pipeline hook (`mail_in`, `call_in`, …): a nudge and no more.
    Other,
}

impl LeadAction {
    const ALL: [Self; 9] = [
        Self::Add,
        Self::Update,
        Self::Status,
        Self::Responsible,
        Self::Delete,
        Self::Restore,
        Self::Note,
        Self::Unsorted,
        Self::Other,
    ];

    fn routing_key(self) -> &'static str {
        match self {
            Self::Add => "lead.add",
            Self::Update => "lead.update",
            Self::Status => "lead.status",
            Self::Responsible => "lead.responsible",
            Self::Delete => "lead.delete",
            Self::Restore => "lead.restore",
            Self::Note => "lead.note",
            Self::Unsorted => "lead.unsorted",
            Self::Other => "lead.other",
        }
    }
}

/// Of every event there may be.
pub fn routing_keys() -> impl Iterator<Item = &'static str> {
    LeadAction::ALL.into_iter().map(LeadAction::routing_key).chain([CONTACT_UPDATE])
}

/// A deal came into a stage: created there, or moved from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub stage: Stage,
    /// The stage it left (its number alone: hooks do not name the old pipeline); none for a created deal.
    #[serde(default)]
    pub from: Option<StatusId>,
}

/// Why bytes from the queue are not a lead event.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("the message is not a lead event: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("the message has version {0}, this service reads up to {VERSION}")]
    FromTheFuture(u16),
}

impl LeadEvent {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// If the bytes are not JSON of this shape, or of a version newer than [`VERSION`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let event: Self = serde_json::from_slice(bytes)?;
        if event.version > VERSION {
            return Err(DecodeError::FromTheFuture(event.version));
        }
        Ok(event)
    }
}

impl<Payload: Serialize> LeadEvent<Payload> {
    /// The message's bytes.
    ///
    /// # Panics
    ///
    /// Never: a tree of strings, numbers and times is always JSON.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(USUAL_LENGTH);
        serde_json::to_writer(&mut bytes, self).expect("an event holds nothing that JSON cannot");
        bytes
    }

    /// `lead.<action>` or `contact.update`: how the event is routed, counted and named in logs.
    pub fn routing_key(&self) -> &'static str {
        match &self.subject {
            Subject::Lead { action, .. } => action.routing_key(),
            Subject::Contact { .. } => CONTACT_UPDATE,
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::ids::PipelineId;

    fn moved() -> LeadEvent {
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        LeadEvent {
            version: VERSION,
            id: Uuid::nil(),
            received_at: at,
            subject: Subject::Lead {
                lead_id: LeadId(42),
                action: LeadAction::Status,
                changed_at: Some(at),
                entry: Some(Entry {
                    stage: Stage { pipeline_id: PipelineId(7), status_id: StatusId(71) },
                    from: Some(StatusId(70)),
                }),
            },
            payload: serde_json::json!({ "name": "Окна" }),
        }
    }

    #[test]
    fn the_wire_format_does_not_change_by_accident() {
        let text = String::from_utf8(moved().encode()).unwrap();
        assert_snapshot!(text, @r#"{"version":1,"id":"00000000-0000-0000-0000-000000000000","received_at":"2023-11-14T22:13:20Z","subject":{"kind":"lead","lead_id":42,"action":"status","changed_at":"2023-11-14T22:13:20Z","entry":{"stage":{"pipeline_id":7,"status_id":71},"from":70}},"payload":{"name":"Окна"}}"#);
    }

    #[test]
    fn a_message_survives_the_way_there_and_back() {
        assert_eq!(LeadEvent::decode(&moved().encode()).unwrap(), moved());
    }

    #[test]
    fn a_newer_version_is_refused_and_named() {
        let newer = LeadEvent { version: 2, ..moved() };
        assert!(matches!(LeadEvent::decode(&newer.encode()), Err(DecodeError::FromTheFuture(2))));
    }

    #[test]
    fn a_message_of_another_shape_is_refused() {
        assert!(matches!(LeadEvent::decode(b"{\"lead\":1}"), Err(DecodeError::Malformed(_))));
    }
}
