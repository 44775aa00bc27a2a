//! A system with its page, open in a browser.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::browser;
use e2e::people::ANNA;
use e2e::screen::{Screen, newest};
use e2e::system::{Places, System};
use simulator::page::Page;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// A test that hangs fails with the logs of the services.
const LIMIT: Duration = Duration::from_mins(3);

/// The broker's queues are common to all tests.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Plays on a page that is open. Without chromedriver the test is left out, which CI does not allow.
pub async fn on_page(test: impl AsyncFnOnce(&Screen, &System) -> Result<()>) -> Result<()> {
    if !browser::is_present() {
        let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        ensure!(!is_ci, "chromedriver is missing: install the packages chromium and chromium-driver");
        eprintln!("LEFT OUT: there is no chromedriver (Debian packages chromium and chromium-driver)");
        return Ok(());
    }
    let _alone = ALONE.lock().await;
    let system = System::start(&Places::from_environment()?).await?;
    let page = Page::start(system.telegram.clone(), system.amocrm.clone()).await?;
    let screen = Screen::open(&page.url()).await?;
    let played = timeout(LIMIT, test(&screen, &system)).await;
    let outcome = played.context("the test took too long").and_then(|outcome| outcome);
    outcome.inspect_err(|_| eprintln!("{}\n{}", system.bot.end_of_log(), system.ingest.end_of_log()))?;
    screen.browser.close().await?;
    drop(page);
    system.stop().await
}

/// Anna presses START and is shown her menu.
pub async fn anna_starts(screen: &Screen) -> Result<()> {
    screen.starts(ANNA).await?;
    screen.sees(ANNA, &["⏳ Новые замеры", "➕ Пригласить"]).await.map(drop)
}

/// Anna makes an invitation, and the guest opens its link.
pub async fn joins(screen: &Screen, guest: i64, role: &str, name: &str) -> Result<()> {
    invitation(screen, role).await?;
    screen.opens_as(ANNA, guest).await?;
    screen.sees(guest, &[&format!("Добро пожаловать, {name}"), role]).await?;
    screen.sees(ANNA, &[name, "вошёл по приглашению"]).await.map(drop)
}

/// The newest message of Anna is an invitation then.
pub async fn invitation(screen: &Screen, role: &str) -> Result<()> {
    screen.command(ANNA, "menu").await?;
    screen.press_newest(ANNA, "⏳ Новые замеры", "➕ Пригласить").await?;
    screen.press_newest(ANNA, "Кого пригласить?", role).await?;
    screen
        .find(&format!("{}[contains(., 'Приглашение:') and contains(., '{role}')]", newest(ANNA)))
        .await
        .map(drop)
}
