//! Looks after the replicas while everything breaks, and measures how long they are unwell with nothing to blame.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::breaker::Disturbances;
use super::stage::Stage;

const EVERY: Duration = Duration::from_millis(200);

/// What was seen.
#[derive(Debug, Default, Clone, Copy)]
pub struct Health {
    /// The longest time from the end of the last fault until everything was well.
    pub longest_recovery: Duration,
}

/// Watches until it is dropped; `seen` hears what it found.
///
/// # Errors
///
/// If a replica that has ended cannot be started.
pub async fn over(
    stage: &Arc<Stage>,
    book: &Disturbances,
    seen: &tokio::sync::watch::Sender<Health>,
) -> Result<()> {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Since when nothing was broken by us, while it is not known to be well.
    let mut unwell_since: Option<Instant> = None;
    let mut was_broken = false;
    loop {
        ticks.tick().await;
        for slot in stage.slots() {
            slot.look_after()?;
        }
        if book.last() {
            (was_broken, unwell_since) = (true, None);
            continue;
        }
        if std::mem::take(&mut was_broken) {
            unwell_since = Some(Instant::now());
        }
        if let Some(since) = unwell_since
            && stage.is_well().await
            && !book.last()
        {
            unwell_since = None;
            seen.send_modify(|health| health.longest_recovery = health.longest_recovery.max(since.elapsed()));
        }
    }
}
