//! Flood control: token buckets per bot, per chat and per group, as the server applies them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::refusal::Refusal;

/// How much the bot may send. `Default` is what the real server is known to allow.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub overall_per_second: u32,
    /// Messages and edits a chat takes at once before its one per second applies.
    pub chat_burst: u32,
    pub chat_per_second: u32,
    pub group_per_minute: u32,
    /// Edits of one chat; they count as messages too.
    pub edits_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            overall_per_second: 30,
            chat_burst: 3,
            chat_per_second: 1,
            group_per_minute: 20,
            edits_per_minute: 20,
        }
    }
}

/// A message that is early by less passes: the time of sending and the time of arrival are not the same.
const TOLERATED_JITTER_SECONDS: f64 = 0.1;

/// What a call spends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spending {
    Message,
    Edit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Scope {
    Bot,
    Chat(i64),
    Group(i64),
    Edits(i64),
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
}

#[derive(Debug)]
pub(super) struct Limiter {
    limits: Option<Limits>,
    buckets: HashMap<Scope, Bucket>,
    refused: u64,
}

impl Limiter {
    pub fn new(limits: Option<Limits>) -> Self {
        Self { limits, buckets: HashMap::new(), refused: 0 }
    }

    /// How many calls were answered with 429 because of the limits (faults on demand not counted).
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Spends from every bucket concerned, or from none and says how long to wait.
    pub fn spend(&mut self, spending: Spending, chat: i64, now: DateTime<Utc>) -> Result<(), Refusal> {
        let Some(limits) = self.limits else { return Ok(()) };
        let scopes = scopes(spending, chat);
        let wait = scopes.iter().map(|scope| self.refill(*scope, limits, now)).fold(0.0, f64::max);
        if wait > 0.0 {
            self.refused += 1;
            return Err(Refusal::too_many_requests(whole_seconds(wait)));
        }
        for scope in scopes {
            if let Some(bucket) = self.buckets.get_mut(&scope) {
                bucket.tokens -= 1.0;
            }
        }
        Ok(())
    }

    /// Brings a bucket up to date; returns the seconds until it holds a token.
    fn refill(&mut self, scope: Scope, limits: Limits, now: DateTime<Utc>) -> f64 {
        let (capacity, per_second) = size(scope, limits);
        let bucket = self.buckets.entry(scope).or_insert(Bucket { tokens: capacity, at: now });
        let elapsed = (now - bucket.at).as_seconds_f64().max(0.0);
        bucket.tokens = (bucket.tokens + elapsed * per_second).min(capacity);
        bucket.at = now;
        let tolerated = (TOLERATED_JITTER_SECONDS * per_second).min(0.5);
        if bucket.tokens + tolerated >= 1.0 { 0.0 } else { (1.0 - bucket.tokens) / per_second }
    }
}

fn scopes(spending: Spending, chat: i64) -> Vec<Scope> {
    let mut scopes = vec![Scope::Bot, Scope::Chat(chat)];
    if chat < 0 {
        scopes.push(Scope::Group(chat));
    }
    if spending == Spending::Edit {
        scopes.push(Scope::Edits(chat));
    }
    scopes
}

/// Capacity and tokens per second.
fn size(scope: Scope, limits: Limits) -> (f64, f64) {
    let per_minute = |count: u32| (f64::from(count), f64::from(count) / 60.0);
    match scope {
        Scope::Bot => (f64::from(limits.overall_per_second), f64::from(limits.overall_per_second)),
        Scope::Chat(_) => (f64::from(limits.chat_burst), f64::from(limits.chat_per_second)),
        Scope::Group(_) => per_minute(limits.group_per_minute),
        Scope::Edits(_) => per_minute(limits.edits_per_minute),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a wait is between 0 and a minute or so"
)]
fn whole_seconds(wait: f64) -> u32 {
    wait.ceil().max(1.0) as u32
}
