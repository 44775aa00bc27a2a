//! What admins choose the account's stages and fields by.

use shared::ids::{PipelineId, Stage};

use crate::domain::setup::{Fact, FieldChoice, StageRole};

pub const FIELDS_A_PAGE: u8 = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagesView {
    pub role: StageRole,
    /// None chosen: any first stage opens, and «Закрыто и не реализовано» ends.
    pub chosen: Vec<StageRow>,
    /// Chosen, and not among those that AmoCRM has.
    pub gone: Vec<Stage>,
    pub pipelines: Vec<(PipelineId, String)>,
    /// The pipeline whose stages are shown.
    pub open: Option<PipelineId>,
    pub rows: Vec<StageRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRow {
    pub stage: Stage,
    pub pipeline: String,
    pub name: String,
    pub is_on: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldsView {
    pub rows: Vec<FactRow>,
    /// The name of the deal that the values are of.
    pub sample: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    pub fact: Fact,
    /// Where it stands; none where AmoCRM has no such field, or it is read from none.
    pub field: Option<String>,
    pub value: Option<String>,
}

/// The fields that one fact may stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    pub fact: Fact,
    pub choice: FieldChoice,
    /// The names that the service was started with.
    pub started: Vec<String>,
    pub rows: Vec<FieldRow>,
    pub page: u32,
    pub has_next: bool,
    pub sample: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRow {
    pub id: i64,
    pub name: String,
    pub value: Option<String>,
    pub is_on: bool,
}
