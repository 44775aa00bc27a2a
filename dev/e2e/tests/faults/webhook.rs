//! Telegram posts its updates: to two replicas in turn, of which one is killed, and from one mode to the other.

use anyhow::{Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::{ANNA, BORIS, IVAN};
use e2e::settings::{TELEGRAM_HOST, by_webhook};
use e2e::system::System;
use e2e::wait;
use simulator::telegram::Outcome;

use crate::stage::{deal, ready, with_system};

/// The bot of this system begins anew, by this mode from now on.
async fn begins_anew(
    system: &mut System,
    settings: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<()> {
    system.stop_services().await?;
    system.bot.settings.extend(settings);
    system.start_services().await
}

/// Telegram has been told where to post.
async fn posts(system: &System) -> Result<()> {
    let set = |it: &simulator::telegram::Simulator| it.webhook_url().map(|_| ());
    system.telegram.wait_until("the webhook is set", PATIENCE, set).await
}

fn server(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

#[tokio::test(flavor = "multi_thread")]
async fn by_webhook_two_replicas_carry_a_deal_to_its_end_though_the_leader_is_killed() -> Result<()> {
    with_system(async |system| {
        let second = system.another_bot().await?;
        system.telegram.resolve(TELEGRAM_HOST, [server(system.bot.port), server(second.port)]);
        begins_anew(system, by_webhook()).await?;
        posts(system).await?;
        let second = {
            let mut second = second;
            second.settings.extend(by_webhook());
            second
        };
        let standing_by = second.start().await?;
        system.join(&[(BORIS, "admin"), (IVAN, "measurer")]).await?;

        let lead = system.amocrm.create_deal(deal("Окна"))?;
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        let toast = system.presses(&annas, "Иван П.").await?;
        ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
        let ivans = system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окна"]).await?;
        let by = |port| system.telegram.deliveries().iter().filter(|it| it.server == server(port)).count();
        ensure!(by(system.bot.port) > 0 && by(second.port) > 0, "one replica got nothing");

        system.telegram.deliver_twice(2);
        let starting = system.telegram.press(IVAN, ivans.id, "🔄 Начать выполнение")?;
        system.telegram.says(IVAN, "/my")?;
        system.kill_bot().await?;
        let toast = system.answered(&starting).await?;
        ensure!(toast.text == "🔄 Замер начат" || toast.text == "Секунду…", "{toast:?}");
        system.becomes(&annas, &["🔄 В процессе", "👷 Иван Петров"]).await?;
        system.sees(IVAN, &["Окна", "🔄"]).await?;
        let working = system.becomes(&ivans, &["🔄 В процессе", "✅ Завершить"]).await?;
        system.presses(&working, "✅ Завершить").await?;
        system.becomes(&annas, &["✅ Выполнен"]).await?;

        system.settled().await?;
        system.one_measurement_each(&[lead]).await?;
        ensure!(system.telegram.unanswered_presses() == 0, "a press was not answered");
        ensure!(system.telegram.calls_of("deleteWebhook").is_empty(), "nobody takes the webhook away");
        let status = standing_by.stop().await?;
        ensure!(status.success(), "the second ended with {status}");
        ensure!(system.telegram.webhook_url().is_some(), "it stays when the last one stops");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mode_is_changed_there_and_back_and_no_update_is_lost() -> Result<()> {
    with_system(async |system| {
        system.join(&[(IVAN, "measurer")]).await?;
        system.settled().await?;
        // Nobody hears these: the bot is stopped, or nothing leads to it yet.
        system.telegram.resolve(TELEGRAM_HOST, Vec::<String>::new());
        system.stop_services().await?;
        let first = system.telegram.says(IVAN, "/my")?.id;
        system.bot.settings.extend(by_webhook());
        system.start_services().await?;
        posts(system).await?;
        let second = system.telegram.says(ANNA, "/pending")?.id;
        let refused = |it: &simulator::telegram::Simulator| (it.deliveries().len() >= 2).then_some(());
        system.telegram.wait_until("nobody was there", PATIENCE, refused).await?;

        // The older of two is on its way still when the mode changes back.
        system.stop_services().await?;
        system.bot.settings.insert("TELEGRAM_MODE", "polling".to_owned());
        system.start_services().await?;
        let answers = |after: i64| move |message: &simulator::telegram::Message| message.id > after;
        system.telegram.wait_for(IVAN, answers(first), PATIENCE).await?;
        system.telegram.wait_for(ANNA, answers(second), PATIENCE).await?;
        ensure!(system.telegram.webhook_url().is_none(), "ours is taken away");
        system.settled().await?;

        system.telegram.resolve(TELEGRAM_HOST, [server(system.bot.port)]);
        begins_anew(system, by_webhook()).await?;
        posts(system).await?;
        system.asks(IVAN, "/my", &["Активных замеров нет"]).await?;
        let dropped = |call: &simulator::telegram::Call| call.params.contains_key("drop_pending_updates");
        ensure!(!system.telegram.calls().iter().any(dropped), "something was dropped");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_of_another_program_is_told_to_admins_and_in_ready_and_stays() -> Result<()> {
    with_system(async |system| {
        system.settled().await?;
        system.telegram.resolve("other.example", Vec::<String>::new());
        let set = format!("{}/bot{}/setWebhook", system.telegram.url(), system.telegram.token());
        let body = serde_json::json!({ "url": "https://other.example/their-secret" });
        ensure!(reqwest::Client::new().post(set).json(&body).send().await?.status().is_success());

        system.sees(ANNA, &["🔌 Бот не слышит людей", "other.example"]).await?;
        let (code, told) = ready(system.bot.port).await?;
        ensure!(code == 200 && told["updates_trouble"] == "foreign_webhook", "{told}");
        ensure!(!told.to_string().contains("their-secret"), "{told}");
        ensure!(!system.bot.end_of_log().contains("their-secret"), "the log holds the path");
        ensure!(system.telegram.webhook_url().is_some(), "it is not ours to delete");

        let delete = format!("{}/bot{}/deleteWebhook", system.telegram.url(), system.telegram.token());
        ensure!(reqwest::Client::new().post(delete).send().await?.status().is_success());
        system.sees(ANNA, &["✅ Бот снова слышит людей"]).await?;
        wait::until("ready to forget it", wait::LIMIT, async || {
            ready(system.bot.port).await.ok()?.1["updates_trouble"].is_null().then_some(())
        })
        .await?;
        system.asks(ANNA, "/pending", &["Новых замеров нет"]).await?;
        let refused =
            |call: &&simulator::telegram::Call| matches!(call.outcome, Outcome::Refused { code: 409, .. });
        ensure!(
            system.telegram.calls_of("getUpdates").iter().any(|call| refused(&call)),
            "it was in the way"
        );
        Ok(())
    })
    .await
}
