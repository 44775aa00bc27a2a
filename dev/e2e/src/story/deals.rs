//! How deals become measurements, and what becomes of those.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use simulator::amocrm::{Deal, demo};

use super::Story;
use crate::people::{ANNA, BORIS, IVAN, OLGA, PETR};

/// From the stage change in AmoCRM to the card on an admin's screen.
const CARD_WITHIN: Duration = Duration::from_secs(1);

pub(super) async fn from_deal_to_completed_visit(story: &mut Story<'_>) -> Result<()> {
    let deal = Deal::named("Окна в детскую")
        .stage(demo::NEW)
        .responsible(demo::OLGA)
        .address("г. Химки, ул. Ленина, д. 5")
        .order_number("А-1042")
        .product("Окна ПВХ, 3 шт.")
        .comment("Домофон не работает")
        .client("Иванов Иван", "8 (916) 123-45-67");
    let lead = story.system.amocrm.create_deal(deal)?;
    let entered = Instant::now();
    story.system.amocrm.move_deal(lead, demo::MEASUREMENT)?;
    let new = ["🆕", "⏳ Ожидает назначения", "Окна в детскую", "А-1042", "+79161234567"];
    let annas = story.sees(ANNA, &new).await?;
    let boriss = story.sees(BORIS, &new).await?;
    let took = entered.elapsed();
    ensure!(took < CARD_WITHIN, "the card took {took:?}");
    story
        .say(&format!("Сделка вошла в этап, карточка у обоих администраторов через {} мс", took.as_millis()));

    let toast = story.presses_on(&annas, "Иван П.").await?;
    ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
    let ivans =
        story.sees(IVAN, &["📋 Вам назначен новый замер!", "🔄 Начать выполнение", "+79161234567"]).await?;
    let olgas = story.sees(OLGA, &["✅ Замерщик назначен на ваш заказ", "👷 Иван Петров"]).await?;
    ensure!(olgas.labels().is_empty(), "a manager has no buttons: {}", olgas.rendered());
    story.becomes(&annas, &["📋 Назначен", "👷 Иван Петров", "Анна Серова", "🔄 Сменить замерщика"]).await?;
    story.becomes(&boriss, &["📋 Назначен", "Анна Серова", "❌ Отменить замер"]).await?;
    story.say("Анна назначает Ивана: он и менеджер Ольга узнают, карточка Бориса показывает кто и кого");

    story.presses_on(&annas, "🔄 Сменить замерщика").await?;
    let choice = story.becomes(&annas, &["Пётр С."]).await?;
    story.presses_on(&choice, "Пётр С.").await?;
    story.sees(IVAN, &["⚠️ Вы сняты с замера"]).await?;
    let stub =
        story.system.telegram.wait_until("Ivan's card to hide the client", super::PATIENCE, |telegram| {
            telegram.message(IVAN, ivans.id).filter(|card| !card.rendered().contains("+79161234567"))
        });
    ensure!(stub.await?.labels().is_empty(), "a stub has buttons");
    let petrs = story.sees(PETR, &["📋 Вам назначен новый замер!", "✅ Завершить"]).await?;
    story.sees(OLGA, &["🔄 Изменен замерщик на вашем заказе", "❌ Иван Петров", "✅ Пётр Сидоров"]).await?;
    story.say("Анна меняет Ивана на Петра: Иван снят и больше не видит клиента");

    story.presses_on(&petrs, "🔄 Начать выполнение").await?;
    story.sees(OLGA, &["🔄 В процессе (Пётр Сидоров"]).await?;
    let petrs = story.becomes(&petrs, &["🔄 В процессе", "✅ Завершить"]).await?;
    let toast = story.presses_on(&petrs, "✅ Завершить").await?;
    ensure!(toast.text == "✅ Замер выполнен", "{toast:?}");
    story.sees(OLGA, &["✅ Выполнен (Пётр Сидоров"]).await?;
    let annas = story.becomes(&annas, &["✅ Выполнен · Пётр Сидоров"]).await?;
    ensure!(annas.labels().is_empty(), "a closed measurement has buttons: {}", annas.rendered());
    story.say("Пётр начинает и завершает, менеджер узнаёт о каждом шаге");
    Ok(())
}

pub(super) async fn cancelled_by_an_admin(story: &mut Story<'_>) -> Result<()> {
    let deal =
        Deal::named("Балкон").stage(demo::MEASUREMENT).responsible(demo::OLGA).client("Сидорова Вера", "");
    story.system.amocrm.create_deal(deal)?;
    let boriss =
        story.sees(BORIS, &["⏳ Ожидает назначения", "Балкон", "⚠️ нет адреса", "⚠️ нет телефона"]).await?;
    story.presses_on(&boriss, "❌ Отменить замер").await?;
    let question = story.becomes(&boriss, &["Да, отменить", "Не отменять"]).await?;
    story.presses_on(&question, "Да, отменить").await?;
    let boriss = story.becomes(&boriss, &["❌ Отменен · Борис Котов"]).await?;
    ensure!(boriss.labels().is_empty(), "a cancelled measurement has buttons");
    story
        .sees(OLGA, &["Балкон", "отменен: Борис Котов"])
        .await
        .or(story.sees(OLGA, &["Балкон", "❌ Отменен"]).await)?;
    story.say("Борис отменяет замер вторым нажатием, менеджер узнаёт");
    Ok(())
}

pub(super) async fn the_phone_changes(story: &mut Story<'_>) -> Result<()> {
    let deal = Deal::named("Дверь")
        .stage(demo::MEASUREMENT)
        .responsible(demo::OLGA)
        .address("ул. Мира, 7")
        .client("Кузнецов Олег", "+7 903 111-22-33");
    let lead = story.system.amocrm.create_deal(deal)?;
    let boriss = story.sees(BORIS, &["⏳ Ожидает назначения", "Дверь", "ул. Мира, 7"]).await?;
    story.presses_on(&boriss, "Иван П.").await?;
    let ivans = story.sees(IVAN, &["Дверь", "+79031112233"]).await?;
    story.system.amocrm.edit_client_phone(lead, "8 903 444-55-66").context("editing the phone")?;
    story.becomes(&ivans, &["+79034445566"]).await?;
    story.say("Телефон сменили в AmoCRM, карточка замерщика показывает новый");
    Ok(())
}
