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
