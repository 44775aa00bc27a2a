//! The queue of updates: what the bot asked for, what it has confirmed, what is forgotten.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

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

/// A webhook gets the updates of one lane one after another, and those of different lanes in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    Chat(i64),
    /// What this person presses.
    Presses(i64),
}

#[derive(Debug)]
struct Queued {
    id: i64,
    kind: Kind,
    lane: Lane,
    content: Value,
    expires_at: DateTime<Utc>,
    /// How many confirmations are still to be lost.
    repeats: u32,
    /// Where there is a webhook.
    posting: Posting,
}

#[derive(Debug, Default)]
struct Posting {
    is_under_way: bool,
    failures: u32,
    not_before: Option<Instant>,
}

/// An update to be posted now.
#[derive(Clone, Debug)]
pub(super) struct ToPost {
    pub id: i64,
    pub body: Value,
}

impl Queued {
    fn body(&self) -> Value {
        json!({ "update_id": self.id, self.kind.name(): self.content })
    }
}

/// The longest that a webhook may ask for.
const LONGEST: Duration = Duration::from_hours(1);

/// At once after the first failure, then 2, 4, 8 … 60 seconds.
fn pause(failures: u32) -> Duration {
    match failures {
        0 | 1 => Duration::ZERO,
        more => Duration::from_secs((1 << (more - 1).min(6)).min(60)),
    }
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

    pub fn push(&mut self, kind: Kind, lane: Lane, content: Value, now: DateTime<Utc>) {
        if !self.is_wanted(kind) {
            return;
        }
        self.last_id += 1;
        let repeats = self.to_repeat.min(1);
        self.to_repeat -= repeats;
        let expires_at = now + kind.lifetime();
        let (id, posting) = (self.last_id, Posting::default());
        self.queue.push_back(Queued { id, kind, lane, content, expires_at, repeats, posting });
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
        self.queue.iter().take(limit).map(Queued::body).collect()
    }

    /// What may be posted at this moment, the oldest of each lane, and when to look again.
    pub fn take_to_post(&mut self, at_once: usize, now: Instant) -> (Vec<ToPost>, Option<Instant>) {
        let mut room = at_once.saturating_sub(self.queue.iter().filter(|it| it.posting.is_under_way).count());
        let (mut lanes, mut due, mut next) = (HashSet::new(), Vec::new(), None::<Instant>);
        for update in &mut self.queue {
            if !lanes.insert(update.lane) || update.posting.is_under_way {
                continue;
            }
            match update.posting.not_before.filter(|at| *at > now) {
                Some(at) => next = Some(next.map_or(at, |next| next.min(at))),
                None if room > 0 => {
                    room -= 1;
                    update.posting.is_under_way = true;
                    due.push(ToPost { id: update.id, body: update.body() });
                }
                None => {}
            }
        }
        (due, next)
    }

    /// An update was taken by the webhook, or not; then it is posted again, as soon as it is told.
    pub fn posted(&mut self, id: i64, is_taken: bool, retry_after: Option<Duration>, now: Instant) {
        let Some(at) = self.queue.iter().position(|update| update.id == id) else { return };
        let update = &mut self.queue[at];
        update.posting.is_under_way = false;
        if !is_taken {
            update.posting.failures += 1;
            let pause =
                retry_after.map_or_else(|| pause(update.posting.failures), |asked| asked.min(LONGEST));
            update.posting.not_before = Some(now + pause);
        } else if update.repeats > 0 {
            update.repeats -= 1;
        } else {
            self.queue.remove(at);
        }
    }

    /// What is under way comes back to nobody; all is posted at once to the next webhook.
    pub fn forget_postings(&mut self) {
        for update in &mut self.queue {
            update.posting.failures = 0;
            update.posting.not_before = None;
        }
    }

    pub fn is_polled(&self) -> bool {
        self.waiting > 0
    }

    /// Not yet confirmed by the bot.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }
}
