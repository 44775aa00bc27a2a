//! What the office asks, and who leaves.

use anyhow::{Result, ensure};

use super::Story;
use crate::people::{ANNA, BORIS, IVAN, PETR};

pub(super) async fn a_client_calls(story: &mut Story<'_>) -> Result<()> {
    story.system.asks(BORIS, "5566", &["🔎 Найден", "Дверь", "ул. Мира, 7"]).await?;
    story.system.asks(IVAN, "мира 7", &["🔎 Найден", "Дверь"]).await?;
    story.system.asks(PETR, "5566", &["Ничего не найдено"]).await?;
    story.say("Борис находит замер по концу телефона, Иван по адресу, а Пётр чужого не видит");
    Ok(())
}

pub(super) async fn what_is_in_a_zone(story: &mut Story<'_>) -> Result<()> {
    let list = story.system.asks(BORIS, "/all", &["📋 Все замеры", "🔎 Фильтр"]).await?;
    story.system.presses(&list, "🔎 Фильтр").await?;
    let filter = story.system.becomes(&list, &["🗺 Зона: любая"]).await?;
    story.system.presses(&filter, "🗺 Зона: любая").await?;
    let zones = story.system.becomes(&list, &["Замеры какой зоны показать?", "Север"]).await?;
    story.system.presses(&zones, "Север").await?;
    let north = story.system.becomes(&list, &["🗺 Север", "Лоджия", "Веранда", "Эркер"]).await?;
    ensure!(!north.rendered().contains("Мансарда"), "it is in no zone: {}", north.rendered());
    story.say("Борис оставляет в списке одну зону: в ней и те сделки, где её пишут иначе");
    Ok(())
}

pub(super) async fn a_measurer_leaves(story: &mut Story<'_>) -> Result<()> {
    let people = story.system.asks(BORIS, "/measurers", &["Пётр Сидоров"]).await?;
    story.system.presses(&people, "Пётр Сидоров").await?;
    let person = story.system.becomes(&people, &["Пётр Сидоров", "⛔ Отключить доступ"]).await?;
    story.system.presses(&person, "⛔ Отключить доступ").await?;
    let question = story.system.becomes(&people, &["Отключить и передать замеры"]).await?;
    story.system.presses(&question, "Отключить и передать замеры").await?;
    let successors = story.system.becomes(&people, &["Доступ будет отключён", "Иван П."]).await?;
    story.system.presses(&successors, "Иван П.").await?;
    story.system.sees(IVAN, &["Лоджия", "📋 Назначен"]).await?;
    story.system.asks(PETR, "/my", &["Ваш доступ отключён"]).await?;
    story.say("Пётр уходит: одним шагом доступ отключён, а его замер у Ивана");
    Ok(())
}

pub(super) async fn is_all_well(story: &mut Story<'_>) -> Result<()> {
    let settings = story.system.asks(ANNA, "/settings", &["⚙️ Настройки", "🎯 Этапы замера"]).await?;
    story.system.presses(&settings, "🎯 Этапы замера").await?;
    let stages = story.system.becomes(&settings, &["Продажи → Замер"]).await?;
    let refused = story.system.presses(&stages, "✅ Замер").await?;
    ensure!(refused.text.contains("последний этап"), "the last stage is kept: {refused:?}");
    let well = ["✅ AmoCRM отвечает", "✅ Telegram отвечает", "✅ Очередь сообщений подключена"];
    story.system.asks(ANNA, "/status", &well).await?;
    story.say("Анна смотрит этапы замера и состояние системы: всё работает");
    Ok(())
}
