//! What people do and see in a running system, each waiting no longer than a limit.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use simulator::telegram::{CallbackId, Message, Toast};

use crate::system::System;
use crate::wait;

/// Longer than any pause that is paced: people here act faster than Telegram lets a chat be edited.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// As long as a burst of messages takes to be allowed again.
const QUIET: TimeDelta = TimeDelta::seconds(4);

impl System {
    /// People come in by invitations, in this order; the first admin must have pressed START. The invitations
    /// are put into the database, since an admin who wrote them all would use up what Telegram lets a chat have.
    ///
    /// # Errors
    ///
    /// If somebody is not welcomed.
    pub async fn join(&self, guests: &[(i64, &str)]) -> Result<()> {
        for (guest, role) in guests {
            let code = self.database.invitation(role).await?;
            self.telegram.starts(*guest, Some(&code))?;
        }
        for (guest, role) in guests {
            self.sees(*guest, &[role_mark(role)]).await?;
        }
        Ok(())
    }

    /// Waits for a message from the bot that holds all of `texts`.
    ///
    /// # Errors
    ///
    /// If none comes; the error shows the chat.
    pub async fn sees(&self, person: i64, texts: &[&str]) -> Result<Message> {
        let holds = |message: &Message| holds(message, texts);
        let seen = self.telegram.wait_for(person, holds, PATIENCE).await;
        seen.with_context(|| format!("{person} should see {texts:?}"))
    }

    /// Types something and waits for an answer that holds all of `texts`.
    ///
    /// # Errors
    ///
    /// If none comes; the error shows the chat.
    pub async fn asks(&self, person: i64, text: &str, texts: &[&str]) -> Result<Message> {
        let typed = self.telegram.says(person, text)?.id;
        let answers = |message: &Message| message.id > typed && holds(message, texts);
        let answer = self.telegram.wait_for(person, answers, PATIENCE).await;
        answer.with_context(|| format!("{person} typed {text} and should see {texts:?}"))
    }

    /// Presses a button of this message, and waits for the answer.
    ///
    /// # Errors
    ///
    /// If the message has no such button, or nothing is answered.
    pub async fn presses(&self, message: &Message, label: &str) -> Result<Toast> {
        let press = self.telegram.press(message.chat_id, message.id, label)?;
        self.answered(&press).await
    }

    /// Waits until so many files are copied.
    ///
    /// # Errors
    ///
    /// If they never are.
    pub async fn copied_files(&self, count: i64) -> Result<()> {
        let mut database = self.database.connect().await?;
        wait::until("files to be copied", PATIENCE, async || {
            let copied = "select count(*) from measurement_files where copied_at is not null";
            let copied: i64 = sqlx::query_scalar(copied).fetch_one(&mut database).await.ok()?;
            (copied == count).then_some(())
        })
        .await
    }

    /// # Errors
    ///
    /// If the press is not answered.
    pub async fn answered(&self, press: &CallbackId) -> Result<Toast> {
        self.telegram.answer_of(press, PATIENCE).await
    }

    /// The message as it is now, once it holds all of `texts`.
    ///
    /// # Errors
    ///
    /// If it never does; the error shows the chat.
    pub async fn becomes(&self, message: &Message, texts: &[&str]) -> Result<Message> {
        let (chat, id) = (message.chat_id, message.id);
        let what = format!("message {id} of {chat} shows {texts:?}");
        let shown = self.telegram.wait_until(&what, PATIENCE, |telegram| {
            telegram.message(chat, id).filter(|now| holds(now, texts))
        });
        shown.await.with_context(|| self.telegram.transcript(chat))
    }

    /// How many messages of the bot in this chat hold all of `texts`.
    pub fn count(&self, person: i64, texts: &[&str]) -> usize {
        self.telegram.bot_messages(person).iter().filter(|message| holds(message, texts)).count()
    }

    /// Waits until nothing has come into these chats for a while, so that Telegram lets the next messages in at
    /// once: people act here faster than people do.
    ///
    /// # Errors
    ///
    /// If a chat does not come to rest.
    pub async fn quiet(&self, people: &[i64]) -> Result<()> {
        wait::until("the chats to be quiet", PATIENCE, async || {
            let since = self.telegram.clock().now() - QUIET;
            let messages = people.iter().flat_map(|person| self.telegram.bot_messages(*person));
            messages
                .map(|message| message.edited_at.unwrap_or(message.sent_at))
                .all(|at| at < since)
                .then_some(())
        })
        .await
    }

    /// Waits until the bot has nothing more to do: every deal read, every update handled, every message sent,
    /// every card redrawn.
    ///
    /// # Errors
    ///
    /// If something stays.
    pub async fn settled(&self) -> Result<()> {
        let mut database = self.database.connect().await?;
        wait::until("the bot to have nothing to do", PATIENCE, async || {
            let waiting: i64 = sqlx::query_scalar(
                "select (select count(*) from lead_nudges)
                      + (select count(*) from telegram_updates where handled_at is null and parked_at is null)
                      + (select count(*) from outbox where state = 'pending')
                      + (select count(*) from cards where shown_version < wanted_version and message_id is not null)",
            )
            .fetch_one(&mut database)
            .await
            .ok()?;
            (waiting == 0 && self.telegram.pending_updates() == 0).then_some(())
        })
        .await
    }

    /// # Errors
    ///
    /// Unless every one of these deals has exactly one measurement.
    pub async fn one_measurement_each(&self, deals: &[i64]) -> Result<()> {
        let mut database = self.database.connect().await?;
        for deal in deals {
            let count: i64 = sqlx::query_scalar("select count(*) from measurements where lead_id = $1")
                .bind(deal)
                .fetch_one(&mut database)
                .await?;
            ensure!(count == 1, "deal {deal} has {count} measurements");
        }
        Ok(())
    }
}

fn holds(message: &Message, texts: &[&str]) -> bool {
    let rendered = message.rendered();
    texts.iter().all(|text| rendered.contains(text))
}

/// Stands before the role in a welcome, in every language.
fn role_mark(role: &str) -> &'static str {
    match role {
        "admin" => "👑",
        "measurer" => "👷",
        _ => "💼",
    }
}
