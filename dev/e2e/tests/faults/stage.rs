//! A system for one test: nothing else uses the queues meanwhile, and the test ends in time.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::people::{ANNA, BORIS, IVAN, OLGA, PETR};
use e2e::system::{Places, System};
use serde_json::Value;
use simulator::amocrm::{Deal, demo};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// A test that hangs fails with the logs of the services.
const LIMIT: Duration = Duration::from_secs(90);

/// The broker's queues are common to all tests.
static ALONE: Mutex<()> = Mutex::const_new(());

pub async fn with_system(test: impl AsyncFnOnce(&mut System) -> Result<()>) -> Result<()> {
    with_system_at(&Places::from_environment()?, test).await
}

/// Anna, the first admin, has pressed START. At the end the services must stop well, and Telegram must not have
/// been flooded.
pub async fn with_system_at(
    places: &Places,
    test: impl AsyncFnOnce(&mut System) -> Result<()>,
) -> Result<()> {
    let _alone = ALONE.lock().await;
    let mut system = System::start(places).await?;
    let played = timeout(LIMIT, async {
        system.telegram.starts(ANNA, None)?;
        system.sees(ANNA, &["➕ Пригласить"]).await?;
        test(&mut system).await?;
        let refused = system.telegram.flood_refusals();
        ensure!(refused == 0, "Telegram refused {refused} calls as a flood");
        Ok(())
    });
    let outcome = played.await.context("the test took too long").and_then(|outcome| outcome);
    outcome.inspect_err(|_| tell_what_was(&system))?;
    system.stop().await
}

fn tell_what_was(system: &System) {
    eprintln!("{}\n{}", system.bot.end_of_log(), system.ingest.end_of_log());
    for person in [ANNA, BORIS, IVAN, PETR, OLGA] {
        eprintln!("━━ {person} ━━\n{}", system.telegram.transcript(person));
    }
}

/// A deal with everything that a card shows, already in the stage that opens a measurement.
pub fn deal(name: &str) -> Deal {
    Deal::named(name)
        .stage(demo::MEASUREMENT)
        .responsible(demo::OLGA)
        .address("г. Химки, ул. Ленина, д. 5")
        .client("Иванов Иван", "8 (916) 123-45-67")
}

/// What a service says of itself, with the status code.
pub async fn ready(port: u16) -> Result<(u16, Value)> {
    let answer = reqwest::get(format!("http://127.0.0.1:{port}/ready")).await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}
