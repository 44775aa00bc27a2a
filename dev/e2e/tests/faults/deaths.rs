use anyhow::{Result, bail, ensure};
use e2e::acts::PATIENCE;
use e2e::people::{ANNA, BORIS, IVAN};
use e2e::system::System;
use e2e::wait;
use simulator::amocrm;

use crate::stage::{deal, with_system};

const KILLS: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn deals_and_presses_outlive_a_bot_that_is_killed_twice_in_mid_work() -> Result<()> {
    with_system(async |system| {
        system.join(&[(BORIS, "admin"), (IVAN, "measurer")]).await?;
        let mut deals = vec![system.amocrm.create_deal(deal("Окна 00"))?];
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна 00"]).await?;
        system.sees(BORIS, &["Окна 00"]).await?;
        let names: Vec<String> = (1..=10).map(|number| format!("Окна {number:02}")).collect();

        deals.extend(enter(system, &names[..5])?);
        system.sees(ANNA, &["📄 Окна 01"]).await?;
        system.kill_bot().await?;
        deals.extend(enter(system, &names[5..])?);
        let assigning = system.telegram.press(ANNA, annas.id, "Иван П.")?;
        system.telegram.says(IVAN, "/help")?;
        system.start_services().await?;

        let toast = system.answered(&assigning).await?;
        ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
        measurements_reach(system, 8).await?;
        system.kill_bot().await?;
        system.telegram.says(BORIS, "/pending")?;
        system.start_services().await?;

        system.sees(BORIS, &["⏳ Ожидают назначения"]).await?;
        system.sees(IVAN, &["Команды:"]).await?;
        system.settled().await?;
        system.one_measurement_each(&deals).await?;
        ensure!(system.telegram.unanswered_presses() == 0, "a press was not answered");
        for admin in [ANNA, BORIS] {
            knows_of_all(system, admin, &names)?;
        }
        let told = system.count(IVAN, &["Вам назначен новый замер!"]);
        ensure!((1..=1 + KILLS).contains(&told), "Ivan was told {told} times");
        Ok(())
    })
    .await
}

fn enter(system: &System, names: &[String]) -> Result<Vec<i64>> {
    names.iter().map(|name| system.amocrm.create_deal(deal(name))).collect()
}

/// By a card each or by a message for many; a message that was under way when the bot was killed may have come twice.
fn knows_of_all(system: &System, admin: i64, names: &[String]) -> Result<()> {
    const DIGEST: &str = "🆕 Новых замеров: ";
    let cards: Vec<usize> = names.iter().map(|name| system.count(admin, &[&format!("📄 {name}")])).collect();
    let messages = system.telegram.bot_messages(admin);
    let digests: Vec<usize> = messages
        .iter()
        .filter_map(|message| message.text.strip_prefix(DIGEST)?.trim().parse().ok())
        .collect();
    let chat = system.telegram.transcript(admin);
    let without_card = cards.iter().filter(|count| **count == 0).count();
    ensure!(without_card <= digests.iter().sum(), "{admin} does not know of all:\n{chat}");
    let twice: usize = cards.iter().map(|count| count.saturating_sub(1)).sum();
    ensure!(twice + digests.len().saturating_sub(1) <= KILLS, "{admin} was told too often:\n{chat}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_webhook_answered_200_is_a_measurement_after_both_services_were_stopped_in_mid_work()
-> Result<()> {
    with_system(async |system| {
        let amocrm = system.amocrm.clone();
        let stopping = async {
            measurements_reach(system, 5).await?;
            system.stop_services().await
        };
        let (stopped, entered) = tokio::join!(stopping, deals_enter_until_refused(&amocrm));
        stopped?;
        entered?;
        let accepted: Vec<i64> = amocrm
            .hooks_sent()
            .iter()
            .filter(|hook| hook.is_delivered())
            .flat_map(|hook| &hook.about)
            .filter(|about| about.entity == "leads")
            .map(|about| about.id)
            .collect();

        system.start_services().await?;
        system.settled().await?;
        system.one_measurement_each(&accepted).await
    })
    .await
}

/// A stream of deals that ends when a webhook of it is not accepted.
async fn deals_enter_until_refused(amocrm: &amocrm::Simulator) -> Result<()> {
    const ROUNDS: usize = 1000;
    for round in 0..ROUNDS {
        for number in 0..2 {
            amocrm.create_deal(deal(&format!("Окна {round}-{number}")))?;
        }
        amocrm.wait_for_hook_answers(PATIENCE).await?;
        if !amocrm.hooks_sent().iter().all(amocrm::Hook::is_delivered) {
            return Ok(());
        }
    }
    bail!("{ROUNDS} rounds of deals were accepted by a service that stops")
}

async fn measurements_reach(system: &System, enough: i64) -> Result<()> {
    let mut database = system.database.connect().await?;
    wait::until(&format!("{enough} measurements"), PATIENCE, async || {
        let count = sqlx::query_scalar::<_, i64>("select count(*) from measurements");
        (count.fetch_one(&mut database).await.ok()? >= enough).then_some(())
    })
    .await
}
