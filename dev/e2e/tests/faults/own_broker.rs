//! What happens to a whole broker: it is killed and started again, and it runs out of memory.

use anyhow::{Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::ANNA;
use e2e::system::{Places, System};
use e2e::wait;
use private_servers::{Folder, RabbitMq};
use simulator::amocrm::Hook;

use crate::broker::ingest_becomes;
use crate::stage::{deal, ready, with_system_at};

async fn with_broker(test: impl AsyncFnOnce(&mut System, &mut RabbitMq) -> Result<()>) -> Result<()> {
    let folder = Folder::create()?;
    let mut broker = RabbitMq::start(&folder).await?;
    let places = Places { amqp_url: broker.url.clone(), ..Places::from_environment()? };
    with_system_at(&places, async |system| test(system, &mut broker).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_killed_takes_no_deal_with_it_and_both_services_find_it_again() -> Result<()> {
    with_broker(async |system, broker| {
        // RabbitMQ 3.10 does not always bring back a quorum queue that is being made when it is killed.
        let first = system.amocrm.create_deal(deal("Лоджия"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Лоджия"]).await?;
        let before = system.amocrm.create_deal(deal("Окна"))?;
        system.amocrm.wait_for_hook_answers(PATIENCE).await?;
        broker.kill();
        ingest_becomes(system, 200, "away").await?;
        let meanwhile = system.amocrm.create_deal(deal("Балкон"))?;
        system.amocrm.wait_for_hook_answers(PATIENCE).await?;
        broker.start_again().await?;
        ingest_becomes(system, 200, "connected").await?;
        let after = system.amocrm.create_deal(deal("Дверь"))?;
        for name in ["Окна", "Балкон", "Дверь"] {
            system.sees(ANNA, &["⏳ Ожидает назначения", name]).await?;
        }
        everything_was_accepted(system)?;
        system.settled().await?;
        system.one_measurement_each(&[first, before, meanwhile, after]).await?;
        let (_, bot) = ready(system.bot.port).await?;
        ensure!(bot["broker"] == "connected", "{bot}");
        Ok(())
    })
    .await
}

/// The broker reads nothing from who publishes, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_broker_without_memory_is_given_nothing_until_it_has_some_again() -> Result<()> {
    with_broker(async |system, broker| {
        let before = system.amocrm.create_deal(deal("Окна"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        broker.control(&["set_vm_memory_high_watermark", "absolute", "1MB"]).await?;
        // The broker tells a connection only once it publishes.
        let meanwhile = system.amocrm.create_deal(deal("Балкон"))?;
        system.amocrm.wait_for_hook_answers(PATIENCE).await?;
        ingest_becomes(system, 200, "blocked").await?;
        everything_was_accepted(system)?;

        broker.control(&["set_vm_memory_high_watermark", "absolute", "1GB"]).await?;
        ingest_becomes(system, 200, "connected").await?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Балкон"]).await?;
        nothing_waits(system).await?;
        system.settled().await?;
        system.one_measurement_each(&[before, meanwhile]).await
    })
    .await
}

fn everything_was_accepted(system: &System) -> Result<()> {
    let hooks = system.amocrm.hooks_sent();
    ensure!(hooks.iter().all(Hook::is_delivered), "a webhook was refused: {hooks:?}");
    Ok(())
}

/// The spool is empty again.
async fn nothing_waits(system: &System) -> Result<()> {
    let address = format!("http://127.0.0.1:{}/metrics", system.ingest.port);
    wait::until("the spool to be drained", PATIENCE, async || {
        let metrics = reqwest::get(&address).await.ok()?.text().await.ok()?;
        metrics.lines().any(|line| line == "ingest_spool_events 0").then_some(())
    })
    .await
}
