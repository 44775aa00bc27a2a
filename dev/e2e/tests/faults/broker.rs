use anyhow::{Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::{ANNA, BORIS};
use e2e::relay::Relay;
use e2e::system::{Places, System};
use e2e::wait;
use lapin::options::QueueDeleteOptions;
use lapin::{Connection, ConnectionProperties};
use shared::topology::LEAD_EVENTS;
use simulator::amocrm::{Hook, Outcome};

use crate::stage::{deal, ready, with_system, with_system_at};

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_that_came_while_the_broker_was_away_become_one_measurement_each() -> Result<()> {
    let places = Places::from_environment()?;
    let (relay, amqp_url) = Relay::before(&places.amqp_url).await?;
    let places = Places { amqp_url, ..places };
    with_system_at(&places, async |system| {
        system.join(&[(BORIS, "admin")]).await?;
        ingest_becomes(system, 200, "connected").await?;

        relay.cut();
        ingest_becomes(system, 200, "away").await?;
        let names = ["Окна", "Балкон", "Дверь"];
        let deals: Vec<i64> =
            names.iter().map(|name| system.amocrm.create_deal(deal(name))).collect::<Result<_>>()?;
        system.amocrm.wait_for_hook_answers(PATIENCE).await?;
        let of_deals = |hook: &Hook| hook.about.iter().any(|about| about.entity == "leads");
        let sent: Vec<Hook> = system.amocrm.hooks_sent().into_iter().filter(of_deals).collect();
        ensure!(sent.len() == names.len(), "{} hooks of the deals", sent.len());
        for hook in &sent {
            let is_accepted = matches!(hook.outcome, Outcome::Answered { status: 200, .. });
            ensure!(is_accepted, "a hook ended with {:?}", hook.outcome);
        }
        system.asks(ANNA, "/pending", &["Новых замеров нет"]).await?;

        relay.heal();
        ingest_becomes(system, 200, "connected").await?;
        for (person, name) in [ANNA, BORIS].into_iter().flat_map(|person| names.map(|name| (person, name))) {
            system.sees(person, &["⏳ Ожидает назначения", name]).await?;
        }
        system.settled().await?;
        system.one_measurement_each(&deals).await?;
        for (person, name) in [ANNA, BORIS].into_iter().flat_map(|person| names.map(|name| (person, name))) {
            ensure!(system.count(person, &[name]) == 1, "{person} got several cards of {name}");
        }
        let (_, bot) = ready(system.bot.port).await?;
        ensure!(bot["broker"] == "connected", "{bot}");
        Ok(())
    })
    .await
}

/// A queue is deleted by hand, or a broker begins anew without its disk.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_was_deleted_costs_no_deal() -> Result<()> {
    with_system(async |system| {
        delete_queue(&Places::from_environment()?.amqp_url).await?;
        let running = system.amocrm.create_deal(deal("При работе"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "При работе"]).await?;

        system.kill_bot().await?;
        delete_queue(&Places::from_environment()?.amqp_url).await?;
        let alone = system.amocrm.create_deal(deal("Без бота"))?;
        system.amocrm.wait_for_hook_answers(PATIENCE).await?;
        let hooks = system.amocrm.hooks_sent();
        ensure!(hooks.iter().all(Hook::is_delivered), "a webhook was refused: {hooks:?}");
        system.start_services().await?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Без бота"]).await?;
        system.settled().await?;
        system.one_measurement_each(&[running, alone]).await
    })
    .await
}

async fn delete_queue(amqp_url: &str) -> Result<()> {
    let connection = Connection::connect(amqp_url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel.queue_delete(LEAD_EVENTS.into(), QueueDeleteOptions::default()).await?;
    Ok(connection.close(200, "deleted".into()).await?)
}

pub async fn ingest_becomes(system: &System, status: u16, broker: &str) -> Result<()> {
    let what = format!("ingest-service to answer {status}, broker {broker}");
    wait::until(&what, PATIENCE, async || {
        let (code, body) = ready(system.ingest.port).await.ok()?;
        (code == status && body["broker"] == broker).then_some(())
    })
    .await
}
