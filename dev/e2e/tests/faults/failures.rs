//! What gets stuck, and what an admin does about it.

use anyhow::{Context, Result, ensure};
use e2e::people::ANNA;
use e2e::settings;
use e2e::system::{Places, System};
use lapin::options::BasicPublishOptions;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use shared::topology::LEAD_EVENTS;
use simulator::amocrm::{Fault, demo};
use simulator::telegram::Message;

use crate::stage::{deal, with_system};

const GARBAGE: &str = "мусор, а не событие";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_can_read_is_told_of_looked_at_and_skipped() -> Result<()> {
    with_system(async |system| {
        publish(LEAD_EVENTS, GARBAGE).await?;
        let alert = ["📨 Бот не разобрал сообщения", "События сделок: 1 · это не событие сделки", "⚠️ Сбои"];
        system.sees(ANNA, &alert).await?;
        let list = messages(system).await?;
        system.presses(&list, "№1").await?;
        let shown = system.becomes(&list, &["№1 · событие сделки", GARBAGE]).await?;

        let toast = system.presses(&shown, "🔁 Повторить").await?;
        ensure!(toast.is_alert && toast.text == "Повтор не помог: это не событие сделки", "{toast:?}");
        system.presses(&shown, "⏭ Пропустить").await?;
        let question = system.becomes(&list, &["Пропустить сообщение №1?"]).await?;
        let toast = system.presses(&question, "Да, пропустить").await?;
        ensure!(toast.text == "⏭ Пропущено", "{toast:?}");
        system.becomes(&list, &["Все сообщения разобраны."]).await?;
        system.asks(ANNA, "/failures", &["Сбоев нет"]).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_cannot_be_read_is_read_again_on_demand() -> Result<()> {
    with_system(async |system| {
        let address = format!("http://127.0.0.1:{}", system.ingest.port);
        let hook = settings::webhook_path();
        let secret = hook.rsplit('/').next().context("the secret ends the path")?.to_owned();
        system.bot.settings.extend([
            ("WEBHOOK_HOST", address.clone()),
            ("WEBHOOK_SECRET", secret),
            ("AMOCRM_MANAGE_WEBHOOK", "false".to_owned()),
        ]);
        system.restart_bot_hard().await?;
        let body = "account[id]=1&leads[add][0][name]=Окна";
        let account = format!("account[id]={}", demo::ACCOUNT);
        let posting = reqwest::Client::new()
            .post(format!("{address}{hook}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.replace("account[id]=1", &account));
        ensure!(posting.send().await?.status() == 200, "AmoCRM must not switch the webhook off for it");

        system.sees(ANNA, &["Вебхуки AmoCRM: 1 · нет номера сделки"]).await?;
        let list = messages(system).await?;
        system.presses(&list, "№1").await?;
        let shown = system.becomes(&list, &["№1 · вебхук AmoCRM", "leads[add][0][name]=Окна"]).await?;
        let toast = system.presses(&shown, "🔁 Повторить").await?;
        ensure!(toast.text == "🔁 Сообщение отправляется на повторный разбор", "{toast:?}");
        // It is back within a moment: this ingest-service understands it no better.
        e2e::wait::until("the body to come back", e2e::acts::PATIENCE, async || {
            let shown = system.asks(ANNA, "/failures", &["⚠️ Сбои"]).await.ok()?;
            system.presses(&shown, "📨 Сообщения").await.ok()?;
            let list = system.becomes(&shown, &["№1 · вебхук AmoCRM"]).await.ok()?;
            list.rendered().contains("повтор не помог: снова не разобрано").then_some(())
        })
        .await?;
        ensure!(system.count(ANNA, &["Бот не разобрал сообщения"]) == 1, "it is no news");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_that_amocrm_garbles_is_told_of_after_an_hour_and_read_on_demand() -> Result<()> {
    with_system(async |system| {
        let lead = system.amocrm.create_deal(deal("Окна").stage(demo::NEW))?;
        system.amocrm.wait_for_hook_answers(e2e::acts::PATIENCE).await?;
        system.settled().await?;
        system.amocrm.inject(Fault::BrokenLead { lead })?;
        system.amocrm.move_deal(lead, demo::MEASUREMENT)?;
        let card = system.sees(ANNA, &["⏳ Ожидает назначения", "данные из вебхука"]).await?;
        an_hour_passes(system).await?;
        let alert = ["Больше часа не удаётся прочитать 1 сделку: ответ AmoCRM о сделке не разобрать."];
        let alert = system.sees(ANNA, &alert).await?;
        system.amocrm.heal();

        system.presses(&alert, "⚠️ Сбои").await?;
        let overview = system.becomes(&alert, &["Не удаётся прочитать сделки: 1"]).await?;
        system.presses(&overview, "📄 Сделки").await?;
        let list = system.becomes(&alert, &["Окна", "ответ AmoCRM о сделке не разобрать · 1 ч"]).await?;
        system.presses(&list, "Окна").await?;
        let stuck = system.becomes(&alert, &["Событие: сделка пришла на этап", "🔁 Повторить"]).await?;
        let toast = system.presses(&stuck, "🔁 Повторить").await?;
        ensure!(toast.text == "🔁 Бот читает сделку ещё раз", "{toast:?}");
        let card = system.becomes(&card, &["👤 Иванов Иван", "+79161234567"]).await?;
        ensure!(!card.rendered().contains("⚠️"), "{}", card.rendered());
        system.sees(ANNA, &["✅ Сделки снова читаются."]).await?;
        system.settled().await?;
        system.one_measurement_each(&[lead]).await
    })
    .await
}

/// Opens the list of messages by the command.
async fn messages(system: &System) -> Result<Message> {
    let overview = system.asks(ANNA, "/failures", &["Не разобраны сообщения: 1"]).await?;
    system.presses(&overview, "📨 Сообщения").await?;
    system.becomes(&overview, &["📨 Неразобранные сообщения · 1"]).await
}

/// As the table is after an hour: the deal is asked for every half an hour by then.
async fn an_hour_passes(system: &System) -> Result<()> {
    let mut database = system.database.connect().await?;
    let sql = "update lead_nudges set stuck_since = stuck_since - interval '61 minutes',
                   next_attempt_at = next_attempt_at + interval '30 minutes'
               where stuck_since is not null";
    e2e::wait::until("the deal to fail", e2e::acts::PATIENCE, async || {
        let done = sqlx::query(sql).execute(&mut database).await.ok()?;
        (done.rows_affected() == 1).then_some(())
    })
    .await
}

async fn publish(queue: &str, body: &str) -> Result<()> {
    let places = Places::from_environment()?;
    let connection = Connection::connect(&places.amqp_url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
    channel.basic_publish("".into(), queue.into(), options, body.as_bytes(), properties).await?;
    Ok(connection.close(200, "published".into()).await?)
}
