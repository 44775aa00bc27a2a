//! How far AmoCRM's journal and its deals were compared with ours: one value in `settings`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::Stage;
use sqlx::PgConnection;

use super::{StorageError, settings};

const NAME: &str = "reconciliation";
/// Stands for every stage, where no triggers are configured.
const ANY: &str = "any";

/// Times are AmoCRM's own, in unix seconds: what our clock says of them is of no matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Marks {
    /// The newest line of the journal that was read.
    pub journal: i64,
    /// The newest change of a deal that was read.
    pub leads: i64,
    /// The triggers, each with the moment since which entries into it count: what was there before is no news.
    since: BTreeMap<String, i64>,
    /// When deals were recorded of which admins are to be told yet.
    #[serde(default)]
    pub to_be_told: Option<DateTime<Utc>>,
    /// The day of the last nightly run.
    pub deep_on: Option<NaiveDate>,
    /// When a pass last came to its end, by our clock.
    pub passed_at: Option<DateTime<Utc>>,
}

impl Marks {
    /// Since when entries into this stage count; none if it is no trigger.
    pub fn since(&self, stage: Stage) -> Option<i64> {
        self.since.get(&stage.to_string()).or_else(|| self.since.get(ANY)).copied()
    }

    /// Triggers that were none at the last look.
    pub fn unseen(&self, triggers: &[Stage]) -> Vec<Stage> {
        triggers.iter().filter(|stage| !self.since.contains_key(&stage.to_string())).copied().collect()
    }

    /// Whether these are the triggers of the last look.
    pub fn are_for(&self, triggers: &[Stage]) -> bool {
        self.since.keys().eq(&names(triggers))
    }

    /// Takes these triggers for the known ones: those that are new count from this moment.
    pub fn set_triggers(&mut self, triggers: &[Stage], at: i64) {
        let names = names(triggers);
        self.since.retain(|name, _| names.contains(name));
        for name in names {
            self.since.entry(name).or_insert(at);
        }
    }
}

fn names(triggers: &[Stage]) -> BTreeSet<String> {
    if triggers.is_empty() {
        return BTreeSet::from([ANY.to_owned()]);
    }
    triggers.iter().map(Stage::to_string).collect()
}

/// None before the first look.
pub async fn find(conn: &mut PgConnection) -> Result<Option<Marks>, StorageError> {
    settings::find(conn, NAME).await
}

pub async fn save(conn: &mut PgConnection, marks: &Marks, now: DateTime<Utc>) -> Result<(), StorageError> {
    settings::save(conn, NAME, marks, now).await
}
