use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use e2e::people::ANNA;
use simulator::amocrm::Fault;

use crate::stage::{deal, with_system};

const WARNING: &str = "⚠️ данные из вебхука";

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_that_enters_while_amocrm_is_down_opens_from_its_webhook_and_is_completed_later() -> Result<()>
{
    with_system(async |system| {
        system.amocrm.inject(Fault::Down { status: 503 })?;
        let entered = Instant::now();
        let lead = system.amocrm.create_deal(deal("Окна в детскую"))?;
        let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна в детскую"]).await?;
        let waited = entered.elapsed();
        ensure!(waited > Duration::from_secs(9), "AmoCRM was given {waited:?} only");
        ensure!(waited < Duration::from_secs(13), "the card took {waited:?}");
        let shown = card.rendered();
        ensure!(shown.contains(WARNING) && shown.contains("ул. Ленина"), "{shown}");
        ensure!(!shown.contains("+79161234567"), "a hook does not hold the phone: {shown}");

        system.amocrm.heal();
        let card = system.becomes(&card, &["👤 Иванов Иван", "+79161234567"]).await?;
        ensure!(!card.rendered().contains("⚠️"), "{}", card.rendered());
        system.settled().await?;
        system.one_measurement_each(&[lead]).await?;
        ensure!(system.count(ANNA, &["Окна в детскую"]) == 1, "completing sent another message");
        Ok(())
    })
    .await
}
