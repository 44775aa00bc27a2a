//! What an administrator sets, and how everything is.

use anyhow::Result;
use e2e::people::BORIS;
use e2e::system::System;

use crate::camera::Camera;

pub async fn are_shown(system: &System, camera: &Camera<'_>) -> Result<()> {
    let settings = system.asks(BORIS, "/settings", &["🎯 Этапы замера"]).await?;
    camera.message("settings", BORIS, &["⚙️ Настройки", "🎯 Этапы замера"]).await?;
    system.presses(&settings, "🎯 Этапы замера").await?;
    system.becomes(&settings, &["Нажмите на этап"]).await?;
    camera.message("settings-stages", BORIS, &["Нажмите на этап"]).await?;
    system.asks(BORIS, "/status", &["📊 Состояние"]).await?;
    camera.message("status", BORIS, &["📊 Состояние"]).await
}
