//! Which deals become measurements, where their facts stand and what time it is, as admins set it in the bot. What
//! they have not set is as the service was started with.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use shared::ids::{LeadId, Stage};

use super::facts::Field;

mod intake;

pub use intake::{FieldKeys, FieldNames, Intake, is_called};

/// Under this name it is kept.
pub const SETTING: &str = "setup";
/// The channel on which a change of it is announced.
pub const CHANNEL: &str = "setup";

/// None, and absent: as the service was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    pub triggers: Option<Vec<Stage>>,
    pub cancels: Option<Vec<Stage>>,
    pub fields: BTreeMap<Fact, FieldChoice>,
    pub timezone: Option<Tz>,
}

/// What a measurement shows of its deal's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    Address,
    OrderNumber,
    Zone,
    Dealer,
    Product,
    Comment,
}

impl Fact {
    /// What changes of it are called by.
    pub fn field(self) -> Field {
        match self {
            Self::Address => Field::Address,
            Self::OrderNumber => Field::OrderNumber,
            Self::Zone => Field::Zone,
            Self::Dealer => Field::Dealer,
            Self::Product => Field::Product,
            Self::Comment => Field::Comment,
        }
    }

    pub const ALL: [Self; 6] =
        [Self::Address, Self::OrderNumber, Self::Zone, Self::Dealer, Self::Product, Self::Comment];
}

/// Where a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldChoice {
    /// In the custom field of this id.
    Field(i64),
    Nothing,
    AsStarted,
}

/// What a stage does to a deal's measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageRole {
    Opens,
    Ends,
}

/// One change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "setting", rename_all = "snake_case")]
pub enum SetupChange {
    Stage { role: StageRole, stage: Stage, is_on: bool },
    Field { fact: Fact, choice: FieldChoice },
    Timezone { to: Tz },
}

/// The fields of a deal that was read lately, for admins to choose by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub lead: LeadId,
    pub name: String,
    /// Texts of the filled fields by their ids.
    pub fields: BTreeMap<i64, String>,
}

/// Under this name the sample is kept.
pub const SAMPLE: &str = "sample_deal";

impl Setup {
    /// `before` are the stages that count for the role now.
    #[must_use]
    pub fn with_stage(mut self, role: StageRole, mut before: Vec<Stage>, stage: Stage, is_on: bool) -> Self {
        before.retain(|known| *known != stage);
        if is_on {
            before.push(stage);
        }
        match role {
            StageRole::Opens => self.triggers = Some(before),
            StageRole::Ends => self.cancels = Some(before),
        }
        self
    }

    #[must_use]
    pub fn with_field(mut self, fact: Fact, choice: FieldChoice) -> Self {
        match choice {
            FieldChoice::AsStarted => drop(self.fields.remove(&fact)),
            choice => drop(self.fields.insert(fact, choice)),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_as_written_and_what_is_absent_is_as_started() {
        let setup = Setup { timezone: Some(Tz::Asia__Almaty), ..Setup::default() }
            .with_field(Fact::Zone, FieldChoice::Field(77))
            .with_field(Fact::Dealer, FieldChoice::Nothing);
        let text = serde_json::to_string(&setup).unwrap();
        assert_eq!(serde_json::from_str::<Setup>(&text).unwrap(), setup);
        assert_eq!(serde_json::from_str::<Setup>("{}").unwrap(), Setup::default());
        let back = setup.with_field(Fact::Zone, FieldChoice::AsStarted);
        assert_eq!(back.fields.keys().collect::<Vec<_>>(), [&Fact::Dealer]);
    }
}
