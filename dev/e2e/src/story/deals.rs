//! How deals become measurements, and what becomes of those.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use simulator::amocrm::{Deal, demo};
use simulator::telegram::{Body, Photo};

use super::Story;
use crate::acts::PATIENCE;
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
    story.system.quiet(&[ANNA, BORIS]).await?;
    let lead = story.system.amocrm.create_deal(deal)?;
    let entered = Instant::now();
    story.system.amocrm.move_deal(lead, demo::MEASUREMENT)?;
    let new = ["🆕", "⏳ Ожидает назначения", "Окна в детскую", "А-1042", "+79161234567"];
    let annas = story.system.sees(ANNA, &new).await?;
    let boriss = story.system.sees(BORIS, &new).await?;
    let took = entered.elapsed();
    ensure!(took < CARD_WITHIN, "the card took {took:?}");
    story
        .say(&format!("Сделка вошла в этап, карточка у обоих администраторов через {} мс", took.as_millis()));

    let toast = story.system.presses(&annas, "Иван П.").await?;
    ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
    let ivans = story
        .system
        .sees(IVAN, &["📋 Вам назначен новый замер!", "🔄 Начать выполнение", "+79161234567"])
        .await?;
    let olgas = story.system.sees(OLGA, &["✅ Замерщик назначен на ваш заказ", "👷 Иван Петров"]).await?;
    ensure!(olgas.labels() == [["💬 Комментарий"]], "a manager changes nothing: {}", olgas.rendered());
    story
        .system
        .becomes(&annas, &["📋 Назначен", "👷 Иван Петров", "Анна Серова", "🔄 Сменить замерщика"])
        .await?;
    story.system.becomes(&boriss, &["📋 Назначен", "Анна Серова", "❌ Отменить замер"]).await?;
    story.say("Анна назначает Ивана: он и менеджер Ольга узнают, карточка Бориса показывает кто и кого");

    story.system.presses(&annas, "🔄 Сменить замерщика").await?;
    let choice = story.system.becomes(&annas, &["Пётр С."]).await?;
    story.system.presses(&choice, "Пётр С.").await?;
    story.system.sees(IVAN, &["⚠️ Вы сняты с замера"]).await?;
    let stub = story.system.telegram.wait_until("Ivan's card to hide the client", PATIENCE, |telegram| {
        telegram.message(IVAN, ivans.id).filter(|card| !card.rendered().contains("+79161234567"))
    });
    ensure!(stub.await?.labels().is_empty(), "a stub has buttons");
    let petrs = story.system.sees(PETR, &["📋 Вам назначен новый замер!", "✅ Завершить"]).await?;
    story
        .system
        .sees(OLGA, &["🔄 Изменен замерщик на вашем заказе", "❌ Иван Петров", "✅ Пётр Сидоров"])
        .await?;
    story.say("Анна меняет Ивана на Петра: Иван снят и больше не видит клиента");

    story.system.presses(&petrs, "🔄 Начать выполнение").await?;
    story.system.sees(OLGA, &["🔄 В процессе (Пётр Сидоров"]).await?;
    let petrs = story.system.becomes(&petrs, &["🔄 В процессе", "✅ Завершить"]).await?;
    let toast = story.system.presses(&petrs, "✅ Завершить").await?;
    ensure!(toast.text == "✅ Замер выполнен", "{toast:?}");
    story.system.sees(OLGA, &["✅ Выполнен (Пётр Сидоров"]).await?;
    let annas = story.system.becomes(&annas, &["✅ Выполнен · Пётр Сидоров"]).await?;
    let of_completed = [vec!["↩️ Вернуть"], vec!["💬 Комментарий"], vec!["➕ Повторный выезд", "📜 История"]];
    ensure!(annas.labels() == of_completed, "{}", annas.rendered());
    let data = annas.data_of("📜 История").context("the history's button")?.to_owned();
    story.system.telegram.press_data(ANNA, annas.id, &data)?;
    story.system.sees(ANNA, &["📜 История", "Пётр Сидоров: замер выполнен", "✓ Ольга Смирнова"]).await?;
    story.say("Пётр начинает и завершает, менеджер узнаёт о каждом шаге");
    Ok(())
}

pub(super) async fn cancelled_by_an_admin(story: &mut Story<'_>) -> Result<()> {
    let deal =
        Deal::named("Балкон").stage(demo::MEASUREMENT).responsible(demo::OLGA).client("Сидорова Вера", "");
    story.system.amocrm.create_deal(deal)?;
    let boriss = story
        .system
        .sees(BORIS, &["⏳ Ожидает назначения", "Балкон", "⚠️ нет адреса", "⚠️ нет телефона"])
        .await?;
    story.system.presses(&boriss, "❌ Отменить замер").await?;
    let question =
        story.system.becomes(&boriss, &["Выберите причину", "клиент отказался", "Не отменять"]).await?;
    story.system.presses(&question, "клиент отказался").await?;
    let boriss =
        story.system.becomes(&boriss, &["❌ Отменен · Борис Котов", "Причина: клиент отказался"]).await?;
    let of_cancelled = [["↩️ Вернуть"], ["💬 Комментарий"], ["↩️ Отменить действие"], ["📜 История"]];
    ensure!(boriss.labels() == of_cancelled, "{}", boriss.rendered());
    story.system.sees(OLGA, &["Балкон", "❌ Отменен · Борис Котов"]).await?;
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
    let boriss = story.system.sees(BORIS, &["⏳ Ожидает назначения", "Дверь", "ул. Мира, 7"]).await?;
    story.system.presses(&boriss, "Иван П.").await?;
    let ivans = story.system.sees(IVAN, &["Дверь", "+79031112233"]).await?;
    story.system.amocrm.edit_client_phone(lead, "8 903 444-55-66").context("editing the phone")?;
    story.system.becomes(&ivans, &["+79034445566"]).await?;
    story.say("Телефон сменили в AmoCRM, карточка замерщика показывает новый");
    Ok(())
}

pub(super) async fn a_photo_from_the_visit(story: &mut Story<'_>) -> Result<()> {
    let deal = Deal::named("Окно на кухню")
        .stage(demo::MEASUREMENT)
        .responsible(demo::OLGA)
        .address("ул. Садовая, 3")
        .client("Павлова Нина", "+7 905 222-33-44");
    story.system.amocrm.create_deal(deal)?;
    let boriss = story.system.sees(BORIS, &["⏳ Ожидает назначения", "Окно на кухню"]).await?;
    story.system.presses(&boriss, "Иван П.").await?;
    let ivans = story.system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окно на кухню"]).await?;
    let olgas = story.system.sees(OLGA, &["✅ Замерщик назначен на ваш заказ", "Окно на кухню"]).await?;
    let photo = Body::Photo(Photo::read(include_bytes!("window.jpg"))?);
    story.system.telegram.sends(IVAN, photo, "Проём 140 на 150, откосы целые", Some(ivans.id))?;
    story.system.sees(IVAN, &["💬 Комментарий к замеру", "сохранён"]).await?;
    let told = story.system.sees(OLGA, &["(photo)", "Иван Петров (👷 Замерщик)", "Проём 140 на 150"]).await?;
    ensure!(told.reply_to == Some(olgas.id), "it answers her own card: {told:?}");
    story.system.becomes(&olgas, &["💬 Иван Петров", "Проём 140 на 150", "📎 Файлы (1)"]).await?;
    story.say("Иван отвечает на карточку фотографией: менеджер и администраторы получают её");

    story.system.telegram.replies(OLGA, told.id, "Спасибо, подоконник тоже измерьте")?;
    story.system.sees(IVAN, &["Ольга Смирнова (💼 Менеджер)", "подоконник тоже"]).await?;
    story.say("Ольга отвечает на фотографию, ответ приходит Ивану");

    story.system.copied_files(1).await?;
    story.system.telegram.forgets_files();
    let annas = story.system.sees(ANNA, &["Иван Петров (👷 Замерщик)", "[📋 Открыть карточку]"]).await?;
    story.system.presses(&annas, "📋 Открыть карточку").await?;
    let card = story.system.sees(ANNA, &["Окно на кухню", "📎 Файлы (1)"]).await?;
    story.system.presses(&card, "📎 Файлы (1)").await?;
    story.system.sees(ANNA, &["(photo)", "Иван Петров, ", "Проём 140 на 150"]).await?;
    story.say("Telegram теряет файл, Анна получает его из своей копии");
    Ok(())
}
