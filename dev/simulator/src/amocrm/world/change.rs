//! What a change of the account amounts to, as hooks and answers tell it.

use crate::amocrm::model::{ContactId, LeadId, Stage, UserId};

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub by: UserId,
    pub at: i64,
}

/// One thing that happened. A single action of a user may be several of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    LeadAdded { lead: LeadId },
    LeadUpdated { lead: LeadId, from: Option<Stage> },
    LeadMoved { lead: LeadId, from: Stage },
    LeadReassigned { lead: LeadId, from: UserId },
    LeadDeleted { lead: LeadId },
    LeadRestored { lead: LeadId },
    ContactAdded { contact: ContactId },
    ContactUpdated { contact: ContactId },
}

/// A change that the account refuses, in the words of API v4's validation errors.
#[derive(Debug, Clone)]
pub struct Invalid {
    pub code: &'static str,
    pub path: String,
    pub detail: String,
}

impl Invalid {
    pub fn choice(path: impl Into<String>) -> Self {
        Self {
            code: "NotSupportedChoice",
            path: path.into(),
            detail: "The value you selected is not a valid choice.".to_owned(),
        }
    }

    pub fn kind(path: impl Into<String>, wanted: &str) -> Self {
        Self {
            code: "InvalidType",
            path: path.into(),
            detail: format!("This value should be of type {wanted}."),
        }
    }

    pub fn missing(detail: String) -> Self {
        Self { code: "NotFound", path: "id".to_owned(), detail }
    }

    /// The same refusal of a value nested deeper in the request.
    pub fn under(self, prefix: &str) -> Self {
        Self { path: format!("{prefix}.{}", self.path), ..self }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at `{}`: {}", self.code, self.path, self.detail)
    }
}

impl std::error::Error for Invalid {}
