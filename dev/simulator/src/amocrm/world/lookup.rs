//! Stages, users and fields by the names people know them by.

use anyhow::Context as _;
use serde::Deserialize;

use super::World;
use crate::amocrm::model::{Field, Item, ROBOT, Stage, UserId};

/// A stage by its ids, or by its name (the main pipeline is searched first).
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum StageRef {
    Exact(Stage),
    Named(String),
}

/// A user by id (0 is a robot), or by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum UserRef {
    Id(UserId),
    Named(String),
}

impl From<Stage> for StageRef {
    fn from(stage: Stage) -> Self {
        Self::Exact(stage)
    }
}

impl From<&str> for StageRef {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl From<UserId> for UserRef {
    fn from(id: UserId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for UserRef {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl World {
    pub fn stage(&self, wanted: &StageRef) -> anyhow::Result<Stage> {
        match wanted {
            StageRef::Exact(stage) => {
                self.directory.status(*stage).with_context(|| format!("there is no stage {stage:?}"))?;
                Ok(*stage)
            }
            StageRef::Named(name) => {
                let stages = self.directory.stages();
                let found = stages.iter().find(|(_, status)| status.name == *name);
                found.map(|(stage, _)| *stage).with_context(|| {
                    let names: Vec<_> = stages.iter().map(|(_, status)| status.name.as_str()).collect();
                    format!("there is no stage «{name}», only: {}", names.join(", "))
                })
            }
        }
    }

    /// Where a deal starts: the first ordinary stage of the main pipeline.
    pub fn first_stage(&self) -> anyhow::Result<Stage> {
        let stages = self.directory.stages();
        let first = stages.iter().find(|(_, status)| !status.is_unsorted);
        first.map(|(stage, _)| *stage).context("the account has no pipelines")
    }

    pub fn user(&self, wanted: &UserRef) -> anyhow::Result<UserId> {
        let found = match wanted {
            UserRef::Id(ROBOT) => return Ok(ROBOT),
            UserRef::Id(id) => self.directory.user(*id),
            UserRef::Named(name) => self.directory.users.iter().find(|user| user.name == *name),
        };
        found.map(|user| user.id).with_context(|| format!("there is no user {wanted:?}"))
    }

    /// A lead's field by its name, code or id, with the value a person typed into it.
    pub fn typed_value(&self, name: &str, text: &str) -> anyhow::Result<(i64, Vec<Item>)> {
        let fields = &self.directory.lead_fields;
        let field = fields.iter().find(|field| is_called(field, name)).with_context(|| {
            let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
            format!("leads have no field «{name}», only: {}", names.join(", "))
        })?;
        Ok((field.id, field.read(text, self.directory.account.utc_offset)?))
    }
}

fn is_called(field: &Field, name: &str) -> bool {
    field.name == name || field.code.as_deref() == Some(name) || field.id.to_string() == name
}
