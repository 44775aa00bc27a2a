//! A system for one test, as in the tests of faults: nothing else uses the queues meanwhile.

use std::time::Duration;

use anyhow::{Context, Result};
use e2e::people::ANNA;
use e2e::system::{Places, System};
use tokio::sync::Mutex;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_mins(2);

/// The broker's queues are common to all tests.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Anna, the first admin, has pressed START.
pub async fn with_system(test: impl AsyncFnOnce(&mut System) -> Result<()>) -> Result<()> {
    let _alone = ALONE.lock().await;
    let mut system = System::start(&Places::from_environment()?).await?;
    let played = timeout(LIMIT, async {
        system.telegram.starts(ANNA, None)?;
        system.sees(ANNA, &["➕ Пригласить"]).await?;
        test(&mut system).await
    });
    let outcome = played.await.context("the test took too long").and_then(|outcome| outcome);
    outcome.inspect_err(|_| eprintln!("{}\n{}", system.bot.end_of_log(), system.ingest.end_of_log()))?;
    system.stop().await
}
