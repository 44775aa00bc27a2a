//! The state of a measurement, with what is true in each state alone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::UserId;

/// Who measures, given the work by whom (none: by a rule), when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    pub measurer: UserId,
    pub by: Option<UserId>,
    pub at: DateTime<Utc>,
    /// When the measurer said that he has seen it and goes. Starting and completing say as much without it.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// Why AmoCRM ended a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealEnd {
    /// The deal is in a cancel stage.
    Closed,
    Deleted,
}

/// Who cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canceller {
    Person(UserId),
    AmoCrm(DealEnd),
}

/// The state, with what is true in it alone. Completed and cancelled ones keep their measurer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    Assigned(Assignment),
    InProgress {
        assignment: Assignment,
        started_at: DateTime<Utc>,
    },
    Completed {
        assignment: Assignment,
        started_at: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    },
    Cancelled {
        assignment: Option<Assignment>,
        started_at: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
        by: Canceller,
    },
}

/// The state without what belongs to it: for labels, filters and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusKind {
    Pending,
    Assigned,
    InProgress,
    Completed,
    Cancelled,
}

impl StatusKind {
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Assigned, Self::InProgress, Self::Completed, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Assigned => "assigned",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Assigned | Self::InProgress)
    }
}

impl Status {
    pub fn kind(&self) -> StatusKind {
        match self {
            Self::Pending => StatusKind::Pending,
            Self::Assigned(_) => StatusKind::Assigned,
            Self::InProgress { .. } => StatusKind::InProgress,
            Self::Completed { .. } => StatusKind::Completed,
            Self::Cancelled { .. } => StatusKind::Cancelled,
        }
    }

    pub fn assignment(&self) -> Option<&Assignment> {
        match self {
            Self::Pending => None,
            Self::Assigned(assignment)
            | Self::InProgress { assignment, .. }
            | Self::Completed { assignment, .. } => Some(assignment),
            Self::Cancelled { assignment, .. } => assignment.as_ref(),
        }
    }

    pub(super) fn started_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Pending | Self::Assigned(_) => None,
            Self::InProgress { started_at, .. } => Some(*started_at),
            Self::Completed { started_at, .. } | Self::Cancelled { started_at, .. } => *started_at,
        }
    }
}
