//! What a person can do in a chat beside pressing buttons.

use anyhow::{Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::{ANNA, IVAN};
use e2e::screen::{Screen, chat};
use e2e::wait;

use crate::stage::{anna_starts, invitation, joins, on_page};

/// The first free id of people who are added on the page: after everybody of the cast.
const NEWCOMER: i64 = 9002;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_comes_by_link_sends_a_photo_and_a_contact_and_blocks_the_bot() -> Result<()> {
    on_page(async |screen, system| {
        anna_starts(screen).await?;
        joins(screen, IVAN, "👷 Замерщик", "Иван").await?;
        somebody_new_comes_by_the_link(screen).await?;

        screen.command(IVAN, "my").await?;
        screen.sees(IVAN, &["Активных замеров нет"]).await?;
        sends_a_photo(screen).await?;
        sends_a_contact(screen).await?;

        screen.click(&format!("{}//button[@data-block]", chat(IVAN))).await?;
        screen.find(&format!("{}//button[@data-only='unblock']", chat(IVAN))).await?;
        screen.starts(IVAN).await?;
        screen.command(IVAN, "menu").await?;
        screen.sees(IVAN, &["📋 Мои активные замеры"]).await?;
        ensure!(system.telegram.unanswered_presses() == 0, "a press was not answered");
        Ok(())
    })
    .await
}

async fn somebody_new_comes_by_the_link(screen: &Screen) -> Result<()> {
    invitation(screen, "👷 Замерщик").await?;
    screen.click_bot_link(ANNA).await?;
    screen.click("//dialog[@open]//button[@data-newcomer]").await?;
    screen.fill("//dialog[@open]//input[@name='first_name']", "Ксения").await?;
    screen.fill("//dialog[@open]//input[@name='last_name']", "Орлова").await?;
    screen.click("//dialog[@open]//button[@type='submit']").await?;
    screen.sees(NEWCOMER, &["Добро пожаловать, Ксения", "👷 Замерщик"]).await?;
    screen.sees(ANNA, &["Ксения Орлова", "по приглашению"]).await.map(drop)
}

async fn sends_a_photo(screen: &Screen) -> Result<()> {
    screen.fill(&format!("{}//textarea[@data-say]", chat(IVAN)), "Вид из окна").await?;
    screen.click(&format!("{}//button[@data-open='attach']", chat(IVAN))).await?;
    screen.click(&format!("{}//button[@data-item='example-photo']", chat(IVAN))).await?;
    let photo = format!("{}//article[contains(., 'Вид из окна')]//img", chat(IVAN));
    let width = "return arguments[0].naturalWidth";
    wait::until("the photo to be shown", PATIENCE, async || {
        let photo = serde_json::to_value(screen.find(&photo).await.ok()?).ok()?;
        let width = screen.browser.client.execute(width, vec![photo]).await.ok()?;
        (width == 960).then_some(())
    })
    .await?;
    screen.sees(IVAN, &["К какому замеру это?"]).await.map(drop)
}

async fn sends_a_contact(screen: &Screen) -> Result<()> {
    screen.click(&format!("{}//button[@data-open='attach']", chat(IVAN))).await?;
    screen.click(&format!("{}//button[@data-item='contact']", chat(IVAN))).await?;
    screen.fill("//dialog[@open]//input[@name='phone_number']", "+79165550011").await?;
    screen.click("//dialog[@open]//button[@type='submit']").await?;
    screen.find(&format!("{}//article//*[@data-contact='+79165550011']", chat(IVAN))).await.map(drop)
}
