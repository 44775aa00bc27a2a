//! The settings of an account: who works in it, its pipelines and its custom fields.

use chrono::FixedOffset;
use serde::{Deserialize, Serialize};

use super::{Field, FieldId, LOST, PipelineId, StatusId, UserId, WON};

/// Everything of an account that an administrator sets up.
#[derive(Clone, Debug)]
pub struct Directory {
    pub account: Account,
    pub users: Vec<User>,
    pub pipelines: Vec<Pipeline>,
    pub lead_fields: Vec<Field>,
    pub contact_fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: i64,
    pub name: String,
    pub subdomain: String,
    /// Who owns the token, so who writes through the API.
    pub current_user: UserId,
    pub timezone: String,
    pub utc_offset: FixedOffset,
}

#[derive(Clone, Debug, Serialize)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub is_active: bool,
    pub is_admin: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: String,
    pub is_main: bool,
    /// In order of the board: the unsorted stage first, won and lost last.
    pub statuses: Vec<Status>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub id: StatusId,
    pub name: String,
    pub is_unsorted: bool,
}

/// A place on the board. Won and lost repeat in every pipeline, so a status alone says too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stage {
    #[serde(rename = "pipeline_id")]
    pub pipeline: PipelineId,
    #[serde(rename = "status_id")]
    pub status: StatusId,
}

impl Stage {
    pub const fn new(pipeline: PipelineId, status: StatusId) -> Self {
        Self { pipeline, status }
    }

    pub(in crate::amocrm) const fn is_closed(self) -> bool {
        matches!(self.status, WON | LOST)
    }
}

impl Pipeline {
    /// A pipeline with the given ordinary stages, framed by the three every pipeline has.
    pub fn new(id: PipelineId, name: &str, unsorted: StatusId, stages: &[(StatusId, &str)]) -> Self {
        let status =
            |&(id, name): &(StatusId, &str)| Status { id, name: name.to_owned(), is_unsorted: false };
        let mut statuses =
            vec![Status { id: unsorted, name: "Неразобранное".to_owned(), is_unsorted: true }];
        statuses.extend(stages.iter().map(status));
        statuses.push(status(&(WON, "Успешно реализовано")));
        statuses.push(status(&(LOST, "Закрыто и не реализовано")));
        Self { id, name: name.to_owned(), is_main: false, statuses }
    }
}

impl Directory {
    pub(in crate::amocrm) fn user(&self, id: UserId) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(in crate::amocrm) fn lead_field(&self, id: FieldId) -> Option<&Field> {
        self.lead_fields.iter().find(|field| field.id == id)
    }

    pub(in crate::amocrm) fn status(&self, stage: Stage) -> Option<&Status> {
        let pipeline = self.pipelines.iter().find(|pipeline| pipeline.id == stage.pipeline)?;
        pipeline.statuses.iter().find(|status| status.id == stage.status)
    }

    /// Every stage with its status, the main pipeline's first.
    pub(in crate::amocrm) fn stages(&self) -> Vec<(Stage, &Status)> {
        let mut pipelines: Vec<_> = self.pipelines.iter().collect();
        pipelines.sort_by_key(|pipeline| !pipeline.is_main);
        pipelines
            .into_iter()
            .flat_map(|pipeline| {
                pipeline.statuses.iter().map(|status| (Stage::new(pipeline.id, status.id), status))
            })
            .collect()
    }
}
