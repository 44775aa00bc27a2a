//! Takes a step again and again at every size, and says how much longer it takes in the largest.

use anyhow::{Context, Result, ensure};
use bot_service::database;
use e2e::database::Database;
use e2e::system::Places;
use sqlx::pool::PoolConnection;
use sqlx::{Connection, PgConnection, PgPool, Postgres};
use tokio::process::Command;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::fill::fill;
use super::office::Office;
use crate::figures::Figure;
use crate::plan::Growth;
use crate::stats::Samples;

/// What a step may take in the largest database, of what it takes in the smallest.
const MOST: f64 = 2.0;
/// Less than this more is no growth, in milliseconds: so much a sample in a hundred waits for a processor or for a
/// page that is not in the server's own memory, and nobody who pressed a button can tell.
const NOISE: f64 = 0.5;

/// A filled database with one connection, as the service has.
struct Company {
    office: Office,
    conn: PoolConnection<Postgres>,
    pool: PgPool,
    database: Database,
}

pub struct Watch<'a> {
    plan: &'a Growth,
    tell: &'a mut dyn FnMut(String),
    companies: Vec<Company>,
    figures: Vec<Figure>,
}

impl<'a> Watch<'a> {
    pub fn new(plan: &'a Growth, tell: &'a mut dyn FnMut(String)) -> Self {
        Self { plan, tell, companies: Vec::new(), figures: Vec::new() }
    }

    /// Makes the databases, the smallest first.
    ///
    /// # Errors
    ///
    /// If one cannot be made.
    pub async fn fill(&mut self, places: &Places) -> Result<()> {
        for measurements in self.plan.measurements.clone() {
            let began = Instant::now();
            let database = Database::create(&places.database_url).await?;
            let company = Company::open(database, measurements).await;
            let company = company.with_context(|| format!("a database with {measurements} measurements"))?;
            self.companies.push(company);
            let took = began.elapsed().as_secs_f64();
            (self.tell)(format!("growth: {measurements} measurements filled in within {took:.0} s"));
        }
        // The server syncs nothing, so gigabytes wait in the kernel: they are written now, and not beside the samples.
        ensure!(Command::new("sync").status().await?.success(), "the disk takes nothing");
        Ok(())
    }

    /// Times a step on every database in turns. Whatever it changes is rolled back: what a commit costs does not depend
    /// on how much there is.
    ///
    /// # Errors
    ///
    /// If the step fails.
    pub async fn step(
        &mut self,
        name: &str,
        step: impl AsyncFn(&mut PgConnection, &Office, usize) -> Result<()>,
    ) -> Result<()> {
        let mut taken = vec![Vec::new(); self.companies.len()];
        for sample in 0..self.plan.warm_up + self.plan.samples {
            for (Company { office, conn, .. }, taken) in self.companies.iter_mut().zip(&mut taken) {
                let mut transaction = conn.begin().await?;
                let began = Instant::now();
                let done = step(&mut transaction, office, sample).await;
                let took = began.elapsed();
                done.with_context(|| format!("{name} with {} measurements", office.measurements))?;
                transaction.rollback().await?;
                if sample >= self.plan.warm_up {
                    taken.push(took);
                }
            }
        }
        let taken: Vec<_> = taken.into_iter().map(Samples::new).collect();
        self.note(name, &taken);
        Ok(())
    }

    fn note(&mut self, name: &str, taken: &[Samples]) {
        let each = self.companies.iter().zip(taken).map(|(company, taken)| {
            let (half, most) = (taken.percentile(50), taken.percentile(99));
            format!("{half:.2} / {most:.2} with {}", company.office.measurements)
        });
        (self.tell)(format!("growth, {name}, p50 / p99 in ms: {}", each.collect::<Vec<_>>().join(", ")));
        self.figures.extend(figure(name, taken));
    }

    /// Drops the databases and gives the figures.
    ///
    /// # Errors
    ///
    /// If a database cannot be dropped.
    pub async fn end(self) -> Result<Vec<Figure>> {
        for company in self.companies {
            drop(company.conn);
            company.pool.close().await;
            company.database.drop_it().await?;
        }
        Ok(self.figures)
    }
}

impl Company {
    async fn open(database: Database, measurements: i64) -> Result<Self> {
        let (url, never) = (database.url(), CancellationToken::new());
        let pool = database::open(&url.as_str().into(), &never).await?.context("nobody asked it to stop")?;
        fill(&url, measurements).await?;
        let mut conn = pool.acquire().await?;
        let office = Office::read(&mut conn, measurements).await?;
        Ok(Self { office, conn, pool, database })
    }
}

/// The 99th percentile in the largest database, beside the one in the smallest.
fn figure(name: &str, taken: &[Samples]) -> Option<Figure> {
    let (smallest, largest) = (taken.first()?.percentile(99), taken.last()?.percentile(99));
    let most = (MOST * smallest).max(smallest + NOISE);
    Some(Figure::told(format!("growth.{name}"), largest, "ms").at_most(most).beside(smallest))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn samples(milliseconds: f64) -> Samples {
        Samples::new(vec![Duration::from_secs_f64(milliseconds / 1000.0)])
    }

    #[test]
    fn a_step_may_take_twice_as_long_and_half_a_millisecond_is_no_growth() {
        let passes = |smallest, largest| {
            figure("a", &[samples(smallest), samples(1_000.0), samples(largest)]).unwrap().passes()
        };
        assert_eq!([passes(2.0, 3.9), passes(2.0, 4.1)], [Some(true), Some(false)]);
        assert_eq!([passes(0.1, 0.5), passes(0.1, 0.7)], [Some(true), Some(false)]);
        assert_eq!(passes(2.0, 0.5), Some(true));
    }
}
