//! What a person is about to write, where a button has asked him for words.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::ids::{DealerId, MeasurementId, UserId, ZoneId};

/// Who has not answered by then has turned to something else.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// The question that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flow", rename_all = "snake_case")]
pub enum Flow {
    /// Part of the name or e-mail of the employee who this person is.
    FindEmployee {
        user: UserId,
    },
    /// Why he does something to a measurement, in his own words; the step is that of the button.
    Reason {
        of: ReasonOf,
        id: MeasurementId,
        step: i32,
    },
    /// What he has to say about a measurement, in words or otherwise.
    Comment {
        id: MeasurementId,
    },
    /// How a new zone is called.
    NewZone,
    RenameZone {
        zone: ZoneId,
    },
    /// How else a zone is written.
    SpellZone {
        zone: ZoneId,
    },
    /// How a new dealer is called.
    NewDealer,
    RenameDealer {
        dealer: DealerId,
    },
}

/// What somebody is giving the reason of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonOf {
    Decline,
    Cancel,
    Reassign,
    Problem,
}
