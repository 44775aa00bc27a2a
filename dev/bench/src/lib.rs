//! Benchmarks of the real binaries beside a real broker and database, with simulators at the edges.
//!
//! ```text
//! plan.rs      how much is measured: all of it, or a smoke run that only proves that the benches work
//! ingest.rs    webhooks a second, beside a bare publisher, in turns
//! pipeline.rs  a burst of deals, from their webhooks to committed measurements
//! latency.rs   one webhook in an idle system, to the admin's message
//! memory.rs    what the services held at most meanwhile
//! growth/      every list, card and step of a worker in a small and in a large database
//! scale/       several replicas of each service: what they carry together, and that nothing comes twice
//! abuse/       honest webhooks while others do ingest-service harm
//! bare.rs      the queue of the bare publisher, which is src/bin/bare-publisher.rs
//! stage.rs     the processes, each as it would be deployed
//! deals.rs     deals in the simulated account, and the bodies of their webhooks
//! load.rs      posts bodies over connections that stay open
//! stats.rs     percentiles and medians
//! figures.rs   one figure with its target, as JSON
//! table.rs     figures for a person
//! ```

pub mod abuse;
pub mod bare;
pub mod deals;
pub mod figures;
pub mod growth;
pub mod ingest;
pub mod latency;
pub mod load;
pub mod memory;
pub mod pipeline;
pub mod plan;
pub mod scale;
pub mod stage;
pub mod stats;
pub mod table;

use anyhow::{Context, Result};
use e2e::system::Places;

use crate::figures::Figure;
use crate::plan::{Bench, Plan};
use crate::stage::Programs;

/// Runs the benches of `wanted`, in their own order; `tell` hears a line for each measurement as it is made.
///
/// # Errors
///
/// If something fails that is no matter of speed: a part does not start, an answer is not 200, a measurement is
/// missing.
pub async fn run(
    wanted: &[Bench],
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Vec<Figure>> {
    let wants = |bench| wanted.contains(&bench);
    let mut figures = Vec::new();
    let mut memory = Vec::new();
    // Memory has no runs of its own: it is read in those of the other two.
    if wants(Bench::Ingest) || wants(Bench::Memory) {
        let measured = ingest::run(plan, places, programs, tell).await.context("the bench `ingest`")?;
        figures.extend(measured.figures.into_iter().filter(|_| wants(Bench::Ingest)));
        memory.extend(measured.memory);
    }
    if wants(Bench::Pipeline) || wants(Bench::Memory) {
        let measured = pipeline::run(plan, places, programs, tell).await.context("the bench `pipeline`")?;
        figures.extend(measured.figures.into_iter().filter(|_| wants(Bench::Pipeline)));
        memory.extend(measured.memory);
    }
    if wants(Bench::Latency) {
        let measured = latency::run(plan, places, programs, tell).await.context("the bench `latency`")?;
        figures.extend(measured);
    }
    if wants(Bench::Memory) {
        figures.extend(memory::figures(memory));
    }
    if wants(Bench::Growth) {
        figures.extend(growth::run(plan, places, tell).await.context("the bench `growth`")?);
    }
    if wants(Bench::Scale) {
        figures.extend(scale::run(plan, places, programs, tell).await.context("the bench `scale`")?);
    }
    if wants(Bench::Abuse) {
        figures.extend(abuse::run(plan, places, programs, tell).await.context("the bench `abuse`")?);
    }
    Ok(figures)
}
