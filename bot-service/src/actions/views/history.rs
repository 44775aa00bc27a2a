//! What happened to one measurement.

use chrono::{DateTime, Utc};

use super::CommentView;
use crate::domain::history::What;
use crate::domain::ids::{HistoryId, MeasurementId};
use crate::domain::notices::Delivery;
use crate::domain::user::Name;

pub const LINES_A_PAGE: u8 = 8;
/// Every line comes before it: the first page, for who turns back to it.
pub const LATEST: HistoryId = HistoryId(i64::MAX);

/// A page of a measurement's history, the latest first.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    pub id: MeasurementId,
    pub lead_name: String,
    pub rows: Vec<HistoryRow>,
    pub is_first: bool,
    pub next: Option<HistoryId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    pub id: HistoryId,
    pub at: DateTime<Utc>,
    pub author: By,
    pub what: What,
    /// The measurer before, where the line names one.
    pub from: Option<Name>,
    /// The measurer after, where the line names one.
    pub to: Option<Name>,
    /// Who was to hear of it, and what became of that.
    pub told: Vec<(Name, Delivery)>,
    /// What was said, where that is what happened.
    pub comment: Option<CommentView>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Person(Name),
    AmoCrm,
    System,
}
