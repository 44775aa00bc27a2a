//! Plays a story and takes pictures of its screens, for the guides. Started by `cargo xtask screenshots`.

use anyhow::{Context, Result, ensure};
use e2e::acts::PATIENCE;
use e2e::browser;
use e2e::people::{ANNA, PETR};
use e2e::screen::Screen;
use e2e::system::{Places, System};
use simulator::amocrm::{Deal, LeadId, demo};
use simulator::page::Page;

use crate::camera::{Camera, DESK, DESK_AT_NIGHT, PHONE};

mod camera;
mod changes;
mod lists;
mod people;
mod settings;
mod visit;

#[tokio::main]
async fn main() -> Result<()> {
    ensure!(browser::is_present(), "chromedriver is missing: install chromium and chromium-driver");
    let folder = std::env::args().nth(1).context("which folder are the pictures for?")?;
    let system = System::start(&Places::from_environment()?).await?;
    let page = Page::start(system.telegram.clone(), system.amocrm.clone()).await?;
    let screen = Screen::open(&page.url()).await?;
    let camera = Camera { screen: &screen, folder: folder.into() };
    let played = play(&system, &camera).await;
    played.inspect_err(|_| eprintln!("{}\n{}", system.bot.end_of_log(), system.ingest.end_of_log()))?;
    screen.browser.close().await?;
    drop(page);
    system.stop().await
}

async fn play(system: &System, camera: &Camera<'_>) -> Result<()> {
    camera.look_at_chats().await?;
    people::come_in(system, camera).await?;
    people::the_manager_is_linked(system, camera).await?;
    let windows = visit::is_assigned(system, camera).await?;
    visit::is_made(system, camera).await?;
    the_whole_page(system, camera, windows).await?;
    camera.look_at_chats().await?;
    changes::an_admin_thinks_again(system, camera).await?;
    changes::a_deal_is_lost(system, camera).await?;
    lists::of_each_role(system, camera).await?;
    settings::are_shown(system, camera).await?;
    people::access_is_taken(system, camera).await?;
    lists::many_at_once(system, camera).await
}

/// In the middle of work: one visit done, one under way, one waiting.
async fn the_whole_page(system: &System, camera: &Camera<'_>, done: LeadId) -> Result<()> {
    let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Остекление балкона"]).await?;
    system.presses(&card, "Пётр С.").await?;
    system.sees(PETR, &["Остекление балкона"]).await?;
    system.amocrm.move_deal(done, demo::PRODUCTION)?;
    system.amocrm.create_deal(
        Deal::named("Жалюзи в офис")
            .stage(demo::NEW)
            .responsible(demo::OLGA)
            .address("г. Химки, Юбилейный пр-т, д. 41")
            .client("Морозова Анна", "+7 926 555-01-02"),
    )?;
    system.settled().await?;
    system.amocrm.wait_for_hook_answers(PATIENCE).await?;
    camera.window("demo-page", DESK, ANNA).await?;
    camera.window("demo-page-dark", DESK_AT_NIGHT, ANNA).await?;
    camera.window("demo-page-phone", PHONE, ANNA).await
}
