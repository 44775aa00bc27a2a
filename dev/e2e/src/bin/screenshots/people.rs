//! Who is let in, who is linked to AmoCRM, whose access is taken.

use anyhow::{Context, Result};
use e2e::people::{ANNA, BORIS, IVAN, OLGA, PETR};
use e2e::system::System;

use crate::camera::Camera;

pub async fn come_in(system: &System, camera: &Camera<'_>) -> Result<()> {
    system.telegram.starts(ANNA, None)?;
    let menu = system.sees(ANNA, &["➕ Пригласить"]).await?;
    camera.message("admin-menu", ANNA, &["➕ Пригласить"]).await?;
    system.presses(&menu, "➕ Пригласить").await?;
    let choice = system.becomes(&menu, &["Кого пригласить?"]).await?;
    camera.message("invite-role", ANNA, &["Кого пригласить?"]).await?;
    system.presses(&choice, "👷 Замерщик").await?;
    let invitation = system.becomes(&menu, &["?start="]).await?;
    camera.message("invite", ANNA, &["Приглашение", "?start="]).await?;

    let link = invitation.text.split_whitespace().find(|word| word.starts_with("https://t.me/"));
    system.telegram.follows(IVAN, link.context("an invitation has a link")?)?;
    system.sees(IVAN, &["Добро пожаловать"]).await?;
    camera.message("welcome", IVAN, &["Добро пожаловать"]).await?;
    system.join(&[(BORIS, "admin"), (PETR, "measurer"), (OLGA, "manager")]).await
}

pub async fn the_manager_is_linked(system: &System, camera: &Camera<'_>) -> Result<()> {
    let menu = system.asks(BORIS, "/menu", &["👥 Сотрудники"]).await?;
    system.presses(&menu, "👥 Сотрудники").await?;
    let people = system.becomes(&menu, &["Ольга Смирнова"]).await?;
    camera.message("people", BORIS, &["Ольга Смирнова", "Иван Петров"]).await?;
    system.presses(&people, "Ольга Смирнова").await?;
    let person = system.becomes(&menu, &["🔗 Привязать к AmoCRM"]).await?;
    camera.message("person", BORIS, &["🔗 Привязать к AmoCRM"]).await?;
    system.presses(&person, "🔗 Привязать к AmoCRM").await?;
    let choice = system.becomes(&menu, &["⭐ Ольга Смирнова"]).await?;
    camera.message("crm-link", BORIS, &["Кто это в AmoCRM"]).await?;
    system.presses(&choice, "⭐ Ольга Смирнова").await?;
    system.becomes(&menu, &["✅ Ольга Смирнова"]).await.map(drop)
}

/// The question is asked, and answered with no.
pub async fn access_is_taken(system: &System, camera: &Camera<'_>) -> Result<()> {
    let menu = system.asks(BORIS, "/menu", &["👥 Сотрудники"]).await?;
    system.presses(&menu, "👥 Сотрудники").await?;
    let people = system.becomes(&menu, &["Пётр Сидоров"]).await?;
    system.presses(&people, "Пётр Сидоров").await?;
    let person = system.becomes(&menu, &["⛔ Отключить доступ"]).await?;
    system.presses(&person, "⛔ Отключить доступ").await?;
    let question = system.becomes(&menu, &["Отключить, замеры в очередь"]).await?;
    camera.message("access-question", BORIS, &["Отключить доступ: Пётр Сидоров?"]).await?;
    system.presses(&question, "‹ Назад").await?;
    system.becomes(&menu, &["⛔ Отключить доступ"]).await.map(drop)
}
