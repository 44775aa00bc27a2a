//! The stages that open and end measurements, chosen among those that AmoCRM has.

use shared::ids::{LOST, PipelineId, Stage};
use sqlx::PgConnection;

use super::find;
use crate::actions::views::{StageRow, StagesView};
use crate::actions::{ActionError, Refused};
use crate::domain::permissions::{Area, check_area};
use crate::domain::setup::Intake;
use crate::domain::setup::{Setup, StageRole};
use crate::domain::user::Actor;
use crate::storage::amo_directory::{self, AmoStage};

/// What is chosen, and the stages of one pipeline to choose from: of the only one, where there is one.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn stages(
    conn: &mut PgConnection,
    actor: &Actor,
    (role, pipeline): (StageRole, Option<PipelineId>),
    start: &Intake,
) -> Result<StagesView, ActionError> {
    check_area(actor, Area::Settings)?;
    let chosen = of(role, &start.under(&find(conn).await?)).to_vec();
    let listed = amo_directory::list_stages(conn).await?;
    let mut pipelines: Vec<(PipelineId, String)> =
        listed.iter().map(|stage| (stage.stage.pipeline_id, stage.pipeline_name.clone())).collect();
    pipelines.dedup_by_key(|(id, _)| *id);
    let open = match pipelines.as_slice() {
        [(only, _)] => Some(*only),
        _ => pipeline.filter(|wanted| pipelines.iter().any(|(id, _)| id == wanted)),
    };
    let row = |stage: &AmoStage| StageRow {
        stage: stage.stage,
        pipeline: stage.pipeline_name.clone(),
        name: stage.name.clone(),
        is_on: chosen.contains(&stage.stage),
    };
    let rows = listed.iter().filter(|stage| Some(stage.stage.pipeline_id) == open && can_be(role, stage));
    let known = listed.iter().filter(|stage| chosen.contains(&stage.stage)).map(row).collect();
    let is_gone = |stage: &&Stage| !listed.iter().any(|known| known.stage == **stage);
    let gone = chosen.iter().filter(is_gone).copied().collect();
    Ok(StagesView { role, chosen: known, gone, pipelines, open, rows: rows.map(row).collect() })
}

/// The stage's name goes to the audit.
pub(super) async fn changed(
    conn: &mut PgConnection,
    before: &Setup,
    (role, stage, is_on): (StageRole, Stage, bool),
    start: &Intake,
) -> Result<(Setup, String), ActionError> {
    let now = start.under(before);
    let (own, other) = match role {
        StageRole::Opens => (&now.triggers, &now.cancels),
        StageRole::Ends => (&now.cancels, &now.triggers),
    };
    if own.contains(&stage) == is_on {
        return Err(Refused::AlreadyDone.into());
    }
    let listed = amo_directory::list_stages(conn).await?;
    let known = listed.iter().find(|known| known.stage == stage);
    if is_on && !known.is_some_and(|known| can_be(role, known)) {
        return Err(Refused::Unknown.into());
    }
    if is_on && other.contains(&stage) {
        return Err(Refused::StageIsUsed.into());
    }
    if !is_on && role == StageRole::Opens && own.len() == 1 {
        return Err(Refused::LastStage.into());
    }
    let name =
        known.map_or_else(|| stage.to_string(), |known| format!("{} → {}", known.pipeline_name, known.name));
    Ok((before.clone().with_stage(role, own.clone(), stage, is_on), name))
}

fn of(role: StageRole, intake: &Intake) -> &[Stage] {
    match role {
        StageRole::Opens => &intake.triggers,
        StageRole::Ends => &intake.cancels,
    }
}

/// Nobody measures what nobody has taken up, or what is lost.
fn can_be(role: StageRole, stage: &AmoStage) -> bool {
    !stage.is_unsorted && (role == StageRole::Ends || stage.stage.status_id != LOST)
}
