//! The story: from an empty system to completed visits, checked at every step.
//!
//! The demo plays it for a reader, a test plays it for the result.

use anyhow::{Context, Result, ensure};
use simulator::telegram::Message;

use crate::system::System;

mod deals;
mod office;
mod people;
mod proposals;
mod trouble;

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
    story.scene("Бот предлагает замерщика по зоне", proposals::by_zone).await?;
    story.scene("Администратор решает иначе, замерщик не может", proposals::overridden_and_declined).await?;
    story.scene("Незнакомая зона", proposals::an_unknown_zone).await?;
    story.scene("Сделка от дилера", proposals::by_dealer).await?;
    story.scene("Замерщик присылает фото, менеджер отвечает", deals::a_photo_from_the_visit).await?;
    story.scene("Клиент звонит: когда приедут?", office::a_client_calls).await?;
    story.scene("Что на севере?", office::what_is_in_a_zone).await?;
    story.scene("Замерщик уходит, его замеры берёт другой", office::a_measurer_leaves).await?;
    story.scene("Настройки и состояние", office::is_all_well).await?;
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
}

/// The address in a message of the bot, by its beginning.
fn link_in(message: &Message, beginning: &str) -> Result<String> {
    let start =
        message.text.find(beginning).with_context(|| format!("no {beginning} in {}", message.text))?;
    Ok(message.text[start..].split_whitespace().next().unwrap_or_default().to_owned())
}
