//! /settings: stages, fields and the time zone.

use shared::ids::PipelineId;

use super::{Ask, Outcome};
use crate::actions::{ActionError, setup};
use crate::domain::permissions::{Area, check_area};
use crate::domain::setup::{SetupChange, StageRole};
use crate::telegram::callback::SetupPress;
use crate::telegram::screens::setup as screens;
use crate::telegram::toasts;

pub async fn press(ask: &mut Ask<'_>, press: SetupPress) -> Outcome {
    let change = match press {
        SetupPress::Stages(role, pipeline) => return stages(ask, role, pipeline).await,
        SetupPress::Fields => return fields(ask).await,
        SetupPress::Field(fact, page) => {
            let (actor, start) = (ask.actor()?, &ask.app.config.intake);
            let view = setup::field(ask.conn, &actor, (fact, page), start).await?;
            let screen = screens::fields::choose(&view, &ask.context());
            ask.show(&screen).await?;
            return Ok(None);
        }
        SetupPress::Timezones => return timezones(ask, ask.app.timezone()).await,
        SetupPress::SetStage(role, stage, is_on) => SetupChange::Stage { role, stage, is_on },
        SetupPress::SetField(fact, choice) => SetupChange::Field { fact, choice },
        SetupPress::SetTimezone(to) => SetupChange::Timezone { to },
    };
    set(ask, change).await?;
    match change {
        SetupChange::Stage { role, stage, .. } => stages(ask, role, Some(stage.pipeline_id)).await?,
        SetupChange::Field { .. } => fields(ask).await?,
        SetupChange::Timezone { to } => timezones(ask, to).await?,
    };
    Ok(Some(toasts::done(&ask.context())))
}

async fn set(ask: &mut Ask<'_>, change: SetupChange) -> Result<(), ActionError> {
    let (actor, now) = (ask.actor()?, ask.now);
    setup::change(ask.conn, &actor, change, &ask.app.config.intake, now).await
}

async fn stages(ask: &mut Ask<'_>, role: StageRole, pipeline: Option<PipelineId>) -> Outcome {
    let (actor, start) = (ask.actor()?, &ask.app.config.intake);
    let view = setup::stages(ask.conn, &actor, (role, pipeline), start).await?;
    let screen = screens::stages::render(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn fields(ask: &mut Ask<'_>) -> Outcome {
    let actor = ask.actor()?;
    let view = setup::fields(ask.conn, &actor, &ask.app.config.intake).await?;
    let screen = screens::fields::overview(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// `chosen` counts from now on, also where this replica has not yet heard of it.
async fn timezones(ask: &mut Ask<'_>, chosen: chrono_tz::Tz) -> Outcome {
    check_area(&ask.actor()?, Area::Settings)?;
    let screen = screens::timezones::render(chosen, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}
