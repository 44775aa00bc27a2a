//! Several replicas of each service on one machine: what they carry together, that every deal becomes one measurement, and
//! that one replica leads.
//!
//! Where one replica uses all of the machine's processors already, more of them are not faster: they are there to
//! outlive each other. What is asked here is that they do not stand in each other's way.
//!
//! ```text
//! fleet.rs    replicas of ingest-service behind the proxy, as compose has them
//! ingests.rs  webhooks a second through the proxy, to one replica and to more
//! bots.rs     a burst of deals, to committed measurements and sent messages
//! books.rs    what must be true afterwards
//! ```

mod books;
mod bots;
mod fleet;
mod ingests;

use anyhow::{Context, Result};
use e2e::system::Places;

use crate::figures::Figure;
use crate::plan::Plan;
use crate::stage::Programs;

/// Of what one replica does alone. Each further one costs changes of processes, and the broker syncs smaller groups of
/// messages; whatever takes more than a third is contention.
const LEAST: f64 = 0.7;

/// # Errors
///
/// If a part does not start, or something is lost, done twice or led by two.
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Vec<Figure>> {
    let mut figures =
        ingests::run(plan, places, programs, tell).await.context("replicas of ingest-service")?;
    figures.extend(bots::run(plan, places, programs, tell).await.context("replicas of bot-service")?);
    Ok(figures)
}
