//! One webhook in an idle system: from its first byte to the admin's message at the simulator.
//!
//! Between samples the chat rests, so that the way is measured and not Telegram's one message a second.

use std::time::Duration;

use anyhow::{Context, Result};
use e2e::people::ANNA;
use e2e::system::Places;
use tokio::time::{Instant, sleep};

use crate::deals;
use crate::figures::Figure;
use crate::load::{self, Length};
use crate::plan::Plan;
use crate::stage::{self, Programs, Whole};
use crate::stats::Samples;

const MOST_P50: f64 = 50.0;
const MOST_P99: f64 = 250.0;
const PATIENCE: Duration = Duration::from_secs(20);
/// A chat takes a message a second; the bot, and the simulator, let one through at once after this.
const REST: Duration = Duration::from_millis(1_200);

/// # Errors
///
/// If a part does not start, or a deal's message does not come.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 samples")]
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Vec<Figure>> {
    let whole = Whole::start(programs, places).await?;
    sleep(plan.idle.max(REST * 3)).await;
    let mut took = Vec::new();
    for number in 0..plan.samples {
        took.push(sample(&whole).await.with_context(|| format!("sample {number}"))?);
        sleep(REST).await;
    }
    whole.stop().await?;
    let samples = Samples::new(took);
    tell(format!(
        "latency, {} samples: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        samples.len(),
        samples.percentile(50),
        samples.percentile(90),
        samples.percentile(99),
        samples.percentile(100)
    ));
    Ok(vec![
        Figure::told("latency.p50", samples.percentile(50), "ms").at_most(MOST_P50),
        Figure::told("latency.p99", samples.percentile(99), "ms").at_most(MOST_P99),
        Figure::told("latency.samples", samples.len() as f64, "samples"),
    ])
}

async fn sample(whole: &Whole) -> Result<Duration> {
    let body = stage::bytes(deals::create(&whole.amocrm, 1)?);
    let seen = whole.telegram.bot_messages(ANNA).len();
    let began = Instant::now();
    let posting = load::run(whole.ingest.target.clone(), body, 1, Length::Once);
    let arriving = async {
        let more = |telegram: &simulator::telegram::Simulator| {
            (telegram.bot_messages(ANNA).len() > seen).then_some(())
        };
        whole.telegram.wait_until("the admin to hear of the deal", PATIENCE, more).await?;
        Ok(began.elapsed())
    };
    let (posted, arrived): (Result<_>, Result<_>) = tokio::join!(posting, arriving);
    posted?;
    arrived
}
