//! What each role finds when it looks, and what comes when much is new.

use anyhow::Result;
use e2e::people::{ANNA, BORIS, OLGA, PETR};
use e2e::system::System;
use simulator::amocrm::{Deal, demo};
use simulator::telegram::{Fault, FaultRule};

use crate::camera::Camera;
use crate::changes::named;

/// In seconds; deals that come meanwhile are gathered.
const BUSY: u32 = 8;

/// Pyotr has a visit that is under way and one that is not.
pub async fn of_each_role(system: &System, camera: &Camera<'_>) -> Result<()> {
    let card = system.sees(PETR, &["📋 Вам назначен новый замер!", "Остекление балкона"]).await?;
    system.presses(&card, "🔄 Начать выполнение").await?;
    system.becomes(&card, &["🔄 В процессе"]).await?;
    system.amocrm.move_deal(named(system, "Жалюзи в офис")?, demo::MEASUREMENT)?;
    let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Жалюзи в офис"]).await?;
    system.presses(&card, "Пётр С.").await?;
    system.sees(OLGA, &["✅ Замерщик назначен", "Жалюзи в офис"]).await?;

    system.asks(PETR, "/my", &["📋 Мои активные замеры", "Остекление балкона"]).await?;
    camera.message("measurer-list", PETR, &["Мои активные замеры ·", "Остекление балкона"]).await?;
    system.asks(OLGA, "/menu", &["💼 Мои заказы · 2"]).await?;
    camera.message("manager-menu", OLGA, &["💼 Мои заказы · 2", "🗂 Завершённые"]).await?;
    system.asks(OLGA, "/orders", &["💼 Мои заказы · 2", "Остекление балкона"]).await?;
    camera.message("manager-list", OLGA, &["Мои заказы ·", "Остекление балкона"]).await?;
    system.asks(BORIS, "/all", &["📋 Все замеры", "Жалюзи в офис"]).await?;
    camera.message("admin-all", BORIS, &["Все замеры ·", "Жалюзи в офис"]).await
}

pub async fn many_at_once(system: &System, camera: &Camera<'_>) -> Result<()> {
    system.settled().await?;
    for admin in [ANNA, BORIS] {
        let busy = Fault::too_many_requests(BUSY);
        system.telegram.fault(FaultRule::on("sendMessage", busy).chat(admin));
    }
    for flat in 1..=7 {
        let deal = Deal::named(format!("Окна, квартира {flat}")).stage(demo::MEASUREMENT);
        system.amocrm.create_deal(deal.address(format!("г. Химки, ул. Победы, д. 3, кв. {flat}")))?;
    }
    system.sees(ANNA, &["🆕 Новых замеров: 7"]).await?;
    camera.message("admin-many", ANNA, &["Новых замеров: 7"]).await
}
