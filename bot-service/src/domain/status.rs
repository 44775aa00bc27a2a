//! How the parts of the system are, as a replica sees them.

use chrono::{DateTime, TimeDelta, Utc};

/// What a replica tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    pub version: String,
    pub started_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub is_leader: bool,
    pub broker: Broker,
    /// None where it was not told whom to ask.
    pub ingest: Option<Ingest>,
    /// When Telegram and AmoCRM answered it last, which they do to the leader.
    pub telegram_at: Option<DateTime<Utc>>,
    pub amocrm_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broker {
    Connected,
    /// It takes nothing: its memory or its disk is full.
    Blocked,
    Away,
}

/// How ingest-service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingest {
    Ready,
    /// It answers, and can accept no webhooks.
    NotReady,
    Away,
}

/// What the service was started with, and by that can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equipment {
    pub has_token: bool,
    /// The end of a long-lived token; a pair of OAuth is renewed by itself.
    pub token_ends: Option<DateTime<Utc>>,
    /// The bot looks after AmoCRM's subscription.
    pub keeps_webhook: bool,
}

/// A replica tells of itself so often.
pub const EVERY: TimeDelta = TimeDelta::seconds(15);
/// One that has said nothing for so long is gone.
pub const GONE_AFTER: TimeDelta = TimeDelta::seconds(60);

impl Broker {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Blocked => "blocked",
            Self::Away => "away",
        }
    }

    pub fn parse(text: &str) -> Self {
        match text {
            "connected" => Self::Connected,
            "blocked" => Self::Blocked,
            _ => Self::Away,
        }
    }
}

impl Ingest {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotReady => "not_ready",
            Self::Away => "away",
        }
    }

    pub fn parse(text: &str) -> Self {
        match text {
            "ready" => Self::Ready,
            "not_ready" => Self::NotReady,
            _ => Self::Away,
        }
    }
}
