//! The short form of the proof: nothing is lost and nothing done twice, whatever dies.

use anyhow::{Context, Result, ensure};
use e2e::chaos;
use e2e::chaos::plan::{Plan, Size};

/// Another one to look for what this one does not find: `cargo xtask chaos`.
const SEED: u64 = 20_261_130;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_done_twice_whatever_dies() -> Result<()> {
    let plan = Plan::draw(SEED, Size::SHORT);
    println!("{plan}");
    let report = chaos::run(&plan, &|line| println!("{line}")).await;
    let report = report.with_context(|| format!("to repeat it: cargo xtask chaos --seed {SEED}"))?;
    println!("{report}");
    ensure!(report.is_clean(), "to repeat it: cargo xtask chaos --seed {SEED}");
    ensure!(report.faults >= 40, "only {} faults found something to break", report.faults);
    ensure!(report.webhooks >= 2_000, "only {} webhooks", report.webhooks);
    ensure!(report.broker_restarts <= 5, "the broker was restarted {} times", report.broker_restarts);
    Ok(())
}
