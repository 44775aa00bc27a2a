//! Whom the bot proposes, and what people make of it.

use anyhow::{Context, Result, ensure};
use simulator::amocrm::{Deal, demo};

use super::Story;
use crate::people::{ANNA, BORIS, IVAN, PETR};

pub(super) async fn by_zone(story: &mut Story<'_>) -> Result<()> {
    let zones = story.system.asks(ANNA, "/zones", &["🗺 Зоны", "Зон пока нет"]).await?;
    story.system.presses(&zones, "➕ Новая зона").await?;
    story.system.becomes(&zones, &["Напишите название"]).await?;
    let people = story.system.asks(ANNA, "Север", &["Зона «Север»", "Пётр Сидоров"]).await?;
    story.system.presses(&people, "Пётр Сидоров").await?;
    story.system.becomes(&people, &["✅ Пётр Сидоров"]).await?;
    story.say("Анна заводит зону «Север», замеряет в ней Пётр");

    story.system.amocrm.create_deal(deal("Лоджия", "Север"))?;
    let proposed = ["Лоджия", "⚡️ Предлагаем: Пётр Сидоров", "🗺 Зона «Север»", "✅ Подтвердить: Пётр С."];
    let annas = story.system.sees(ANNA, &proposed).await?;
    let boriss = story.system.sees(BORIS, &proposed).await?;
    let toast = story.system.presses(&annas, "✅ Подтвердить: Пётр С.").await?;
    ensure!(toast.text == "✅ Назначен Пётр Сидоров", "{toast:?}");
    story.system.sees(PETR, &["Лоджия", "📋 Назначен"]).await?;
    story.system.becomes(&boriss, &["📋 Назначен", "👷 Пётр Сидоров", "Анна Серова"]).await?;
    story.say("Сделка из «Севера»: бот предлагает Петра и говорит почему, Анна подтверждает одним нажатием");
    Ok(())
}

pub(super) async fn overridden_and_declined(story: &mut Story<'_>) -> Result<()> {
    story.system.amocrm.create_deal(deal("Веранда", "Север"))?;
    let annas = story.system.sees(ANNA, &["Веранда", "⚡️ Предлагаем: Пётр Сидоров"]).await?;
    story.system.presses(&annas, "Иван П.").await?;
    let ivans = story.system.sees(IVAN, &["Веранда", "🙅 Не могу"]).await?;
    story.say("Бот снова предлагает Петра, Анна решает иначе: едет Иван");

    story.system.presses(&ivans, "🙅 Не могу").await?;
    let why = story.system.becomes(&ivans, &["Почему не можете?", "далеко"]).await?;
    story.system.presses(&why, "далеко").await?;
    let again = ["Веранда", "⏳ Замер снова ждёт замерщика", "⚡️ Предлагаем: Пётр Сидоров"];
    let boriss = story.system.sees(BORIS, &again).await?;
    let history = boriss.data_of("📜 История").context("the history's button")?.to_owned();
    story.system.telegram.press_data(BORIS, boriss.id, &history)?;
    let told = ["предложение: Пётр Сидоров", "вместо предложенного: Пётр Сидоров", "🙅 не может: далеко"];
    story.system.sees(BORIS, &told).await?;
    story.say("Иван не может: замер снова в очереди, история помнит и предложение, и кто решил иначе");
    Ok(())
}

pub(super) async fn an_unknown_zone(story: &mut Story<'_>) -> Result<()> {
    story.system.amocrm.create_deal(deal("Эркер", "Юг"))?;
    let told = story.system.sees(ANNA, &["зона «Юг», бот такой не знает", "❓ Решить, что это"]).await?;
    story.system.presses(&told, "❓ Решить, что это").await?;
    let question = story.system.becomes(&told, &["Что это?", "➕ Новая зона «Юг»", "Это «Север»"]).await?;
    story.system.presses(&question, "Это «Север»").await?;
    story.system.becomes(&told, &["Зона «Север»", "Другие написания: Юг"]).await?;
    story.system.sees(ANNA, &["Эркер", "⚡️ Теперь предлагаем: Пётр Сидоров", "🗺 Зона «Север»"]).await?;
    story.say("Незнакомую зону Анна связывает одним нажатием, и предложение меняется само");
    Ok(())
}

pub(super) async fn by_dealer(story: &mut Story<'_>) -> Result<()> {
    story.system.amocrm.create_deal(anywhere("Витрина").company("Окна-Сервис"))?;
    story.system.sees(BORIS, &["Витрина", "🔄 По очереди"]).await?;
    let dealers = story.system.asks(ANNA, "/dealers", &["Дилеров пока нет", "❓ Окна-Сервис"]).await?;
    story.system.presses(&dealers, "❓ Окна-Сервис").await?;
    let question = ["🏢 Дилер «Окна-Сервис»", "Кто замеряет клиентов этого дилера?", "Иван Петров"];
    let question = story.system.becomes(&dealers, &question).await?;
    story.system.presses(&question, "Иван Петров").await?;
    let by_dealer = ["Иван Петров", "🏢 Дилер «Окна-Сервис»"];
    story.system.sees(BORIS, &["Витрина", by_dealer[0], by_dealer[1]]).await?;
    story.say("Компанию сделки Анна делает дилером и решает, кто замеряет его клиентов");

    story.system.amocrm.create_deal(anywhere("Мансарда").company("ОКНА-СЕРВИС"))?;
    let annas = story.system.sees(ANNA, &["Мансарда", "⚡️ Предлагаем: Иван Петров", by_dealer[1]]).await?;
    story.system.presses(&annas, "✅ Подтвердить: Иван П.").await?;
    story.system.sees(IVAN, &["Мансарда", "📋 Назначен"]).await?;
    story.say("Следующую сделку этой компании бот предлагает её замерщику, как бы её ни написали");
    Ok(())
}

fn deal(name: &str, zone: &str) -> Deal {
    anywhere(name).zone(zone)
}

/// In no zone that anybody has named.
fn anywhere(name: &str) -> Deal {
    Deal::named(name)
        .stage(demo::MEASUREMENT)
        .responsible(demo::OLGA)
        .address("ул. Полярная, 3")
        .client("Орлова Нина", "8 916 555-44-33")
}
