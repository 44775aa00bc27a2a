//! Everything the simulated Telegram knows, and how it changes what it tells the bot.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::callbacks::Callbacks;
use super::calls::CallLog;
use super::chat::{Chat, Draft, GroupState, Membership};
use super::commands::Commands;
use super::faults::Faults;
use super::files::Files;
use super::limiter::Limiter;
use super::message::Message;
use super::options::{BotAccount, Options};
use super::people::Resident;
use super::refusal::Refusal;
use super::updates::{Kind, Lane, Updates};
use super::webhook::{Delivery, Hosts, Webhook};
use super::wire;

#[derive(Debug)]
pub(super) struct State {
    /// The moment of the request or act being served.
    pub now: DateTime<Utc>,
    pub bot: BotAccount,
    pub bot_id: i64,
    pub people: BTreeMap<i64, Resident>,
    pub chats: BTreeMap<i64, Chat>,
    pub callbacks: Callbacks,
    pub updates: Updates,
    pub commands: Commands,
    pub limiter: Limiter,
    pub faults: Faults,
    pub calls: CallLog,
    pub files: Files,
    /// Names, descriptions and menu buttons, by method and its keys.
    pub profile: BTreeMap<String, Value>,
    /// None = polling.
    pub webhook: Option<Webhook>,
    /// What the names of webhooks lead to.
    pub hosts: Hosts,
    /// What was posted to webhooks, oldest first.
    pub deliveries: Vec<Delivery>,
}

impl State {
    pub fn new(options: &Options) -> anyhow::Result<Self> {
        let now = options.clock.now();
        Ok(Self {
            now,
            bot_id: options.bot.id()?,
            bot: options.bot.clone(),
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            callbacks: Callbacks::answerable_for(options.callback_lifetime, now),
            updates: Updates::starting_after(now),
            commands: Commands::default(),
            limiter: Limiter::new(options.limits),
            faults: Faults::default(),
            calls: CallLog::default(),
            files: Files::default(),
            profile: BTreeMap::new(),
            webhook: None,
            hosts: Hosts::default(),
            deliveries: Vec::new(),
        })
    }

    pub fn chat(&self, id: i64) -> Result<&Chat, Refusal> {
        self.chats.get(&id).ok_or_else(chat_not_found)
    }

    pub fn chat_mut(&mut self, id: i64) -> Result<&mut Chat, Refusal> {
        self.chats.get_mut(&id).ok_or_else(chat_not_found)
    }

    /// Puts a message into a chat, without telling the bot.
    pub fn post(&mut self, chat: i64, draft: Draft) -> Result<Message, Refusal> {
        let now = self.now;
        self.files.keep(&draft.body);
        Ok(self.chat_mut(chat)?.post(draft, now))
    }

    /// Puts a message into a chat and into the bot's queue.
    pub fn deliver(&mut self, chat: i64, draft: Draft) -> Result<Message, Refusal> {
        let message = self.post(chat, draft)?;
        let content = wire::message(self, &message);
        self.updates.push(Kind::Message, Lane::Chat(chat), content, self.now);
        Ok(message)
    }

    /// Tells the bot that its membership in a chat went from one status to another.
    pub fn membership_changed(&mut self, chat: i64, by: &Value, from: &str, to: &str) {
        let content = json!({
            "chat": wire::chat(self, chat),
            "from": by,
            "date": self.now.timestamp(),
            "old_chat_member": wire::chat_member(self, from),
            "new_chat_member": wire::chat_member(self, to),
        });
        self.updates.push(Kind::MyChatMember, Lane::Chat(chat), content, self.now);
    }

    pub fn group_mut(&mut self, chat: i64) -> Option<&mut GroupState> {
        self.chats.get_mut(&chat)?.group.as_mut()
    }

    pub fn membership(&self, chat: i64) -> Option<Membership> {
        Some(self.chats.get(&chat)?.group.as_ref()?.bot)
    }

    pub fn age(&self, message: &Message) -> TimeDelta {
        self.now - message.sent_at
    }
}

pub(super) fn chat_not_found() -> Refusal {
    Refusal::bad_request("chat not found")
}
