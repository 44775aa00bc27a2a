//! What comes from Telegram, what is done by the clock, and what the metrics ask.

use anyhow::{Context, Result, ensure};
use bot_service::actions::lists;
use bot_service::domain::ids::ChatId;
use bot_service::domain::user::Language;
use bot_service::storage::telegram_updates::{self, Raw};
use bot_service::storage::{backlog, chats, outbox, users};
use chrono::TimeDelta;
use serde_json::json;

use super::office::{BOT, chat, number};
use super::watch::Watch;

/// The chat in which updates wait in a row.
const BUSY_CHAT: ChatId = ChatId(1_001);
/// Beyond what `fill.sql` gives.
const NEW_UPDATES: i64 = 1_000_000_000;

pub async fn steps(watch: &mut Watch<'_>) -> Result<()> {
    taken_from_telegram(watch).await?;
    turns(watch).await?;
    by_the_clock(watch).await
}

async fn taken_from_telegram(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("updates.store", async |conn, office, sample| {
            let raw = |place| Raw {
                update_id: NEW_UPDATES + 8 * number(sample) + place,
                chat: chat(office.measurer(sample)),
                body: vec![b' '; 500],
            };
            let updates: Vec<_> = (0..8).map(raw).collect();
            telegram_updates::store(conn, BOT, &updates, office.now).await?;
            Ok(())
        })
        .await?;
    watch
        .step("updates.waiting", async |conn, office, _| {
            telegram_updates::claim_waiting(conn, BOT, office.now, office.now, office.now).await?;
            Ok(())
        })
        .await
}

async fn turns(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("updates.chats", async |conn, office, _| {
            let chats = telegram_updates::list_chats(conn, BOT, &[], office.now).await?;
            ensure!(!chats.is_empty(), "nobody waits");
            Ok(())
        })
        .await?;
    // A turn as a whole: whose it is, what he asks for (his menu), the answer queued, the update handled.
    watch
        .step("updates.turn", async |conn, office, _| {
            ensure!(telegram_updates::try_lock_chat(conn, BUSY_CHAT).await?, "nobody else is here");
            let due =
                telegram_updates::oldest(conn, BOT, BUSY_CHAT, office.now).await?.context("one waits")?;
            telegram_updates::limit_lock_waits(conn).await?;
            chats::contact(conn, BUSY_CHAT, Language::Ru, office.now).await?;
            let user = users::find_by_chat(conn, BUSY_CHAT).await?.context("it is an admin's")?;
            lists::menu(conn, &user.actor(), office.now).await?;
            outbox::enqueue_screen(conn, BUSY_CHAT, &json!({"text": "Меню"}), None, office.now).await?;
            telegram_updates::set_handled(conn, due.place, office.now).await?;
            Ok(())
        })
        .await?;
    watch
        .step("updates.failure", async |conn, office, _| {
            let due =
                telegram_updates::oldest(conn, BOT, BUSY_CHAT, office.now).await?.context("one waits")?;
            telegram_updates::claim_answer(conn, due.place, office.now).await?;
            telegram_updates::set_failed(conn, due.place, "broken", office.now).await?;
            Ok(telegram_updates::park(conn, due.place, "broken", office.now).await?)
        })
        .await
}

async fn by_the_clock(watch: &mut Watch<'_>) -> Result<()> {
    // What half an hour brings, as it would be two days or three months later.
    watch
        .step("jobs.bodies", async |conn, office, _| {
            let before = office.now - TimeDelta::hours(47);
            telegram_updates::erase_bodies(conn, before).await?;
            Ok(())
        })
        .await?;
    watch
        .step("jobs.texts", async |conn, office, _| {
            let before = office.oldest_text_at + TimeDelta::minutes(30);
            outbox::erase_texts(conn, before).await?;
            Ok(())
        })
        .await?;
    watch
        .step("metrics", async |conn, office, _| {
            backlog::look(conn, office.now).await?;
            Ok(())
        })
        .await
}
