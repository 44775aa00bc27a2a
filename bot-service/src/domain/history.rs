//! The lines of a measurement's history: append-only, and what notices point to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::AmoUserId;

use super::facts::FieldChange;
use super::ids::{HistoryId, MeasurementId, UserId};
use super::measurement::DealEnd;

/// What happened, with all that a later message about it must show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    Opened,
    Assigned {
        to: UserId,
    },
    Reassigned {
        from: UserId,
        to: UserId,
    },
    Started,
    Completed,
    /// `because` is set where AmoCRM cancelled.
    Cancelled {
        because: Option<DealEnd>,
    },
    Restored,
    /// Back in the queue, because the measurer lost his access.
    Returned {
        from: UserId,
    },
    FactsChanged {
        changes: Vec<FieldChange>,
    },
    ResponsibleChanged {
        from: Option<AmoUserId>,
        to: Option<AmoUserId>,
    },
}

impl What {
    /// As it stands in the column `what`; the rest is in `details`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Assigned { .. } => "assigned",
            Self::Reassigned { .. } => "reassigned",
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Cancelled { .. } => "cancelled",
            Self::Restored => "restored",
            Self::Returned { .. } => "returned",
            Self::FactsChanged { .. } => "facts_changed",
            Self::ResponsibleChanged { .. } => "responsible_changed",
        }
    }
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    Person(UserId),
    AmoCrm,
    System,
}

/// A line as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: HistoryId,
    pub measurement_id: MeasurementId,
    pub step: i32,
    pub at: DateTime<Utc>,
    pub author: Author,
    pub what: What,
}
