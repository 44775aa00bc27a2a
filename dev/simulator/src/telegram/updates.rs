//! The queue of updates: what the bot asked for, what it has confirmed, what is forgotten.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Not sent unless asked for by name.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Message,
    CallbackQuery,
    MyChatMember,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::CallbackQuery => "callback_query",
            Self::MyChatMember => "my_chat_member",
        }
    }

    fn lifetime(self) -> TimeDelta {
        match self {
            Self::CallbackQuery => TimeDelta::seconds(150),
            Self::Message | Self::MyChatMember => TimeDelta::hours(24),
        }
    }
}

#[derive(Debug)]
struct Queued {
    id: i64,
    kind: Kind,
    content: Value,
    expires_at: DateTime<Utc>,
    /// How many confirmations are still to be lost.
    repeats: u32,
}

#[derive(Debug)]
pub(super) struct Updates {
    queue: VecDeque<Queued>,
    last_id: i64,
    allowed: Vec<String>,
    /// Grows with every `getUpdates`; a waiting call that sees another number was replaced.
    pub poller: u64,
    /// Calls of `getUpdates` that wait at this moment.
    pub waiting: usize,
    /// How many updates to come are delivered twice.
    pub to_repeat: u32,
}

impl Updates {
    /// Ids go on from the time, so that a simulator started anew does not repeat those of the last one.
    pub fn starting_after(now: DateTime<Utc>) -> Self {
        Self {
            queue: VecDeque::new(),
            last_id: now.timestamp(),
            allowed: vec![],
            poller: 0,
            waiting: 0,
            to_repeat: 0,
        }
    }

    pub fn push(&mut self, kind: Kind, content: Value, now: DateTime<Utc>) {
        if !self.is_wanted(kind) {
            return;
        }
        self.last_id += 1;
        let repeats = self.to_repeat.min(1);
        self.to_repeat -= repeats;
        let expires_at = now + kind.lifetime();
        self.queue.push_back(Queued { id: self.last_id, kind, content, expires_at, repeats });
    }

    fn is_wanted(&self, kind: Kind) -> bool {
        if self.allowed.is_empty() {
            !ON_REQUEST.contains(&kind.name())
        } else {
            self.allowed.iter().any(|name| name == kind.name())
        }
    }

    /// An empty list stands for everything but what is sent on request only.
    pub fn allow(&mut self, names: Vec<String>) {
        self.allowed = names;
    }

    pub fn allowed(&self) -> &[String] {
        &self.allowed
    }

    /// Forgets what is below `offset`; a negative one keeps that many from the end.
    pub fn confirm(&mut self, offset: i64) {
        let first = if offset < 0 { self.last_id + 1 + offset } else { offset };
        self.queue.retain_mut(|update| {
            let confirmed = update.id < first;
            let repeated = confirmed && update.repeats > 0;
            update.repeats -= u32::from(repeated);
            !confirmed || repeated
        });
    }

    pub fn forget_expired(&mut self, now: DateTime<Utc>) {
        self.queue.retain(|update| update.expires_at > now);
    }

    pub fn forget_all(&mut self) {
        self.queue.clear();
    }

    pub fn first(&self, limit: usize) -> Vec<Value> {
        let object = |update: &Queued| json!({ "update_id": update.id, update.kind.name(): update.content });
        self.queue.iter().take(limit).map(object).collect()
    }

    pub fn is_polled(&self) -> bool {
        self.waiting > 0
    }

    /// Not yet confirmed by the bot.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }
}
