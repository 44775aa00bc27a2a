//! Taking back what one has just done to a measurement: a slip of the finger is no story to tell twice.
//!
//! Only its author may, within ten minutes, and only while it is the last that happened: what was true before is kept
//! beside the measurement, and comes back exactly. Accepting is not taken back (who cannot go says so), nor is taking
//! back itself.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Problem, Status, Transition};
use crate::domain::history::What;
use crate::domain::ids::UserId;
use crate::domain::user::{Actor, Role};

pub const UNDO_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// The last move of a person, and what was true before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undoable {
    /// The step to which it led: later ones, also of versions that do not know of this, leave it behind.
    pub step: i32,
    pub by: UserId,
    pub at: DateTime<Utc>,
    pub what: What,
    pub status: Status,
    pub problem: Option<Problem>,
}

impl Undoable {
    pub fn until(&self) -> DateTime<Utc> {
        self.at + UNDO_WITHIN
    }

    /// Whether this person did it, and still has the role in which he did.
    pub fn is_of(&self, actor: &Actor) -> bool {
        let has_role = match self.what {
            What::Started | What::Completed | What::Declined { .. } | What::ProblemReported { .. } => {
                actor.roles.has(Role::Measurer)
            }
            _ => actor.roles.distributes(),
        };
        self.by == actor.id && has_role
    }
}

impl Transition {
    pub(super) fn is_undoable(self) -> bool {
        !matches!(self, Self::Accept | Self::Undo | Self::EndWithDeal(_))
    }
}
