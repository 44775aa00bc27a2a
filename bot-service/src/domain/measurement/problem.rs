//! Something is wrong with a visit, and the office has to decide what becomes of it.
//!
//! A mark beside the status, not a status: the visit is still assigned or under way, its measurer may still complete it,
//! and every list and count stays true. It goes with anything that answers it: another measurer, an end, or «again».

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ProblemReason;

/// As its measurer has told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub reason: ProblemReason,
    /// His own words, where he gave some.
    pub text: Option<String>,
    pub at: DateTime<Utc>,
}
