//! How everything is.

use chrono::{DateTime, Utc};

use crate::domain::reception::ReceptionTrouble;
use crate::domain::status::{Ingest, Replica};
use crate::domain::webhook::Standing;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusView {
    /// Of bot-service, those that are there.
    pub replicas: Vec<Replica>,
    /// None where no replica was told whom to ask.
    pub ingest: Option<Ingest>,
    /// None without a token.
    pub amocrm: Option<AmoCrmStatus>,
    pub telegram: TelegramStatus,
    pub waiting: Waiting,
}

/// What is to be done, and what failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    pub messages: i64,
    /// Since when the oldest waits that should have gone.
    pub oldest_message_at: Option<DateTime<Utc>>,
    pub deals: i64,
    /// Those that have failed for an hour.
    pub stuck: i64,
    pub files_failed: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmoCrmStatus {
    pub answered_at: Option<DateTime<Utc>>,
    /// The end of a long-lived token.
    pub expires_at: Option<DateTime<Utc>>,
    /// None where nobody looks at the subscription, or has yet.
    pub webhook: Option<Standing>,
    /// When all was compared last.
    pub compared_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramStatus {
    pub answered_at: Option<DateTime<Utc>>,
    pub trouble: Option<ReceptionTrouble>,
}
