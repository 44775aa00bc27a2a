//! A burst of deals through the proxy and all replicas of ingest-service, worked on by one replica of bot-service and by
//! several, in turns.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use e2e::database::{Database, empty_queues};
use e2e::people::{self, ANNA};
use e2e::process::{Process, Service, free_port};
use e2e::system::Places;
use e2e::{settings, wait};
use simulator::{amocrm, telegram};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::LEAST;
use super::books::Books;
use super::fleet::Fleet;
use crate::deals;
use crate::figures::Figure;
use crate::load::{self, Length};
use crate::plan::{Plan, Scale};
use crate::stage::{self, AMOCRM_RPS, Programs};
use crate::stats::median;

/// Webhooks under way at once.
const CONNECTIONS: usize = 32;
/// A burst that takes longer has got stuck.
const PATIENCE: Duration = Duration::from_mins(3);
/// So often replicas are asked whether they lead.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// # Errors
///
/// If a part does not start, or the books are wrong afterwards.
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Vec<Figure>> {
    let Scale { ingests, bots, deals, bursts, .. } = &plan.scale;
    let ingests = ingests.iter().copied().max().context("some number of replicas")?;
    let mut took: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for number in 1..=*bursts {
        for count in bots {
            let company = Company::start(programs, places, (ingests, *count)).await?;
            let (committed, sent) = company.alone_led(company.burst(*deals)).await?;
            let books = Books::read(&company.database, &company.telegram, &company.amocrm).await?;
            books.are_right(*deals)?;
            let (committed, sent) = (committed.as_secs_f64(), sent.as_secs_f64());
            tell(format!(
                "scale, {count} of bot-service, burst {number} of {bursts}: {deals} deals committed in \
                 {committed:.2} s, everything sent after {sent:.2} s; {books}"
            ));
            took.entry(*count).or_default().push(committed);
            company.stop().await?;
        }
    }
    Ok(figures(&took))
}

fn figures(took: &BTreeMap<usize, Vec<f64>>) -> Vec<Figure> {
    let alone = took.values().next().map_or(0.0, |took| median(took));
    let of = |(count, took): (&usize, &Vec<f64>)| {
        let burst = Figure::told(format!("scale.bot.burst.{count}"), median(took), "s");
        if *count > 1 { burst.at_most(alone / LEAST).beside(alone) } else { burst }
    };
    took.iter().map(of).collect()
}

/// Everything that a burst needs, with nothing in it yet.
struct Company {
    telegram: telegram::Simulator,
    amocrm: amocrm::Simulator,
    database: Database,
    fleet: Fleet,
    bots: Vec<(Process, u16)>,
    folder: TempDir,
}

impl Company {
    async fn start(programs: &Programs, places: &Places, (ingests, bots): (usize, usize)) -> Result<Self> {
        empty_queues(&places.amqp_url).await.context("emptying the queues")?;
        let database = Database::create(&places.database_url).await?;
        let telegram = telegram::Simulator::start(telegram::Options::default()).await?;
        for person in people::everybody() {
            telegram.add_person(person);
        }
        let amocrm = amocrm::Simulator::start(amocrm::Options::demo()).await?;
        let folder = tempfile::tempdir()?;
        let fleet = Fleet::start(programs, places, folder.path(), ingests).await?;
        let mut company = Self { telegram, amocrm, database, fleet, bots: Vec::new(), folder };
        for number in 0..bots {
            company.start_bot(programs, places, number).await?;
        }
        company.telegram.starts(ANNA, None)?;
        company.telegram.wait_for(ANNA, |_| true, wait::LIMIT).await?;
        wait::until("a replica to lead", wait::LIMIT, async || {
            (company.leaders().await.ok()? == 1).then_some(())
        })
        .await?;
        Ok(company)
    }

    async fn start_bot(&mut self, programs: &Programs, places: &Places, number: usize) -> Result<()> {
        let port = free_port().await?;
        let mut settings = settings::bot(places, &self.database, &self.telegram, &self.amocrm, port);
        settings.insert("AMOCRM_RPS", AMOCRM_RPS.to_owned());
        let log = self.folder.path().join(format!("bot-{number}.log"));
        let service = Service { binary: programs.bot.clone(), settings, port, log };
        self.bots.push((service.start().await?, port));
        Ok(())
    }

    /// Until all measurements are committed, and until all messages are sent.
    async fn burst(&self, deals: usize) -> Result<(Duration, Duration)> {
        let bodies = stage::bytes(deals::create(&self.amocrm, deals)?);
        let mut database = self.database.connect().await?;
        let began = Instant::now();
        let posting = load::run(self.fleet.target(), bodies, CONNECTIONS, Length::Once);
        let working = async {
            let wanted = i64::try_from(deals)?;
            wait::until("every deal to have its measurement", PATIENCE, async || {
                let count = sqlx::query_scalar::<_, i64>("select count(*) from measurements");
                (count.fetch_one(&mut database).await.ok()? >= wanted).then_some(())
            })
            .await?;
            let committed = began.elapsed();
            wait::until("everything to be sent", PATIENCE, async || {
                let rest = "select (select count(*) from outbox where state = 'pending')
                                 + (select count(*) from lead_nudges)";
                let rest = sqlx::query_scalar::<_, i64>(rest);
                (rest.fetch_one(&mut database).await.ok()? == 0).then_some(())
            })
            .await?;
            anyhow::Ok((committed, began.elapsed()))
        };
        let (posted, worked) = tokio::join!(posting, working);
        posted?;
        worked
    }

    /// Fails as soon as two replicas lead, or none does: nobody dies here.
    async fn alone_led<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            error = self.not_one_leader() => Err(error),
        }
    }

    async fn not_one_leader(&self) -> anyhow::Error {
        loop {
            match self.leaders().await {
                Ok(1) => sleep(LOOK_EVERY).await,
                Ok(leaders) => return anyhow!("{leaders} replicas lead"),
                Err(error) => return error,
            }
        }
    }

    async fn leaders(&self) -> Result<usize> {
        let mut leaders = 0;
        for (_, port) in &self.bots {
            let told = reqwest::get(format!("http://127.0.0.1:{port}/ready")).await?.text().await?;
            let told: serde_json::Value = serde_json::from_str(&told)?;
            leaders += usize::from(told["leads"] == true);
        }
        Ok(leaders)
    }

    async fn stop(self) -> Result<()> {
        self.fleet.stop().await?;
        for (bot, _) in self.bots {
            let status = bot.stop().await?;
            ensure!(status.success(), "a replica of bot-service ended with {status}");
        }
        self.database.drop_it().await
    }
}
