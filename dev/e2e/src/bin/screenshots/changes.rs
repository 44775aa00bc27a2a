//! What becomes of a visit when somebody changes his mind.

use anyhow::{Context, Result};
use e2e::people::{ANNA, BORIS};
use e2e::system::System;
use simulator::amocrm::{LeadId, demo};

use crate::camera::Camera;

/// Of each question the picture is taken, and nothing is changed after all.
pub async fn an_admin_thinks_again(system: &System, camera: &Camera<'_>) -> Result<()> {
    let card = system.sees(ANNA, &["📋 Назначен", "Остекление балкона"]).await?;
    system.presses(&card, "🔄 Сменить замерщика").await?;
    let choice = system.becomes(&card, &["Кого назначить?"]).await?;
    camera.message("change-measurer", ANNA, &["Остекление балкона", "Кого назначить?"]).await?;
    system.presses(&choice, "‹ Назад").await?;
    let card = system.becomes(&card, &["❌ Отменить замер"]).await?;
    system.presses(&card, "❌ Отменить замер").await?;
    let question = system.becomes(&card, &["Выберите причину"]).await?;
    camera.message("cancel-question", ANNA, &["Остекление балкона", "Выберите причину"]).await?;
    system.presses(&question, "Не отменять").await?;
    system.becomes(&card, &["🔄 Сменить замерщика"]).await.map(drop)
}

pub async fn a_deal_is_lost(system: &System, camera: &Camera<'_>) -> Result<()> {
    let lead = named(system, "Входная дверь")?;
    system.amocrm.move_deal(lead, demo::REFUSED)?;
    system.sees(BORIS, &["Входная дверь", "↩️ Вернуть"]).await?;
    camera.message("admin-cancelled-card", BORIS, &["Входная дверь", "↩️ Вернуть"]).await
}

pub fn named(system: &System, name: &str) -> Result<LeadId> {
    let deals = system.amocrm.deals();
    let found = deals.iter().find(|deal| deal.name == name);
    Ok(found.with_context(|| format!("there is no deal «{name}»"))?.id)
}
