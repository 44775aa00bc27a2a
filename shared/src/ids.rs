//! Ids that AmoCRM gives and that cross the wire. Each is a 64-bit number of its own type.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! amo_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.trim().parse().map(Self)
            }
        }
    )+};
}

amo_ids! {
    /// A customer's account.
    AccountId,
    /// A deal («сделка»).
    LeadId,
    ContactId,
    CompanyId,
    /// An employee in AmoCRM; a person of the bot may be linked to one.
    AmoUserId,
    PipelineId,
    /// A stage's number. 142 and 143 repeat in every pipeline: only a [`Stage`] names a stage.
    StatusId,
}

/// A stage of a pipeline. Written `pipeline:status` in configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stage {
    pub pipeline_id: PipelineId,
    pub status_id: StatusId,
}

/// «Успешно реализовано», in every pipeline.
pub const WON: StatusId = StatusId(142);
/// «Закрыто и не реализовано», in every pipeline.
pub const LOST: StatusId = StatusId(143);

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.pipeline_id, self.status_id)
    }
}

/// A text that is not `pipeline:status`.
#[derive(Debug, thiserror::Error)]
#[error("a stage is written pipeline:status, both numbers")]
pub struct StageFormat;

impl FromStr for Stage {
    type Err = StageFormat;

    fn from_str(text: &str) -> Result<Self, StageFormat> {
        let (pipeline, status) = text.split_once(':').ok_or(StageFormat)?;
        Ok(Self {
            pipeline_id: pipeline.parse().map_err(|_| StageFormat)?,
            status_id: status.parse().map_err(|_| StageFormat)?,
        })
    }
}
