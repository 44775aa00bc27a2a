//! The story: from an empty system to completed visits, checked at every step.
//!
//! The demo plays it for a reader, a test plays it for the result.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use simulator::telegram::{Message, Toast};

use crate::system::System;

mod deals;
mod people;
mod trouble;

/// The longest wait. People play here faster than Telegram lets a chat be edited, so a card may stand still for
/// a while before it shows what happened.
const PATIENCE: Duration = Duration::from_secs(45);

/// Plays the whole story; `tell` hears each step as it happens.
///
/// # Errors
///
/// Names the step at which something was not as it must be.
pub async fn play(system: &System, tell: &mut dyn FnMut(&str)) -> Result<()> {
    let mut story = Story { system, tell };
    story.scene("Люди входят по приглашениям", people::join).await?;
    story.scene("Менеджера привязывают к AmoCRM", people::link_the_manager).await?;
    story
        .scene("Сделка становится замером, замер доходит до конца", deals::from_deal_to_completed_visit)
        .await?;
    story.scene("Вторую сделку отменяют", deals::cancelled_by_an_admin).await?;
    story.scene("Один и тот же вебхук трижды и не по порядку", trouble::the_same_webhook_thrice).await?;
    story.scene("Два администратора нажимают одновременно", trouble::two_admins_at_once).await?;
    story.scene("Замерщик подделывает кнопку администратора", trouble::a_forged_button).await?;
    story.scene("Имя с <b>&, эмодзи и адрес в 900 знаков", trouble::hostile_text).await?;
    story.scene("В AmoCRM меняют телефон клиента", deals::the_phone_changes).await?;
    let refused = system.telegram.flood_refusals();
    ensure!(refused == 0, "Telegram refused {refused} calls as a flood");
    Ok(())
}

struct Story<'a> {
    system: &'a System,
    tell: &'a mut dyn FnMut(&str),
}

impl Story<'_> {
    async fn scene(&mut self, title: &str, scene: impl AsyncFn(&mut Story<'_>) -> Result<()>) -> Result<()> {
        (self.tell)(&format!("── {title}"));
        scene(self).await.with_context(|| format!("in the scene «{title}»"))
    }

    fn say(&mut self, what: &str) {
        (self.tell)(&format!("   {what}"));
    }

    /// Waits for a message from the bot that holds all of `texts`.
    async fn sees(&self, person: i64, texts: &[&str]) -> Result<Message> {
        let holds = |message: &Message| texts.iter().all(|text| message.rendered().contains(text));
        let telegram = &self.system.telegram;
        telegram.wait_for(person, holds, PATIENCE).await.with_context(|| {
            format!("{person} should see {texts:?}; he sees:\n{}", telegram.transcript(person))
        })
    }

    /// Types something and waits for an answer that holds all of `texts`.
    async fn asks(&self, person: i64, text: &str, texts: &[&str]) -> Result<Message> {
        let typed = self.system.telegram.says(person, text)?.id;
        let telegram = &self.system.telegram;
        let holds = |message: &Message| {
            message.id > typed && texts.iter().all(|text| message.rendered().contains(text))
        };
        telegram.wait_for(person, holds, PATIENCE).await.with_context(|| telegram.transcript(person))
    }

    /// Presses a button of a given message.
    async fn presses_on(&self, message: &Message, label: &str) -> Result<Toast> {
        let press = self.system.telegram.press(message.chat_id, message.id, label)?;
        self.system.telegram.answer_of(&press, PATIENCE).await
    }

    /// The message as it is now, once it holds all of `texts`.
    async fn becomes(&self, message: &Message, texts: &[&str]) -> Result<Message> {
        let (chat, id) = (message.chat_id, message.id);
        let telegram = &self.system.telegram;
        let what = format!("message {id} of {chat} to show {texts:?}");
        let shown = telegram.wait_until(&what, PATIENCE, |telegram| {
            let now = telegram.message(chat, id)?;
            texts.iter().all(|text| now.rendered().contains(text)).then_some(now)
        });
        shown.await.with_context(|| telegram.transcript(chat))
    }
}

/// The address in a message of the bot, by its beginning.
fn link_in(message: &Message, beginning: &str) -> Result<String> {
    let start =
        message.text.find(beginning).with_context(|| format!("no {beginning} in {}", message.text))?;
    Ok(message.text[start..].split_whitespace().next().unwrap_or_default().to_owned())
}
