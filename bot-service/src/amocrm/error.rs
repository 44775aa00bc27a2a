//! Why AmoCRM did not answer, and what that says of the next call.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::gate::Closed;
use crate::storage::StorageError;

/// The calls we make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    Account,
    Leads,
    Contacts,
    Companies,
    Users,
    Pipelines,
    LeadFields,
    Webhooks,
    /// The journal.
    Events,
    /// Deals in the order of their changes.
    ChangedLeads,
    /// Deals that have an open measurement, or are in the bin.
    OpenLeads,
    OpenContacts,
    Subscribe,
    Unsubscribe,
    Token,
}

impl Call {
    /// The call in logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Leads => "leads",
            Self::Contacts => "contacts",
            Self::Companies => "companies",
            Self::Users => "users",
            Self::Pipelines => "pipelines",
            Self::LeadFields => "lead_fields",
            Self::Webhooks => "webhooks",
            Self::Events => "events",
            Self::ChangedLeads => "changed_leads",
            Self::OpenLeads => "open_leads",
            Self::OpenContacts => "open_contacts",
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Token => "token",
        }
    }

    /// Nobody waits for these: they let the others go first.
    pub fn is_in_no_hurry(self) -> bool {
        matches!(self, Self::Events | Self::ChangedLeads | Self::OpenLeads | Self::OpenContacts)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call to AmoCRM brought nothing. Every variant names the call it happened in.
#[derive(Debug, thiserror::Error)]
pub enum AmoCrmError {
    /// 401: the token is wrong, expired or revoked.
    #[error("AmoCRM refused the token in `{call}`")]
    TokenRefused { call: Call },
    /// 400 or 401 to a refresh: no token will come without somebody's help.
    #[error("AmoCRM refused the refresh token")]
    RefreshRefused,
    /// Somebody else is refreshing, or a refused token has a minute to be replaced.
    #[error("a new token is not there yet")]
    TokenAwaited,
    /// Our own database, where tokens are kept.
    #[error("the tokens could not be read")]
    Storage(#[source] StorageError),
    /// 403 from the web server in front of AmoCRM: every further call makes it worse.
    #[error("AmoCRM has blocked the account: `{call}` met the block page")]
    Blocked { call: Call },
    /// 403 from AmoCRM itself: the token's owner may not read this.
    #[error("the token's owner has no right to `{call}`")]
    Forbidden { call: Call },
    #[error("AmoCRM asked to call less: `{call}`")]
    TooMany { call: Call, retry_after: Option<Duration> },
    #[error("AmoCRM answered {status} to `{call}`")]
    Status { call: Call, status: StatusCode },
    #[error("no answer from AmoCRM to `{call}`")]
    Unreachable { call: Call, source: reqwest::Error },
    /// Says where the JSON went wrong, without quoting it: it may hold a name or a phone.
    #[error("AmoCRM's answer to `{call}` is not as expected: {class:?} at line {line}, column {column}")]
    Unreadable { call: Call, class: Category, line: usize, column: usize },
    /// What other calls have met keeps us from making this one.
    #[error("AmoCRM is not called before {}", .0.until())]
    Closed(Closed),
}

impl AmoCrmError {
    pub fn unreadable(call: Call, error: &serde_json::Error) -> Self {
        Self::Unreadable { call, class: error.classify(), line: error.line(), column: error.column() }
    }

    /// The outcome in metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::TokenRefused { .. } => "unauthorized",
            Self::RefreshRefused => "refresh_refused",
            Self::TokenAwaited => "awaited",
            Self::Storage(_) => "database",
            Self::Blocked { .. } => "blocked",
            Self::Forbidden { .. } => "forbidden",
            Self::TooMany { .. } => "too_many",
            Self::Status { status, .. } if status.is_server_error() => "server_error",
            Self::Status { .. } => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::Unreadable { .. } => "unreadable",
            Self::Closed(_) => "closed",
        }
    }

    /// Whether a smaller batch may pass: one element is bad, or all of them together are too much.
    pub fn is_of_the_batch(&self) -> bool {
        const REFUSALS: [StatusCode; 3] =
            [StatusCode::BAD_REQUEST, StatusCode::URI_TOO_LONG, StatusCode::UNPROCESSABLE_ENTITY];
        matches!(self, Self::Status { status, .. } if REFUSALS.contains(status))
    }

    /// Whether AmoCRM has answered, and refuses nothing but what was asked of webhooks.
    pub fn is_of_webhooks(&self) -> bool {
        const CALLS: [Call; 3] = [Call::Webhooks, Call::Subscribe, Call::Unsubscribe];
        matches!(self, Self::Status { call, status } if CALLS.contains(call) && status.is_client_error())
    }

    /// Whether AmoCRM has answered, and fails with nothing but companies, which deals do without.
    pub fn is_of_companies(&self) -> bool {
        matches!(
            self,
            Self::Status { call: Call::Companies, .. } | Self::Unreadable { call: Call::Companies, .. }
        )
    }

    /// Whether the answer took too long: the batch was too heavy, or the whole of AmoCRM is.
    pub fn is_late(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status == StatusCode::GATEWAY_TIMEOUT,
            Self::Unreachable { source, .. } => source.is_timeout() && !source.is_connect(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amocrm::model::Page;
    use shared::json;

    #[test]
    fn an_unreadable_answer_is_not_quoted() {
        let error = json::read::<Page>(br#"{"_embedded":"Ivan 89161234567"}"#).unwrap_err();
        assert!(error.to_string().contains("Ivan"), "serde itself does: {error}");
        let error = AmoCrmError::unreadable(Call::Leads, &error);
        let place = "AmoCRM's answer to `leads` is not as expected: Data at line 1, column 31";
        assert_eq!(error.to_string(), place);
        assert!(!format!("{error:?}").contains("Ivan"));
    }
}
