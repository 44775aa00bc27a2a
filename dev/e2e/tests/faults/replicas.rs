use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use e2e::people::{ANNA, BORIS, IVAN};
use e2e::process::Service;
use e2e::system::System;
use e2e::wait;
use simulator::telegram::Outcome;

use crate::stage::{deal, ready, with_system};

const TAKE_OVER: Duration = Duration::from_secs(10);
/// Two pollers meet at most once when one takes over.
const CONFLICTS: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_replicas_one_leads_and_the_other_goes_on_when_it_is_killed() -> Result<()> {
    with_system(async |system| {
        system.join(&[(BORIS, "admin"), (IVAN, "measurer")]).await?;
        let first = system.bot.clone();
        comes_to_lead(&first).await?;
        let second = system.another_bot().await?;
        let standing_by = second.start().await?;
        ensure!(leads(&first).await? && !leads(&second).await?, "the first must lead alone");

        let before = system.amocrm.create_deal(deal("Окна"))?;
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        system.presses(&annas, "Иван П.").await?;
        let ivans = system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окна"]).await?;
        system.becomes(&annas, &["📋 Назначен", "👷 Иван Петров"]).await?;

        let killed = Instant::now();
        system.kill_bot().await?;
        let starting = system.telegram.press(IVAN, ivans.id, "🔄 Начать выполнение")?;
        comes_to_lead(&second).await?;
        let took = killed.elapsed();
        ensure!(took < TAKE_OVER, "the second leads after {took:?}");
        let toast = system.answered(&starting).await?;
        ensure!(toast.text == "🔄 Замер начат", "{toast:?}");
        system.becomes(&annas, &["🔄 В процессе", "👷 Иван Петров"]).await?;
        let after = system.amocrm.create_deal(deal("Балкон"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Балкон"]).await?;

        system.settled().await?;
        system.one_measurement_each(&[before, after]).await?;
        let conflicts = conflicts(system);
        ensure!(conflicts <= CONFLICTS, "{conflicts} conflicts of pollers");
        let status = standing_by.stop().await?;
        ensure!(status.success(), "the second ended with {status}");
        Ok(())
    })
    .await
}

async fn leads(bot: &Service) -> Result<bool> {
    Ok(ready(bot.port).await?.1["leads"] == true)
}

async fn comes_to_lead(bot: &Service) -> Result<()> {
    wait::until("a replica to lead", wait::LIMIT, async || leads(bot).await.ok()?.then_some(())).await
}

fn conflicts(system: &System) -> usize {
    let polls = system.telegram.calls_of("getUpdates");
    polls.iter().filter(|call| matches!(call.outcome, Outcome::Refused { code: 409, .. })).count()
}
