//! Honest webhooks while others do ingest-service harm: each kind of abuse by itself, with an honest post twenty
//! times a second beside it.

mod acts;
mod honest;

use anyhow::{Context, Result};
use e2e::database::empty_queues;
use e2e::system::Places;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use simulator::amocrm;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::deals;
use crate::figures::Figure;
use crate::plan::Plan;
use crate::stage::{self, Programs};
use crate::stats::Samples;
use acts::Abuse;

/// AmoCRM hangs up after two seconds.
const MOST_P99: f64 = 500.0;
const BODIES: usize = 100;
/// Files beside the connections: logs, the broker, the honest.
const OTHER_FILES: u64 = 1_000;

/// # Errors
///
/// If a part does not start, an honest webhook is not accepted, or abuse is answered otherwise than it should be.
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Vec<Figure>> {
    // The service inherits it.
    let idle = u64::try_from(plan.abuse.idle)?;
    allow_files(idle + OTHER_FILES).context("10,000 connections need as many open files")?;
    let account = amocrm::Simulator::start(amocrm::Options::demo()).await?;
    let bodies = stage::bytes(deals::create(&account, BODIES)?);
    account.stop();
    let folder = tempfile::tempdir()?;
    let ingest = stage::ingest(programs, places, &folder).await?;

    let quiet = honest::post(&ingest.target, &bodies, plan.abuse.measured).await.context("nobody else")?;
    tell(format!("abuse, none: {}", said(&quiet)));
    let mut figures = vec![Figure::told("abuse.none.p99", quiet.percentile(99), "ms")];
    for abuse in Abuse::ALL {
        let name = abuse.name();
        let over = CancellationToken::new();
        let mut acting = JoinSet::new();
        acting.spawn(abuse.act(ingest.target.clone(), plan.abuse.clone(), over.clone()));
        sleep(plan.abuse.before).await;
        let honest = honest::post(&ingest.target, &bodies, plan.abuse.measured).await;
        over.cancel();
        let acts = acting.join_next().await.context("the abuse is gone")?;
        let acts = acts?.with_context(|| format!("the abuse `{name}`"))?;
        let honest = honest.with_context(|| format!("honest webhooks beside `{name}`"))?;
        tell(format!("abuse, {name}, {acts} times: {}", said(&honest)));
        figures.extend(told(name, acts, &honest, &quiet));
        empty_queues(&places.amqp_url).await?;
    }
    ingest.process.stop().await?;
    Ok(figures)
}

fn said(honest: &Samples) -> String {
    let of = |percent| honest.percentile(percent);
    format!("{} honest, p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms", honest.len(), of(50), of(99), of(100))
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 acts")]
fn told(name: &str, acts: u64, honest: &Samples, quiet: &Samples) -> [Figure; 2] {
    [
        Figure::told(format!("abuse.{name}.p99"), honest.percentile(99), "ms")
            .at_most(MOST_P99)
            .beside(quiet.percentile(99)),
        Figure::told(format!("abuse.{name}.acts"), acts as f64, "acts"),
    ]
}

/// For this process and those that it starts.
fn allow_files(count: u64) -> Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft < count {
        setrlimit(Resource::RLIMIT_NOFILE, count, hard.max(count))?;
    }
    Ok(())
}
