//! Why somebody did what he did, as he chose it from a few buttons. Each list ends with his own words.

use serde::{Deserialize, Serialize};

/// Why a measurer cannot go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    Busy,
    Far,
    /// Not what he measures.
    NotMine,
    ClientMoved,
    /// In his own words.
    Other,
}

impl DeclineReason {
    pub const ALL: [Self; 5] = [Self::Busy, Self::Far, Self::NotMine, Self::ClientMoved, Self::Other];
}

/// Why the office cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    ClientRefused,
    NoAnswer,
    /// The same visit is there twice.
    Duplicate,
    Mistake,
    Other,
}

impl CancelReason {
    pub const ALL: [Self; 5] =
        [Self::ClientRefused, Self::NoAnswer, Self::Duplicate, Self::Mistake, Self::Other];
}

/// Why the office gave a visit to another measurer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReassignReason {
    /// The one before cannot go.
    Unable,
    /// The one before has too much to do.
    Overloaded,
    ClientAsked,
    Mistake,
    Other,
}

impl ReassignReason {
    pub const ALL: [Self; 5] =
        [Self::Unable, Self::Overloaded, Self::ClientAsked, Self::Mistake, Self::Other];
}

/// What keeps a measurer from measuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemReason {
    ClientAbsent,
    /// There is nothing to measure yet.
    NotReady,
    WrongAddress,
    Other,
}

impl ProblemReason {
    pub const ALL: [Self; 4] = [Self::ClientAbsent, Self::NotReady, Self::WrongAddress, Self::Other];
}
