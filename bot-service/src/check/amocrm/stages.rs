//! The stages that open and cancel measurements.

use std::collections::BTreeMap;

use shared::check::Row;
use shared::ids::Stage;

use crate::amocrm::model::Pipeline;
use crate::domain::setup::Intake;

pub const SUBJECT: &str = "stages";
/// An account may have hundreds.
const SHOWN: usize = 30;

/// Every stage of the settings must be one of the account.
pub fn compared(pipelines: &[Pipeline], intake: &Intake) -> Vec<Row> {
    let known = known(pipelines);
    let lists = [("MEASUREMENT_TRIGGERS", &intake.triggers), ("CANCEL_TRIGGERS", &intake.cancels)];
    let missing = lists.iter().flat_map(|(setting, stages)| {
        let unknown = stages.iter().filter(|stage| !known.contains_key(stage));
        unknown.map(move |stage| format!("{setting} names {stage}, which the account does not have"))
    });
    let missing: Vec<Row> =
        missing.map(|found| Row::fails(SUBJECT, found, format!("It has {}", shown(&known)))).collect();
    if !missing.is_empty() {
        return missing;
    }
    if intake.triggers.is_empty() {
        let text =
            "MEASUREMENT_TRIGGERS is empty: a deal's first stage opens a measurement, whichever it is.";
        return vec![Row::note(SUBJECT, format!("{text} There are {}", shown(&known)))];
    }
    let names =
        |stages: &[Stage]| stages.iter().map(|stage| known[stage].clone()).collect::<Vec<_>>().join(", ");
    let cancels = match intake.cancels.as_slice() {
        [] => "the lost ones of every pipeline".to_owned(),
        stages => names(stages),
    };
    vec![Row::works(SUBJECT, format!("{} open a measurement, {cancels} cancel it", names(&intake.triggers)))]
}

fn known(pipelines: &[Pipeline]) -> BTreeMap<Stage, String> {
    let stages = pipelines.iter().filter(|pipeline| !pipeline.is_archive).flat_map(|pipeline| {
        pipeline.embedded.statuses.iter().map(|status| {
            let stage = Stage { pipeline_id: pipeline.id, status_id: status.id };
            let name = |name: &Option<String>| name.clone().unwrap_or_default();
            (stage, format!("«{}» ({})", name(&status.name), name(&pipeline.name)))
        })
    });
    stages.collect()
}

fn shown(known: &BTreeMap<Stage, String>) -> String {
    let first = known.iter().take(SHOWN).map(|(stage, name)| format!("{stage} {name}"));
    let rest = known.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| format!("and {rest} more"));
    first.chain(rest).collect::<Vec<_>>().join(", ")
}
