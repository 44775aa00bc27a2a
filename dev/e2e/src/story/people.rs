//! How people come in.

use anyhow::{Result, ensure};

use super::{Story, link_in};
use crate::acts::PATIENCE;
use crate::people::{ANNA, BORIS, IVAN, OLGA, PETR, STRANGER};

pub(super) async fn join(story: &mut Story<'_>) -> Result<()> {
    let telegram = story.system.telegram.clone();
    telegram.starts(ANNA, None)?;
    story.system.sees(ANNA, &["⏳ Новые замеры", "➕ Пригласить"]).await?;
    telegram.starts(STRANGER, None)?;
    story.system.sees(STRANGER, &["У вас пока нет доступа"]).await?;
    story.say("Анна из ADMIN_IDS видит меню, незнакомец получает отказ");

    let guests = [
        (BORIS, "👑 Администратор", "Борис"),
        (IVAN, "👷 Замерщик", "Иван"),
        (PETR, "👷 Замерщик", "Пётр"),
        (OLGA, "💼 Менеджер", "Ольга"),
    ];
    for (guest, role, name) in guests {
        let menu = story.system.asks(ANNA, "/menu", &["➕ Пригласить"]).await?;
        story.system.presses(&menu, "➕ Пригласить").await?;
        let choice = story.system.becomes(&menu, &["Кого пригласить?"]).await?;
        story.system.presses(&choice, role).await?;
        let invitation = story.system.becomes(&menu, &[&format!("Приглашение: {role}"), "?start="]).await?;
        let link = link_in(&invitation, "https://t.me/")?;
        telegram.follows(guest, &link)?;
        story.system.sees(guest, &[&format!("Добро пожаловать, {name}"), role]).await?;
        story.system.sees(ANNA, &[name, "вошёл по приглашению"]).await?;
        story.say(&format!("{name} входит по ссылке: {role}"));
        if guest == IVAN {
            telegram.follows(STRANGER, &link)?;
            story.system.sees(STRANGER, &["Ссылка уже использована"]).await?;
            story.say("Та же ссылка второй раз никого не впускает");
        }
    }
    let commands: Vec<_> = telegram
        .wait_until("Ivan's commands", PATIENCE, |telegram| {
            let names: Vec<_> =
                telegram.commands_shown_to(IVAN).into_iter().map(|command| command.command).collect();
            names.contains(&"my".to_owned()).then_some(names)
        })
        .await?;
    ensure!(!commands.contains(&"all".to_owned()), "a measurer is shown an admin's command");
    Ok(())
}

pub(super) async fn link_the_manager(story: &mut Story<'_>) -> Result<()> {
    story.system.asks(OLGA, "/orders", &["Вы ещё не привязаны к AmoCRM"]).await?;
    let menu = story.system.asks(BORIS, "/menu", &["👥 Сотрудники"]).await?;
    story.system.presses(&menu, "👥 Сотрудники").await?;
    let people = story.system.becomes(&menu, &["Ольга Смирнова", "Иван Петров"]).await?;
    story.system.presses(&people, "Ольга Смирнова").await?;
    let olga = story.system.becomes(&menu, &["💼", "🔗 Привязать к AmoCRM"]).await?;
    story.system.presses(&olga, "🔗 Привязать к AmoCRM").await?;
    let employees =
        story.system.becomes(&menu, &["Кто это в AmoCRM: Ольга Смирнова?", "⭐ Ольга Смирнова"]).await?;
    story.system.presses(&employees, "⭐ Ольга Смирнова").await?;
    story.system.becomes(&menu, &["✅ Ольга Смирнова: привязка к «Ольга Смирнова» в AmoCRM"]).await?;
    story.system.asks(OLGA, "/orders", &["По вашим сделкам замеров пока нет"]).await?;
    story.say("Борис привязывает Ольгу к её сотруднику в AmoCRM");
    Ok(())
}
