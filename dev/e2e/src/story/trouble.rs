//! What must not go wrong.

use anyhow::{Context, Result, ensure};
use simulator::amocrm::{Deal, HookBehaviour, Release, Sending, demo};

use super::Story;
use crate::acts::PATIENCE;
use crate::people::{ANNA, BORIS, IVAN, PETR};

pub(super) async fn the_same_webhook_thrice(story: &mut Story<'_>) -> Result<()> {
    let amocrm = story.system.amocrm.clone();
    let held = HookBehaviour { sending: Sending::Held, copies: 3, ..HookBehaviour::default() };
    amocrm.set_hook_behaviour(held);
    let lead = amocrm.create_deal(Deal::named("Трижды").stage(demo::NEW).address("ул. Трёх, 3"))?;
    amocrm.move_deal(lead, demo::MEASUREMENT)?;
    amocrm.release_hooks(&Release::Reversed);
    amocrm.wait_for_hook_answers(PATIENCE).await?;
    amocrm.set_hook_behaviour(HookBehaviour::default());
    ensure!(
        amocrm.hooks_sent().iter().all(simulator::amocrm::Hook::is_delivered),
        "a webhook was not answered 200"
    );
    story.system.sees(ANNA, &["⏳ Ожидает назначения", "Трижды"]).await?;
    story.system.sees(BORIS, &["⏳ Ожидает назначения", "Трижды"]).await?;
    story.system.settled().await?;
    story.system.one_measurement_each(&[lead]).await?;
    let cards = story.system.count(ANNA, &["Трижды"]);
    ensure!(cards == 1, "the admin got {cards} messages about one deal");
    story.say("Девять вебхуков задом наперёд: один замер, одна карточка");
    Ok(())
}

pub(super) async fn two_admins_at_once(story: &mut Story<'_>) -> Result<()> {
    let telegram = story.system.telegram.clone();
    let annas = story.system.sees(ANNA, &["⏳ Ожидает назначения", "Трижды"]).await?;
    let boriss = story.system.sees(BORIS, &["⏳ Ожидает назначения", "Трижды"]).await?;
    let by_anna = telegram.press(ANNA, annas.id, "Иван П.")?;
    let by_boris = telegram.press(BORIS, boriss.id, "Пётр С.")?;
    let to_anna = telegram.answer_of(&by_anna, PATIENCE).await?;
    let to_boris = telegram.answer_of(&by_boris, PATIENCE).await?;
    let anna = (to_anna, "Анна", "Иван");
    let boris = (to_boris, "Борис", "Пётр");
    let (won, lost) = if anna.0.is_alert { (boris, anna) } else { (anna, boris) };
    let (winner, measurer) = (won.1, won.2);
    ensure!(!won.0.is_alert && won.0.text.starts_with("✅ Назначен"), "one must win: {won:?}");
    let told = &lost.0.text;
    let is_told = told.starts_with("Уже назначено:") && told.contains(winner) && told.contains(measurer);
    ensure!(lost.0.is_alert && is_told, "the other must read that {winner} took {measurer}: {told}");
    story.say(&format!("Один успел, другой читает: «{told}»"));
    Ok(())
}

pub(super) async fn a_forged_button(story: &mut Story<'_>) -> Result<()> {
    let telegram = story.system.telegram.clone();
    let amocrm = story.system.amocrm.clone();
    amocrm.create_deal(Deal::named("Подделка").stage(demo::MEASUREMENT).address("ул. Честная, 1"))?;
    let annas = story.system.sees(ANNA, &["⏳ Ожидает назначения", "Подделка"]).await?;
    let data = annas.data_of("Иван П.").context("the admin has a button per measurer")?.to_owned();
    story.system.settled().await?;
    let messages = |person| telegram.bot_messages(person).len();
    let before = [IVAN, PETR, ANNA, BORIS].map(messages);
    let own = telegram.last_message(IVAN).context("Ivan has messages")?;
    let press = telegram.press_data(IVAN, own.id, &data)?;
    let toast = telegram.answer_of(&press, PATIENCE).await?;
    ensure!(toast.is_alert, "{toast:?}");
    ensure!(toast.text == "⛔ Нет прав: назначает администратор", "{toast:?}");
    let press = telegram.press_data(PETR, own.id, "no such button")?;
    let toast = telegram.answer_of(&press, PATIENCE).await?;
    ensure!(toast.text.starts_with("Кнопка устарела"), "junk must be answered");
    story.system.settled().await?;
    let now = telegram.message(ANNA, annas.id).context("the card stays")?;
    ensure!(now.rendered().contains("⏳ Ожидает назначения"), "a forged press changed the measurement");
    let after = [IVAN, PETR, ANNA, BORIS].map(messages);
    ensure!(after == before, "a forged press sent messages: {before:?} became {after:?}");
    story.say("Отказ, и ничего не изменилось");
    Ok(())
}

pub(super) async fn hostile_text(story: &mut Story<'_>) -> Result<()> {
    let name = "<b>Кухня</b> & \"ниша\" 🔥";
    let address = format!("г. Москва, {}", "очень длинная улица, ".repeat(43));
    let address = address.chars().take(900).collect::<String>();
    let address = address.trim().to_owned();
    let deal = Deal::named(name).stage(demo::MEASUREMENT).address(&address).client("Ёлкин <i>", "12");
    story.system.amocrm.create_deal(deal)?;
    let card = story.system.sees(ANNA, &[name]).await?;
    ensure!(card.text.contains(&address), "the address is not whole: {}", card.text);
    ensure!(card.text.contains("Ёлкин <i>"), "{}", card.text);
    story.say("Показано как есть");
    Ok(())
}
