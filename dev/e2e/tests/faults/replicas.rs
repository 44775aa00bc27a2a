use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use e2e::people::{ANNA, BORIS, IVAN};
use e2e::process::Service;
use e2e::system::System;
use e2e::wait;
use nix::sys::signal::Signal;
use simulator::telegram::Outcome;

use crate::stage::{deal, ready, with_system};

const TAKE_OVER: Duration = Duration::from_secs(10);
const HAND_OVER: Duration = Duration::from_secs(2);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_asked_to_stop_hands_over_within_two_seconds() -> Result<()> {
    with_system(async |system| {
        comes_to_lead(&system.bot).await?;
        let second = system.another_bot().await?;
        let standing_by = second.start().await?;
        let asked = Instant::now();
        let leading = async {
            comes_to_lead(&second).await?;
            anyhow::Ok(asked.elapsed())
        };
        let (took, ()) = tokio::try_join!(leading, system.stop_bot())?;
        ensure!(took < HAND_OVER, "the second leads after {took:?}");
        let lead = system.amocrm.create_deal(deal("Окна"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        system.settled().await?;
        system.one_measurement_each(&[lead]).await?;
        let conflicts = conflicts(system);
        ensure!(conflicts <= CONFLICTS, "{conflicts} conflicts of pollers");
        let status = standing_by.stop().await?;
        ensure!(status.success(), "the second ended with {status}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_slept_past_its_lease_wakes_as_none_and_has_done_nothing_twice() -> Result<()> {
    with_system(async |system| {
        system.join(&[(IVAN, "measurer")]).await?;
        let first = system.bot.clone();
        let second = system.another_bot().await?;
        let sleeper = second.start().await?;
        system.kill_bot().await?;
        comes_to_lead(&second).await?;
        system.start_services().await?;
        system.settled().await?;

        let lead = system.amocrm.create_deal(deal("Окна"))?;
        sleeper.signal(Signal::SIGSTOP)?;
        let slept = Instant::now();
        comes_to_lead(&first).await?;
        let took = slept.elapsed();
        ensure!(took < TAKE_OVER, "the first leads after {took:?}");
        // If it fell asleep over this very deal, the server ends its transaction first.
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        let toast = system.presses(&annas, "Иван П.").await?;
        ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
        system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окна"]).await?;

        sleeper.signal(Signal::SIGCONT)?;
        wait::until("the one that slept to answer", wait::LIMIT, async || {
            (!leads(&second).await.ok()?).then_some(())
        })
        .await?;
        system.asks(IVAN, "/my", &["📋 Мои активные замеры · 1"]).await?;
        system.settled().await?;
        ensure!(leads(&first).await? && !leads(&second).await?, "the first leads alone");
        system.one_measurement_each(&[lead]).await?;
        let told = system.count(IVAN, &["Вам назначен новый замер!"]);
        ensure!(told == 1, "Ivan was told {told} times");
        let conflicts = conflicts(system);
        ensure!(conflicts <= CONFLICTS, "{conflicts} conflicts of pollers");
        let status = sleeper.stop().await?;
        ensure!(status.success(), "the one that slept ended with {status}");
        Ok(())
    })
    .await
}

async fn leads(bot: &Service) -> Result<bool> {
    Ok(ready(bot.port).await?.1["leads"] == true)
}

pub async fn comes_to_lead(bot: &Service) -> Result<()> {
    wait::until("a replica to lead", wait::LIMIT, async || leads(bot).await.ok()?.then_some(())).await
}

fn conflicts(system: &System) -> usize {
    let polls = system.telegram.calls_of("getUpdates");
    polls.iter().filter(|call| matches!(call.outcome, Outcome::Refused { code: 409, .. })).count()
}
