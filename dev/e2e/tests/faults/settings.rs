use anyhow::{Result, ensure};
use e2e::people::ANNA;
use e2e::process::Service;
use simulator::amocrm::{Deal, demo};

use crate::replicas::comes_to_lead;
use crate::stage::{deal, with_system};

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_setting_holds_on_every_replica_and_after_a_start_with_other_values() -> Result<()> {
    with_system(async |system| {
        let first = system.bot.clone();
        comes_to_lead(&first).await?;
        let second = system.another_bot().await?;
        let standing_by = second.start().await?;

        let settings = system.asks(ANNA, "/settings", &["🎯 Этапы замера"]).await?;
        system.presses(&settings, "🎯 Этапы замера").await?;
        let stages = system.becomes(&settings, &["Продажи → Замер", "Новая"]).await?;
        system.presses(&stages, "Новая").await?;
        let both = system.becomes(&settings, &["✅ Новая", "✅ Замер"]).await?;
        system.presses(&both, "✅ Замер").await?;
        system.becomes(&settings, &["Сейчас: Продажи → Новая."]).await?;

        let here = system.amocrm.create_deal(entered("Окна"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;

        // The one that stood by all the time has never been told otherwise than by the table.
        system.kill_bot().await?;
        comes_to_lead(&second).await?;
        let there = system.amocrm.create_deal(entered("Балкон"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Балкон"]).await?;

        // The first begins anew, with the old stage in its environment.
        ensure!(starts_with(&first, demo::MEASUREMENT.status), "the environment says something else");
        system.start_services().await?;
        standing_by.kill().await?;
        comes_to_lead(&first).await?;
        system.amocrm.create_deal(deal("Дверь"))?;
        let again = system.amocrm.create_deal(entered("Лоджия"))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Лоджия"]).await?;
        system.settled().await?;
        ensure!(system.count(ANNA, &["Дверь"]) == 0, "the old stage opens nothing");
        system.one_measurement_each(&[here, there, again]).await
    })
    .await
}

/// In the stage that opens a measurement since the change.
fn entered(name: &str) -> Deal {
    deal(name).stage(demo::NEW)
}

fn starts_with(bot: &Service, stage: i64) -> bool {
    bot.settings.get("MEASUREMENT_TRIGGERS").is_some_and(|triggers| triggers.ends_with(&format!(":{stage}")))
}
