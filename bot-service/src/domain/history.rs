//! The lines of a measurement's history: append-only, and what notices point to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::AmoUserId;

use super::facts::FieldChange;
use super::ids::{CommentId, HistoryId, MeasurementId, UserId};
use super::measurement::{CancelReason, DealEnd, DeclineReason, ProblemReason, ReassignReason, StatusKind};
use super::proposal::Rule;
use super::user::Role;

/// What happened, with all that a later message about it must show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    Opened,
    Assigned {
        to: UserId,
        /// Whom the rules had proposed, where a person chose another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<UserId>,
    },
    Reassigned {
        from: UserId,
        to: UserId,
    },
    /// The measurer goes.
    Accepted,
    Started,
    Completed,
    Cancelled {
        /// Set where AmoCRM cancelled.
        because: Option<DealEnd>,
        /// Set where a person did, but for lines of older versions.
        #[serde(default)]
        reason: Option<CancelReason>,
        /// His own words, where he gave some.
        #[serde(default)]
        text: Option<String>,
    },
    /// Open again.
    Restored {
        /// Who had completed it.
        #[serde(default)]
        from: Option<UserId>,
    },
    /// Back in the queue: taken from the measurer without another one.
    Returned {
        from: UserId,
    },
    /// Back in the queue: the measurer cannot go.
    Declined {
        from: UserId,
        reason: DeclineReason,
        /// His own words, where he gave some.
        text: Option<String>,
    },
    /// The rules have found a measurer; nothing has changed hands.
    Proposed {
        to: UserId,
        rule: Rule,
        /// Of the dealer or the zones.
        name: Option<String>,
    },
    /// The measurer cannot measure.
    ProblemReported {
        reason: ProblemReason,
        text: Option<String>,
    },
    /// He goes again.
    ProblemCleared,
    /// Whoever did `of` took it back.
    Undone {
        of: Box<What>,
        /// The measurer until then.
        from: Option<UserId>,
        /// The measurer since then, as before.
        to: Option<UserId>,
        status: StatusKind,
    },
    /// Why it was given to another measurer. No step: it is said afterwards, or not at all.
    Explained {
        reason: ReassignReason,
        text: Option<String>,
    },
    FactsChanged {
        changes: Vec<FieldChange>,
    },
    ResponsibleChanged {
        from: Option<AmoUserId>,
        to: Option<AmoUserId>,
    },
    /// Somebody said something about it, as who he was for it then. The words stand with the comment.
    Commented {
        comment: CommentId,
        role: Role,
    },
}

impl What {
    /// The measurer before (or the one who was proposed) and the one after, where it names them.
    pub fn measurers(&self) -> (Option<UserId>, Option<UserId>) {
        match self {
            Self::Assigned { to, instead_of } => (*instead_of, Some(*to)),
            Self::Proposed { to, .. } => (None, Some(*to)),
            Self::Reassigned { from, to } => (Some(*from), Some(*to)),
            Self::Returned { from } | Self::Declined { from, .. } => (Some(*from), None),
            Self::Restored { from } => (*from, None),
            Self::Undone { from, to, .. } => (*from, *to),
            _ => (None, None),
        }
    }

    /// The same with somebody's own words, where it has a place for them.
    #[must_use]
    pub fn saying(mut self, words: Option<String>) -> Self {
        if let Self::Cancelled { text, .. }
        | Self::Declined { text, .. }
        | Self::ProblemReported { text, .. }
        | Self::Explained { text, .. } = &mut self
        {
            *text = words;
        }
        self
    }

    /// As it stands in the column `what`; the rest is in `details`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Assigned { .. } => "assigned",
            Self::Reassigned { .. } => "reassigned",
            Self::Accepted => "accepted",
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Cancelled { .. } => "cancelled",
            Self::Restored { .. } => "restored",
            Self::Returned { .. } => "returned",
            Self::Declined { .. } => "declined",
            Self::Proposed { .. } => "proposed",
            Self::ProblemReported { .. } => "problem_reported",
            Self::ProblemCleared => "problem_cleared",
            Self::Undone { .. } => "undone",
            Self::Explained { .. } => "explained",
            Self::FactsChanged { .. } => "facts_changed",
            Self::ResponsibleChanged { .. } => "responsible_changed",
            Self::Commented { .. } => "commented",
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
