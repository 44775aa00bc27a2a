//! The switches for trouble.

use anyhow::{Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::ANNA;
use simulator::telegram::{Call, Outcome, Simulator};

use crate::stage::{anna_starts, on_page};

const CARD: [&str; 2] = ["⏳ Ожидает назначения", "Дважды"];
const WARNING: &str = "данные из вебхука";

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_switched_on_and_off_and_nothing_is_lost_or_doubled() -> Result<()> {
    on_page(async |screen, system| {
        anna_starts(screen).await?;

        screen.switch("webhooks_twice").await?;
        screen.creates_deal("Замер", &[("name", "Дважды")]).await?;
        screen.sees(ANNA, &CARD).await?;
        screen.find("(//li[@data-hook][contains(., 'Дважды')]//*[@data-status='200'])[2]").await?;
        screen.switch("webhooks_twice").await?;
        system.settled().await?;
        ensure!(system.count(ANNA, &CARD) == 1, "a webhook that came twice made two cards");

        screen.switch("telegram_refuses").await?;
        screen.command(ANNA, "pending").await?;
        system.telegram.wait_until("Telegram to refuse", PATIENCE, refused).await?;
        let title = ["⏳ Ожидают назначения"];
        ensure!(system.count(ANNA, &title) == 0, "a message came in spite of 429");
        screen.switch("telegram_refuses").await?;
        screen.sees(ANNA, &title).await?;

        screen.switch("amocrm_down").await?;
        screen.creates_deal("Замер", &[("name", "Без связи"), ("client", "Иванов Иван")]).await?;
        screen.sees(ANNA, &["Без связи", WARNING]).await?;
        screen.switch("amocrm_down").await?;
        screen.sees(ANNA, &["Без связи", "👤 Иванов Иван"]).await?;

        screen.click("(//li[@data-hook]//summary)[last()]").await?;
        screen.click("//li[@data-hook]//button[@data-redeliver]").await?;
        system.settled().await?;
        ensure!(system.count(ANNA, &CARD) == 1, "a webhook sent again made another card");
        Ok(())
    })
    .await
}

fn refused(telegram: &Simulator) -> Option<()> {
    let is_refusal = |call: &Call| matches!(call.outcome, Outcome::Refused { code: 429, .. });
    telegram.calls().iter().any(is_refusal).then_some(())
}
