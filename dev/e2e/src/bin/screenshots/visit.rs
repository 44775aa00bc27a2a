//! A deal from the board to the visit, as every role sees it.

use anyhow::Result;
use e2e::people::{ANNA, BORIS, IVAN, OLGA};
use e2e::system::System;
use simulator::amocrm::{Deal, LeadId, demo};

use crate::camera::Camera;

pub async fn is_assigned(system: &System, camera: &Camera<'_>) -> Result<LeadId> {
    let deal = Deal::named("Окна в детскую")
        .stage(demo::NEW)
        .responsible(demo::OLGA)
        .address("г. Химки, ул. Ленина, д. 5")
        .order_number("А-1042")
        .zone("Север")
        .product("Окна ПВХ, 3 шт.")
        .comment("Домофон не работает")
        .client("Иванов Иван", "8 (916) 123-45-67");
    let lead = system.amocrm.create_deal(deal)?;
    camera.board().await?;
    system.amocrm.move_deal(lead, demo::MEASUREMENT)?;
    let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна в детскую"]).await?;
    camera.message("admin-new-card", ANNA, &["Ожидает назначения", "Окна в детскую"]).await?;
    others_come(system).await?;
    system.asks(BORIS, "/pending", &["⏳ Ожидают назначения", "Входная дверь"]).await?;
    camera.message("admin-list", BORIS, &["Ожидают назначения"]).await?;

    system.presses(&card, "Иван П.").await?;
    system.becomes(&card, &["📋 Назначен"]).await?;
    camera.message("admin-assigned-card", ANNA, &["Назначено", "Окна в детскую"]).await?;
    system.sees(OLGA, &["✅ Замерщик назначен"]).await?;
    camera.message("manager-card", OLGA, &["Замерщик назначен"]).await?;
    Ok(lead)
}

async fn others_come(system: &System) -> Result<()> {
    for (name, address) in [
        ("Остекление балкона", "Москва, Тверская ул., д. 18"),
        ("Входная дверь", "г. Мытищи, Олимпийский пр-т, д. 29"),
    ] {
        let deal = Deal::named(name)
            .stage(demo::MEASUREMENT)
            .responsible(demo::OLGA)
            .address(address)
            .client("Сидорова Вера", "+7 903 111-22-33");
        system.amocrm.create_deal(deal)?;
        system.sees(BORIS, &["⏳ Ожидает назначения", name]).await?;
    }
    Ok(())
}

pub async fn is_made(system: &System, camera: &Camera<'_>) -> Result<()> {
    let card = system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окна в детскую"]).await?;
    let shown = ["Замер №", "Окна в детскую", "+79161234567"];
    camera.message("measurer-card-assigned", IVAN, &shown).await?;
    system.presses(&card, "🔄 Начать выполнение").await?;
    let card = system.becomes(&card, &["🔄 В процессе"]).await?;
    camera.message("measurer-card-in-progress", IVAN, &[&shown[..], &["В процессе"]].concat()).await?;
    system.presses(&card, "✅ Завершить").await?;
    system.becomes(&card, &["✅ Выполнен"]).await?;
    camera.message("measurer-card-done", IVAN, &[&shown[..], &["Выполнен"]].concat()).await?;
    system.sees(OLGA, &["Окна в детскую: ✅ Выполнен"]).await?;
    let (card, reply) = (["🔢 Заказ: А-1042", "✅ Выполнен"], ["Окна в детскую: ✅ Выполнен"]);
    camera.messages("manager-replies", OLGA, &card, &reply).await
}
