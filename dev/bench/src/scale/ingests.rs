//! Webhooks through the proxy to one replica of ingest-service and to several, in turns.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use e2e::database::empty_queues;
use e2e::system::Places;
use hyper::body::Bytes;
use simulator::amocrm;

use super::LEAST;
use super::books::waiting_events;
use super::fleet::Fleet;
use crate::deals;
use crate::figures::Figure;
use crate::load::{self, Length, Load};
use crate::plan::{Plan, Scale};
use crate::stage::{self, Programs};
use crate::stats::median;

const CONNECTIONS: usize = 64;
/// As many as the simulator writes at once; a round posts them again and again.
const BODIES: usize = 1_000;

/// What one number of replicas showed in each round.
#[derive(Default)]
struct Seen {
    rates: Vec<f64>,
    p99: Vec<f64>,
}

/// # Errors
///
/// If a webhook is not accepted or gets lost, or a replica of several gets none.
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Vec<Figure>> {
    let Scale { ingests, rounds, .. } = &plan.scale;
    let folder = tempfile::tempdir()?;
    let bodies = bodies(plan).await?;
    empty_queues(&places.amqp_url).await?;
    let most = ingests.iter().copied().max().context("some number of replicas")?;
    let fleet = Fleet::start(programs, places, folder.path(), most).await?;
    let mut seen: BTreeMap<usize, Seen> = BTreeMap::new();
    for round in 1..=*rounds {
        for count in ingests {
            fleet.use_only(*count).await?;
            let load = one(&fleet, &bodies, *count).await?;
            let kept = waiting_events(places, bodies.len()).await?;
            empty_queues(&places.amqp_url).await?;
            let (rate, p99) = (load.rate(), load.answers.percentile(99));
            tell(format!(
                "scale, {count} of ingest-service, round {round} of {rounds}: {rate:.0}/s, p99 {p99:.1} ms, {} twice",
                kept - bodies.len()
            ));
            let seen = seen.entry(*count).or_default();
            seen.rates.push(rate);
            seen.p99.push(p99);
        }
    }
    fleet.stop().await?;
    Ok(figures(&seen))
}

/// Posts everything once. Exactly the replicas in use must have taken it.
async fn one(fleet: &Fleet, bodies: &Arc<[Bytes]>, count: usize) -> Result<Load> {
    let before = fleet.accepted().await?;
    let load = load::run(fleet.target(), bodies.clone(), CONNECTIONS, Length::Once).await?;
    let after = fleet.accepted().await?;
    let taken: Vec<f64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    let (used, resting) = taken.split_at(count);
    ensure!(used.iter().all(|taken| *taken >= 1.0), "one of {count} replicas got nothing: {taken:?}");
    ensure!(resting.iter().all(|taken| *taken < 1.0), "a replica that rests got webhooks: {taken:?}");
    Ok(load)
}

/// Enough for as long as other rounds take.
async fn bodies(plan: &Plan) -> Result<Arc<[Bytes]>> {
    let account = amocrm::Simulator::start(amocrm::Options::demo()).await?;
    let bodies = stage::bytes(deals::create(&account, BODIES)?);
    account.stop();
    Ok(bodies.iter().cycle().take(plan.scale.webhooks).cloned().collect())
}

fn figures(seen: &BTreeMap<usize, Seen>) -> Vec<Figure> {
    let alone = seen.values().next().map_or(0.0, |seen| median(&seen.rates));
    let of = |(count, seen): (&usize, &Seen)| {
        let rate = Figure::told(format!("scale.ingest.rate.{count}"), median(&seen.rates), "webhooks/s");
        let rate = if *count > 1 { rate.at_least(LEAST * alone).beside(alone) } else { rate };
        [rate, Figure::told(format!("scale.ingest.p99.{count}"), median(&seen.p99), "ms")]
    };
    seen.iter().flat_map(of).collect()
}
