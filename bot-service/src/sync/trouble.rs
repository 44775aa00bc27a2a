//! What keeps a deal from being read or taken in: in the words of the log, and in the kinds that people are told.

use super::gateway::CallError;
use crate::amocrm::error::AmoCrmError;
use crate::amocrm::gate::Closed;
use crate::domain::failures::WhyStuck;

pub const MISSING: &str = "the deal is not in AmoCRM's answer";
pub const NO_CONTACT: &str = "the deal's contact is not in AmoCRM's answer";
pub const CONTACT_NOT_READ: &str = "the deal's contact was not read";
pub const COMPANY_NOT_READ: &str = "the deal's company was not read";
pub const NOT_DELETED: &str = "AmoCRM still shows a deal that its hook calls deleted";
pub const BEHIND: &str = "AmoCRM shows the deal as it was before its hook";
pub const STALE: &str = "AmoCRM shows the deal as it was before";
pub const NOT_READABLE: &str = "AmoCRM's answer about the deal cannot be read";

/// The kind of a deal's own trouble.
pub fn of_deal(error: &str) -> WhyStuck {
    match error {
        MISSING => WhyStuck::NotShown,
        NO_CONTACT | CONTACT_NOT_READ => WhyStuck::NoContact,
        COMPANY_NOT_READ => WhyStuck::AmoCrmAway,
        NOT_DELETED => WhyStuck::NotDeleted,
        BEHIND | STALE => WhyStuck::Behind,
        NOT_READABLE => WhyStuck::Unreadable,
        _ => WhyStuck::Ours,
    }
}

/// The kind of a trouble with AmoCRM as a whole; none where a pause says nothing of its reason.
pub fn of_call(error: &CallError) -> Option<WhyStuck> {
    match error {
        CallError::Closed(Closed::Forbidden(_)) => Some(WhyStuck::NoRight),
        CallError::Closed(Closed::Paused(_)) => None,
        CallError::Ours(_) => Some(WhyStuck::Ours),
        CallError::Failed(error, _) => Some(match error {
            AmoCrmError::TokenRefused { .. } | AmoCrmError::RefreshRefused | AmoCrmError::TokenAwaited => {
                WhyStuck::TokenRefused
            }
            AmoCrmError::Blocked { .. } => WhyStuck::AmoCrmBlocked,
            AmoCrmError::Forbidden { .. } => WhyStuck::NoRight,
            AmoCrmError::Storage(_) => WhyStuck::Ours,
            AmoCrmError::TooMany { .. }
            | AmoCrmError::Status { .. }
            | AmoCrmError::Unreachable { .. }
            | AmoCrmError::Unreadable { .. }
            | AmoCrmError::Closed(_) => WhyStuck::AmoCrmAway,
        }),
    }
}
