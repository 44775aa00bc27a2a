//! What screens show of that what is stuck.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::LeadId;

use crate::domain::failures::{Decided, EventKind, NotSent, ParkedKind, WhyParked, WhyStuck};
use crate::domain::ids::ParkedId;
use crate::domain::user::Name;

pub const FAILURES_A_PAGE: u8 = 6;
/// So many decisions are shown.
pub const DECISIONS_SHOWN: u8 = 10;

/// Parked messages of one kind, with the reason that most of them have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedCount {
    pub kind: ParkedKind,
    pub count: i64,
    pub why: WhyParked,
}

/// All that is stuck, in numbers; each at most `COUNT_CAP + 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FailuresView {
    pub deals: i64,
    pub messages: i64,
    /// Messages of the bot that have failed to be sent several times.
    pub unsent: i64,
    /// What people wrote or pressed and the bot gave up, within two days.
    pub given_up: i64,
}

/// A deal that cannot be read or taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckDeal {
    pub lead_id: LeadId,
    /// Counts its events.
    pub seq: i64,
    pub name: Option<String>,
    pub event: EventKind,
    pub since: DateTime<Utc>,
    pub why: WhyStuck,
    pub next_attempt_at: DateTime<Utc>,
    pub is_taken_from_hook: bool,
}

/// Which page of deals: by the place of its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DealCursor {
    First,
    After(DealPlace),
    Before(DealPlace),
}

/// Where a deal stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DealPlace {
    /// In microseconds, as the database keeps it.
    pub since: i64,
    pub lead_id: LeadId,
}

/// Which page of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageCursor {
    First,
    After(ParkedId),
    Before(ParkedId),
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<Row, Cursor> {
    /// At most `COUNT_CAP + 1`.
    pub total: i64,
    pub rows: Vec<Row>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParkedRow {
    pub id: ParkedId,
    pub kind: ParkedKind,
    pub why: WhyParked,
    pub received_at: DateTime<Utc>,
    pub arrivals: i32,
    pub last_error: Option<NotSent>,
    pub is_sending: bool,
}

/// A message that nobody could read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedView {
    pub row: ParkedRow,
    pub size: i32,
    /// As far as it is shown; bytes that are no text are left out.
    pub text: String,
}

/// Who decided what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionView {
    pub at: DateTime<Utc>,
    pub name: Name,
    pub decided: Decided,
    pub about: About,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Deal(LeadId, WhyStuck),
    Message(ParkedId, WhyParked),
}
