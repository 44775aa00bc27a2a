use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use e2e::people::{ANNA, BORIS, IVAN};
use e2e::system::System;
use e2e::wait;
use simulator::telegram::{Call, Fault, FaultRule, Outcome};

use crate::stage::{deal, with_system};

const ASKED: u32 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_telegram_asks_to_wait_gets_everything_later_and_delays_nobody() -> Result<()> {
    with_system(async |system| {
        system.join(&[(BORIS, "admin"), (IVAN, "measurer")]).await?;
        system.settled().await?;
        let wait = || Fault::too_many_requests(ASKED);
        system.telegram.fault(FaultRule::on("sendMessage", wait()).chat(ANNA));
        let entered = Instant::now();
        system.amocrm.create_deal(deal("Окна"))?;
        let boriss = system.sees(BORIS, &["⏳ Ожидает назначения", "Окна"]).await?;
        let took = entered.elapsed();
        ensure!(took < Duration::from_millis(1500), "Boris waited {took:?}");
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;

        system.telegram.fault(FaultRule::on("editMessageText", wait()).chat(ANNA));
        let assigned = Instant::now();
        system.presses(&boriss, "Иван П.").await?;
        system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окна"]).await?;
        system.becomes(&boriss, &["👷 Иван Петров"]).await?;
        let took = assigned.elapsed();
        ensure!(took < Duration::from_millis(1500), "Ivan and Boris waited {took:?}");
        system.becomes(&annas, &["👷 Иван Петров", "Борис Котов"]).await?;

        system.settled().await?;
        each_pause_is_respected(system, ANNA)?;
        ensure!(system.count(ANNA, &["Окна"]) == 1, "{}", system.telegram.transcript(ANNA));
        ensure!(system.telegram.faults().is_empty(), "a fault was never met");
        Ok(())
    })
    .await
}

/// After each refusal, nothing is sent to this chat for as long as Telegram asked.
fn each_pause_is_respected(system: &System, chat: i64) -> Result<()> {
    let calls: Vec<Call> =
        system.telegram.calls().into_iter().filter(|call| call.chat_id() == Some(chat)).collect();
    let is_refused = |call: &Call| matches!(call.outcome, Outcome::Refused { code: 429, .. });
    for (at, refused) in calls.iter().enumerate().filter(|(_, call)| is_refused(call)) {
        let next = calls.get(at + 1).context("nothing was sent after a refusal")?;
        let paused = next.at - refused.at;
        ensure!(paused >= TimeDelta::seconds(ASKED.into()), "only {paused} after the refusal");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_whose_answer_was_lost_may_come_twice_and_works_wherever_it_is_pressed() -> Result<()> {
    with_system(async |system| {
        system.join(&[(IVAN, "measurer")]).await?;
        system.settled().await?;
        let lost = FaultRule::on("sendMessage", Fault::LoseAnswer).chat(ANNA).containing("Окна");
        system.telegram.fault(lost);
        let lead = system.amocrm.create_deal(deal("Окна"))?;
        let copies = system.telegram.wait_until("both copies are there", e2e::acts::PATIENCE, |telegram| {
            let mut copies = telegram.bot_messages(ANNA);
            copies.retain(|message| message.text.contains("Окна"));
            (copies.len() == 2).then_some(copies)
        });
        let [first, second] = <[_; 2]>::try_from(copies.await?).ok().context("two copies")?;
        system.settled().await?;

        let stale = second.data_of("Иван П.").context("the second copy has Ivan's button")?.to_owned();
        let toast = system.presses(&first, "Иван П.").await?;
        ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
        system.becomes(&first, &["📋 Назначен", "👷 Иван Петров"]).await?;
        let press = system.telegram.press_data(ANNA, second.id, &stale)?;
        let toast = system.answered(&press).await?;
        ensure!(toast.text == "Уже сделано", "{toast:?}");
        system.becomes(&second, &["📋 Назначен", "👷 Иван Петров"]).await?;

        system.settled().await?;
        system.one_measurement_each(&[lead]).await?;
        ensure!(system.count(IVAN, &["Вам назначен новый замер!"]) == 1, "Ivan must be told once");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_new_measurements_for_a_chat_that_cannot_be_sent_to_become_one_message() -> Result<()> {
    const NAMES: [&str; 7] = ["Окна", "Балкон", "Дверь", "Лоджия", "Кухня", "Шкаф", "Веранда"];
    with_system(async |system| {
        system.settled().await?;
        let refused = FaultRule::on("sendMessage", Fault::too_many_requests(1)).chat(ANNA);
        system.telegram.fault(refused.always());
        for name in NAMES {
            system.amocrm.create_deal(deal(name))?;
        }
        measurements_are(system, 7).await?;
        system.telegram.clear_faults();

        let digest = system.sees(ANNA, &["🆕 Новых замеров: 7", "⏳ Открыть список"]).await?;
        system.settled().await?;
        for name in NAMES {
            ensure!(system.count(ANNA, &[name]) == 0, "{name} came beside the digest");
        }
        system.presses(&digest, "⏳ Открыть список").await?;
        let list = system.becomes(&digest, &["⏳ Ожидают назначения · 7", "Дальше ›"]).await?;
        let on_first_page: Vec<_> = NAMES.into_iter().filter(|name| list.button(name).is_some()).collect();
        ensure!(on_first_page.len() == 6, "{}", list.rendered());
        for name in &on_first_page {
            system.presses(&list, name).await?;
            system.sees(ANNA, &["Замер №", "📄", name]).await?;
        }
        system.presses(&list, "Дальше ›").await?;
        let seventh = NAMES.into_iter().find(|name| !on_first_page.contains(name)).context("the seventh")?;
        let list = system.becomes(&list, &[seventh, "‹ Назад"]).await?;
        system.presses(&list, seventh).await?;
        system.sees(ANNA, &["Замер №", "📄", seventh]).await?;
        Ok(())
    })
    .await
}

async fn measurements_are(system: &System, count: i64) -> Result<()> {
    let mut database = system.database.connect().await?;
    wait::until("all measurements to be there", wait::LIMIT, async || {
        let query = sqlx::query_scalar::<_, i64>("select count(*) from measurements");
        (query.fetch_one(&mut database).await.ok()? == count).then_some(())
    })
    .await
}
