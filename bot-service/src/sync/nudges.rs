//! The loop over nudges: as soon as one is announced, without linger; every second at the latest.

use std::time::Duration;

use tokio::time::Instant;

use super::{LOOP, Syncer, round};
use crate::storage::lead_nudges;
use crate::wake::Wake;

const POLL: Duration = Duration::from_secs(1);

pub async fn run(syncer: &Syncer) {
    let mut wake = Wake::on(&syncer.app.db, lead_nudges::CHANNEL);
    while !syncer.over.is_cancelled() {
        syncer.fence.progressed(LOOP);
        wake.prepare().await;
        let worked = round::run(syncer).await;
        if let Err(error) = &worked
            && !syncer.over.is_cancelled()
        {
            tracing::warn!(error = format!("{error:#}"), "A round of syncing did not come to its end");
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
