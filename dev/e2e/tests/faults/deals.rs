use anyhow::{Result, ensure};
use e2e::people::{ANNA, IVAN};
use simulator::amocrm::demo;

use crate::stage::{deal, with_system};

#[tokio::test(flavor = "multi_thread")]
async fn a_measurement_whose_deal_was_lost_in_amocrm_comes_back_by_a_press_and_knows_what_it_missed()
-> Result<()> {
    with_system(async |system| {
        system.join(&[(IVAN, "measurer")]).await?;
        let lead = system.amocrm.create_deal(deal("Окна"))?;
        let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна", "+79161234567"]).await?;
        system.amocrm.move_deal(lead, demo::REFUSED)?;
        system.sees(ANNA, &["❌ Замер №1 · Окна отменен: сделка закрыта в AmoCRM"]).await?;
        let card = system.becomes(&card, &["❌ Отменен", "↩️ Вернуть"]).await?;
        system.amocrm.edit_client_phone(lead, "8 903 444-55-66")?;
        system.settled().await?;

        let toast = system.presses(&card, "↩️ Вернуть").await?;
        ensure!(toast.text == "↩️ Замер снова ждёт назначения" && !toast.is_alert, "{toast:?}");
        let card = system.becomes(&card, &["⏳ Ожидает назначения", "+79034445566"]).await?;
        ensure!(card.button("Иван П.").is_some(), "{}", card.rendered());
        system.settled().await?;
        system.one_measurement_each(&[lead]).await
    })
    .await
}
