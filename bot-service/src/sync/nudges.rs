//! The loop over nudges: as soon as one is announced, without linger; every second at the latest.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::warn;

use super::{LOOP, Syncer, round};
use crate::actions::setup;
use crate::app::App;
use crate::storage::{amo_directory, lead_nudges};
use crate::wake::Wake;

const POLL: Duration = Duration::from_secs(1);
/// As long as a deal waits for AmoCRM before it is taken from its hook.
const STAGES_WITHIN: Duration = Duration::from_secs(10);

pub async fn run(syncer: &Syncer) {
    wait_for_stages(syncer, STAGES_WITHIN).await;
    let mut wake = Wake::on(&syncer.app.db, lead_nudges::CHANNEL);
    while !syncer.over.is_cancelled() {
        syncer.fence.progressed(LOOP);
        wake.prepare().await;
        let worked = round::run(syncer).await;
        if let Err(error) = &worked
            && !syncer.over.is_cancelled()
        {
            warn!(error = format!("{error:#}"), "A round of syncing did not come to its end");
        }
        // A full round: there may be more, and it does not wait to be announced.
        if worked.is_ok_and(|claimed| claimed == round::CLAIMS) {
            continue;
        }
        tokio::select! {
            () = syncer.over.cancelled() => {}
            () = wake.wait(Instant::now() + POLL) => {}
        }
    }
}

/// With no triggers configured every stage opens a measurement but those of «Неразобранное», and which these are
/// AmoCRM alone tells. What has waited for the very first start waits for that too, though no longer than `limit`:
/// deals in «Неразобранное» have hooks of their own kind, so that one among the others is rare.
pub async fn wait_for_stages(syncer: &Syncer, limit: Duration) {
    if syncer.gateway.is_none() {
        return;
    }
    match are_stages_needed(&syncer.app).await {
        Ok(false) => return,
        Ok(true) => {}
        Err(error) => warn!(error = format!("{error:#}"), "Cannot tell whether stages are known"),
    }
    tokio::select! {
        () = syncer.over.cancelled() => {}
        () = syncer.mirrored.notified() => {}
        () = sleep(limit) => warn!("AmoCRM has not told its stages yet: «Неразобранное» is not known"),
    }
}

async fn are_stages_needed(app: &App) -> anyhow::Result<bool> {
    let mut conn = app.db.acquire().await?;
    let intake = setup::intake(&mut conn, &app.config.intake).await?;
    Ok(intake.triggers.is_empty() && !amo_directory::has_stages(&mut conn).await?)
}
