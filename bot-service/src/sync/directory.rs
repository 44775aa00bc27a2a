//! The account's users, stages and fields, mirrored into tables: no press asks AmoCRM.

use std::time::Duration;

use shared::ids::Stage;
use tokio::time::Instant;

use super::gateway::{Gateway, allowed};
use super::{DIRECTORY_LOOP, Syncer};
use crate::amocrm::facts;
use crate::amocrm::model::{Field, Pipeline, User};
use crate::amocrm::text::clean;
use crate::app::App;
use crate::domain::phone;
use crate::domain::setup::SAMPLE;
use crate::leader::Fence;
use crate::storage::amo_directory::{self, AmoField, AmoStage, AmoUser};
use crate::storage::{measurements, settings};
use crate::wake::Wake;

const EVERY: Duration = Duration::from_mins(10);
/// After a failure, and at most so often however often somebody asks.
const SOONEST: Duration = Duration::from_secs(15);

pub async fn run(syncer: &Syncer) {
    let Some(gateway) = &syncer.gateway else { return };
    let mut wake = Wake::on(&syncer.app.db, amo_directory::CHANNEL);
    while !syncer.over.is_cancelled() {
        syncer.fence.progressed(DIRECTORY_LOOP);
        wake.prepare().await;
        let began = Instant::now();
        let mirrored = mirror(&syncer.app, gateway, &syncer.fence).await;
        if let Err(error) = &mirrored
            && !syncer.over.is_cancelled()
        {
            tracing::warn!(error = format!("{error:#}"), "AmoCRM's lists were not all mirrored");
        }
        if mirrored.is_ok() {
            syncer.mirrored.notify_one();
        }
        let next = began + if mirrored.is_ok() { EVERY } else { SOONEST };
        let waiting = wake.wait_between(began + SOONEST, next);
        syncer.fence.rest(DIRECTORY_LOOP, waiting, &syncer.over).await;
    }
}

/// Reads each list and replaces its mirror; one that fails leaves the others alone.
///
/// # Errors
///
/// The first failure, after every list was tried. What could not be read to the end, or not in every element, is one;
/// what could be read of it is kept, and nothing is taken for gone. A missing right is none: the list stays as it is. An account
/// has users and stages: an answer without any is a failure, and wipes nothing.
pub async fn mirror(app: &App, gateway: &Gateway, fence: &Fence) -> anyhow::Result<()> {
    let results = [
        users(app, gateway, fence).await,
        stages(app, gateway, fence).await,
        fields(app, gateway, fence).await,
        sample(app, gateway, fence).await,
    ];
    results.into_iter().find(Result::is_err).unwrap_or(Ok(()))
}

async fn users(app: &App, gateway: &Gateway, fence: &Fence) -> anyhow::Result<()> {
    let Some(list) = allowed(gateway.users().await)? else { return Ok(()) };
    anyhow::ensure!(!list.elements.is_empty(), "the list of users is empty");
    let users: Vec<AmoUser> = list.elements.iter().map(user).collect();
    let mut transaction = app.db.begin().await?;
    if list.is_complete {
        amo_directory::replace_users(&mut transaction, &users, app.now()).await?;
    } else {
        amo_directory::add_users(&mut transaction, &users, app.now()).await?;
    }
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    anyhow::ensure!(list.is_complete, "the list of users is not complete");
    Ok(())
}

async fn stages(app: &App, gateway: &Gateway, fence: &Fence) -> anyhow::Result<()> {
    let Some(list) = allowed(gateway.pipelines().await)? else { return Ok(()) };
    let is_complete = list.is_complete;
    let stages: Vec<AmoStage> = list.elements.into_iter().flat_map(stages_of).collect();
    anyhow::ensure!(!stages.is_empty(), "the list of stages is empty");
    let mut transaction = app.db.begin().await?;
    if is_complete {
        amo_directory::replace_stages(&mut transaction, &stages, app.now()).await?;
    } else {
        amo_directory::add_stages(&mut transaction, &stages, app.now()).await?;
    }
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    anyhow::ensure!(is_complete, "the list of pipelines is not complete");
    Ok(())
}

async fn fields(app: &App, gateway: &Gateway, fence: &Fence) -> anyhow::Result<()> {
    let Some(list) = allowed(gateway.lead_fields().await)? else { return Ok(()) };
    let is_complete = list.is_complete;
    let fields: Vec<AmoField> = list.elements.into_iter().map(field).collect();
    let mut transaction = app.db.begin().await?;
    if is_complete {
        amo_directory::replace_fields(&mut transaction, &fields, app.now()).await?;
    } else {
        amo_directory::add_fields(&mut transaction, &fields, app.now()).await?;
    }
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    anyhow::ensure!(is_complete, "the list of fields is not complete");
    Ok(())
}

/// A deal for admins to choose fields by: the one that was measured last, or else the newest.
async fn sample(app: &App, gateway: &Gateway, fence: &Fence) -> anyhow::Result<()> {
    let measured = measurements::newest_lead(&mut *app.db.acquire().await?).await?;
    let wanted = match measured {
        Some(lead) => Some(lead),
        None => allowed(gateway.newest_lead().await)?.flatten().map(|lead| lead.id),
    };
    let Some(wanted) = wanted else { return Ok(()) };
    let Some(found) = allowed(gateway.leads(&[wanted]).await)? else { return Ok(()) };
    let Some(lead) = found.elements.iter().find(|lead| lead.id == wanted) else { return Ok(()) };
    let sample = facts::sample(lead, app.timezone());
    let mut transaction = app.db.begin().await?;
    settings::save(&mut transaction, SAMPLE, &sample, app.now()).await?;
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

fn user(user: &User) -> AmoUser {
    AmoUser {
        id: user.id,
        name: user.name.as_deref().and_then(clean).unwrap_or_else(|| user.id.to_string()),
        email: user.email.as_deref().and_then(clean),
        phone: user.phone().and_then(|phone| phone::parse(&phone).into_iter().find_map(|phone| phone.e164)),
        is_active: user.rights.and_then(|rights| rights.is_active).unwrap_or(true),
    }
}

fn stages_of(pipeline: Pipeline) -> Vec<AmoStage> {
    let pipeline_name = pipeline.name.as_deref().and_then(clean).unwrap_or_else(|| pipeline.id.to_string());
    let stage = |status: crate::amocrm::model::Status| AmoStage {
        stage: Stage { pipeline_id: pipeline.id, status_id: status.id },
        pipeline_name: pipeline_name.clone(),
        name: status.name.as_deref().and_then(clean).unwrap_or_else(|| status.id.to_string()),
        is_unsorted: status.kind == 1,
        sort: status.sort,
    };
    pipeline.embedded.statuses.into_iter().map(stage).collect()
}

fn field(field: Field) -> AmoField {
    AmoField {
        id: field.id,
        name: field.name.as_deref().and_then(clean).unwrap_or_else(|| field.id.to_string()),
        code: field.code.as_deref().and_then(clean),
        kind: field.kind,
    }
}
