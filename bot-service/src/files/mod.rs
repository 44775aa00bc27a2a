//! What people send with comments is copied from Telegram into storage of our own, by the leader.
//!
//! A file that waits is a row. It is fetched whole, written under the name of its content, and only then noted as copied;
//! whoever dies in between leaves the row as it was, and writing the same content again does no harm.

mod connector;
mod copy;
pub mod store;

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::leader::Fence;
use crate::storage::files::CHANNEL;
use crate::wake::Wake;

#[cfg(test)]
pub use copy::due as copy_due;
pub use store::Store;

/// One call of the storage.
pub const STORE_LIMIT: Duration = Duration::from_mins(1);

const LOOP: &str = "files";
/// How long nothing may be noticed where a notification was lost, or a file is due again.
const NET: Duration = Duration::from_secs(5);

/// Copies until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    let mut wake = Wake::on(&app.db, CHANNEL);
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        wake.prepare().await;
        let mut is_done = true;
        let copying = async {
            match copy::due(app, fence).await {
                Ok(copied) => is_done = copied == 0,
                Err(error) => {
                    let error = error.as_ref() as &dyn std::error::Error;
                    tracing::warn!(error, "Files that people sent cannot be copied");
                }
            }
        };
        fence.rest(LOOP, copying, over).await;
        if is_done {
            fence.rest(LOOP, wake.wait(Instant::now() + NET), over).await;
        }
    }
}

#[cfg(test)]
mod bucket_tests;
#[cfg(test)]
mod tests;
