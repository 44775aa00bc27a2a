//! Accepted webhooks a second, and how long each takes, beside a bare publisher.
//!
//! Both processes run all the time and are loaded in turns, so that whatever else the machine does meets both.
//! Figures are medians of the rounds.

use std::sync::Arc;

use anyhow::{Context, Result};
use e2e::database::empty_queues;
use e2e::system::Places;
use hyper::body::Bytes;
use lapin::options::{QueueDeleteOptions, QueuePurgeOptions};
use lapin::{Channel, Connection, ConnectionProperties};
use simulator::amocrm;

use crate::figures::Figure;
use crate::load::{self, Length, Load};
use crate::memory::{self, Moment, Reading};
use crate::plan::Plan;
use crate::stage::{self, Programs, Taker};
use crate::stats::median;
use crate::{bare, deals};

/// Enough that no two posts under way are the same.
const BODIES: usize = 1_000;
const LEAST_RATE: f64 = 0.85;
const MOST_P99: f64 = 1.5;
const SERVICE: &str = "ingest-service";

pub struct Measured {
    pub figures: Vec<Figure>,
    pub memory: Vec<Reading>,
}

/// Measures each number of connections.
///
/// # Errors
///
/// If a part does not start, or a webhook is not accepted.
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Measured> {
    let account = amocrm::Simulator::start(amocrm::Options::demo()).await?;
    let bodies = stage::bytes(deals::create(&account, BODIES)?);
    account.stop();
    let folder = tempfile::tempdir()?;
    let broker = Broker::connect(places).await?;
    broker.empty().await?;
    let ingest = stage::ingest(programs, places, &folder).await?;
    let rival = stage::bare(programs, places, &folder).await?;
    tokio::time::sleep(plan.idle).await;
    let process = ingest.process.id().context("ingest-service has ended")?;
    let idle = memory::peak(SERVICE, Moment::Idle, process)?;

    let mut figures = Vec::new();
    for connections in &plan.connections {
        let mut rounds = Rounds::default();
        for round in 1..=plan.rounds {
            let theirs = one(plan, &rival, &bodies, *connections).await.context("the bare publisher")?;
            broker.empty().await?;
            let ours = one(plan, &ingest, &bodies, *connections).await.context(SERVICE)?;
            broker.empty().await?;
            tell(format!(
                "ingest, {connections} connections, round {round} of {}: bare {}; ingest-service {}",
                plan.rounds,
                said(&theirs),
                said(&ours)
            ));
            rounds.add(&theirs, &ours);
        }
        figures.extend(rounds.figures(*connections));
    }
    let loaded = memory::peak(SERVICE, Moment::UnderLoad, process)?;
    ingest.process.stop().await?;
    rival.process.stop().await?;
    broker.leave().await?;
    Ok(Measured { figures, memory: vec![idle, loaded] })
}

async fn one(plan: &Plan, taker: &Taker, bodies: &Arc<[Bytes]>, connections: usize) -> Result<Load> {
    let length = Length::For { warm_up: plan.warm_up, measured: plan.measured };
    load::run(taker.target.clone(), bodies.clone(), connections, length).await
}

fn said(load: &Load) -> String {
    let (rate, answers) = (load.rate(), &load.answers);
    format!("{rate:.0}/s, p50 {:.1} ms, p99 {:.1} ms", answers.percentile(50), answers.percentile(99))
}

/// Rate, median and 99th percentile of each round.
#[derive(Default)]
struct Rounds {
    theirs: [Vec<f64>; 3],
    ours: [Vec<f64>; 3],
}

impl Rounds {
    fn add(&mut self, theirs: &Load, ours: &Load) {
        for (kept, load) in [(&mut self.theirs, theirs), (&mut self.ours, ours)] {
            let values = [load.rate(), load.answers.percentile(50), load.answers.percentile(99)];
            for (kept, value) in kept.iter_mut().zip(values) {
                kept.push(value);
            }
        }
    }

    fn figures(&self, connections: usize) -> [Figure; 3] {
        let name = |what: &str| format!("ingest.{what}.{connections}");
        let [bare_rate, bare_p50, bare_p99] = std::array::from_fn(|index| median(&self.theirs[index]));
        let [rate, p50, p99] = std::array::from_fn(|index| median(&self.ours[index]));
        [
            Figure::told(name("rate"), rate, "webhooks/s").at_least(LEAST_RATE * bare_rate).beside(bare_rate),
            Figure::told(name("p50"), p50, "ms").beside(bare_p50),
            Figure::told(name("p99"), p99, "ms").at_most(MOST_P99 * bare_p99).beside(bare_p99),
        ]
    }
}

/// Keeps both queues empty between measurements: nobody consumes here.
struct Broker {
    url: String,
    connection: Connection,
    channel: Channel,
}

impl Broker {
    async fn connect(places: &Places) -> Result<Self> {
        let url = places.amqp_url.clone();
        let connection = Connection::connect(&url, ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        bare::declare(&channel).await?;
        Ok(Self { url, connection, channel })
    }

    async fn empty(&self) -> Result<()> {
        self.channel.queue_purge(bare::QUEUE.into(), QueuePurgeOptions::default()).await?;
        empty_queues(&self.url).await
    }

    async fn leave(self) -> Result<()> {
        self.channel.queue_delete(bare::QUEUE.into(), QueueDeleteOptions::default()).await?;
        Ok(self.connection.close(200, "measured".into()).await?)
    }
}
