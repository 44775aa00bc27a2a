//! Cards of people whose rights have changed, raised for the sender a portion at a time.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::app::App;
use crate::leader::Fence;
use crate::storage::cards;

/// The loop's name to those who watch over the leader's loops.
const LOOP: &str = "rights";
const EVERY: Duration = Duration::from_secs(1);

/// Goes on until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        if let Err(error) = go_on(app, fence).await {
            warn!(error = format!("{error:#}"), "Cannot have a person's older cards drawn");
        }
        fence.rest(LOOP, sleep(EVERY), over).await;
    }
}

/// Raises one portion, if somebody's turn it is.
pub(super) async fn go_on(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    if cards::go_on(&mut tx).await? {
        fence.hold(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}
