//! Who is served next: one call under way per chat, chats beside each other, lanes in their order, all paced.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use tokio::task::JoinSet;
use tracing::{error, warn};

use super::flood::{Concerns, Flood};
use super::{letter, redraw};
use crate::app::App;
use crate::domain::ids::{CardId, ChatId, OutboxId};
use crate::leader::Fence;
use crate::storage::cards::{self, ToRedraw};
use crate::storage::outbox::{self, Due, Kind, Lane, Sent};
use crate::storage::{StorageError, heard, settings};
use crate::telegram::sender::Trouble;
use crate::telegram::sender::pacing::{Pacing, Spending};

/// Calls under way at once.
const AT_ONCE: usize = 32;
/// When to look again where nothing is known to wait.
const LATER: TimeDelta = TimeDelta::seconds(1);
/// A chat whose message could not even be prepared or settled is left alone so long.
const REST: TimeDelta = TimeDelta::seconds(1);
/// Nothing is sent so long after the token was refused.
const AFTER_FATAL: TimeDelta = TimeDelta::seconds(60);
/// The longest time that a limit of Telegram looks back.
const REMEMBERED: TimeDelta = TimeDelta::minutes(1);
/// The setting that keeps a pause of everything for the next leader.
const PAUSE: &str = "telegram_paused_until";

/// The leader's sending in memory: what is under way and what may go next.
pub struct Desk {
    app: App,
    fence: Fence,
    pacing: Pacing,
    flood: Flood,
    /// None until it has been read once.
    paused_until: Option<DateTime<Utc>>,
    under_way: JoinSet<Report>,
    /// Chats not to be served: until then, or while a call is under way.
    busy: HashMap<ChatId, Option<DateTime<Utc>>>,
}

/// What became of one piece of work.
pub struct Report {
    chat: ChatId,
    spending: Spending,
    outcome: Outcome,
}

/// What the pacing must know of a finished piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was nothing to call for.
    Idle,
    /// Telegram was called.
    Called(Option<Trouble>),
    /// The database failed before or after the call; the row says nothing new, so the chat has to rest.
    Broken,
}

#[derive(Debug, Clone, Copy)]
enum Work {
    Letter(OutboxId),
    Redraw(CardId),
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    chat: ChatId,
    /// Lower goes first.
    rank: u8,
    spending: Spending,
    work: Work,
}

impl From<Due> for Candidate {
    fn from(due: Due) -> Self {
        let rank = match due.lane {
            Lane::Reply => 0,
            Lane::Urgent => 1,
            Lane::Notice => 2,
        };
        let spending = match due.kind {
            Kind::Commands => Spending::Quiet,
            Kind::Screen if due.is_edit => Spending::Pressed,
            _ if due.lane == Lane::Reply => Spending::Reply,
            _ => Spending::Message,
        };
        Self { chat: due.chat, rank, spending, work: Work::Letter(due.id) }
    }
}

impl From<ToRedraw> for Candidate {
    fn from(card: ToRedraw) -> Self {
        let (rank, spending) = if card.is_pressed { (0, Spending::Pressed) } else { (3, Spending::Redraw) };
        Self { chat: card.chat, rank, spending, work: Work::Redraw(card.id) }
    }
}

impl Desk {
    pub fn new(app: App, fence: Fence) -> Self {
        Self {
            app,
            fence,
            pacing: Pacing::default(),
            flood: Flood::default(),
            paused_until: None,
            under_way: JoinSet::new(),
            busy: HashMap::new(),
        }
    }

    /// Starts whatever may go now. Returns when to look again, if nothing happens before.
    pub async fn start_ready(&mut self) -> DateTime<Utc> {
        let now = self.app.now();
        self.busy.retain(|_, until| until.is_none_or(|until| until > now));
        match heard(self.candidates(now)).await {
            Ok(candidates) => self.start(candidates, now),
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "Cannot read what is to be sent");
                now + LATER
            }
        }
    }

    /// Waits for a piece of work to finish; for ever where none is under way.
    pub async fn next_report(&mut self) -> Report {
        loop {
            match self.under_way.join_next().await {
                Some(Ok(report)) => return report,
                // Panics are caught inside, and nothing is aborted.
                Some(Err(error)) => {
                    error!(error = &error as &dyn std::error::Error, "A sending task was lost");
                }
                None => return std::future::pending().await,
            }
        }
    }

    pub async fn take(&mut self, report: Report) {
        let Report { chat, spending, outcome } = report;
        let now = self.app.now();
        self.busy.remove(&chat);
        match outcome {
            Outcome::Idle => {}
            Outcome::Broken => {
                self.busy.insert(chat, Some(now + REST));
            }
            Outcome::Called(trouble) => {
                self.pacing.finish(chat, spending, now);
                self.react(chat, trouble, now).await;
            }
        }
    }

    /// Starts nothing more and waits for what is under way.
    pub async fn finish(&mut self) {
        while !self.under_way.is_empty() {
            let report = self.next_report().await;
            self.take(report).await;
        }
    }

    /// Sends all that may go at this moment of the clock. Returns when something more may.
    pub async fn drain(&mut self) -> DateTime<Utc> {
        loop {
            let wake_at = self.start_ready().await;
            if self.under_way.is_empty() {
                return wake_at;
            }
            let report = self.next_report().await;
            self.take(report).await;
        }
    }

    /// Best first; none while everything is paused.
    async fn candidates(&mut self, now: DateTime<Utc>) -> Result<Vec<Candidate>, StorageError> {
        let mut conn = self.app.db.acquire().await?;
        if self.paused_until.is_none() {
            let kept = settings::find(&mut conn, PAUSE).await?;
            self.recall(&outbox::list_sent(&mut conn, now - REMEMBERED).await?);
            self.paused_until = Some(kept.unwrap_or(DateTime::UNIX_EPOCH));
        }
        if self.paused_until.is_some_and(|until| until > now) {
            return Ok(Vec::new());
        }
        let busy: Vec<i64> = self.busy.keys().map(|chat| chat.0).collect();
        let due = outbox::list_due(&mut conn, &busy, now).await?;
        let to_redraw = cards::list_to_redraw(&mut conn, &busy, now).await?;
        let mut all: Vec<Candidate> = due.into_iter().map(Candidate::from).collect();
        all.extend(to_redraw.into_iter().map(Candidate::from));
        all.sort_by_key(|candidate| candidate.rank);
        Ok(all)
    }

    /// Telegram counts what the leader before us sent.
    fn recall(&mut self, sent: &[Sent]) {
        for call in sent {
            let spending = if call.is_edit { Spending::Pressed } else { Spending::Message };
            self.pacing.begin(spending, call.at);
            self.pacing.finish(call.chat, spending, call.at);
        }
    }

    fn start(&mut self, candidates: Vec<Candidate>, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut wake_at = now + LATER;
        for candidate in candidates {
            if self.under_way.len() == AT_ONCE {
                break;
            }
            if self.busy.contains_key(&candidate.chat) {
                continue;
            }
            let ready_at = self.pacing.ready_at(candidate.chat, candidate.spending, now);
            if ready_at > now {
                wake_at = wake_at.min(ready_at);
            } else {
                self.begin(candidate, now);
            }
        }
        wake_at
    }

    fn begin(&mut self, candidate: Candidate, now: DateTime<Utc>) {
        let Candidate { chat, spending, work, .. } = candidate;
        self.pacing.begin(spending, now);
        self.busy.insert(chat, None);
        let (app, fence) = (self.app.clone(), self.fence.clone());
        self.under_way.spawn(async move {
            let work = async {
                match work {
                    Work::Letter(id) => letter::send(&app, &fence, id).await,
                    Work::Redraw(id) => redraw::redraw(&app, &fence, id).await,
                }
            };
            let outcome = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
                error!(%chat, "Sending panicked");
                Outcome::Broken
            });
            Report { chat, spending, outcome }
        });
    }

    async fn react(&mut self, chat: ChatId, trouble: Option<Trouble>, now: DateTime<Utc>) {
        match trouble {
            Some(Trouble::Wait(time)) => {
                let until = now + TimeDelta::from_std(time).unwrap_or(AFTER_FATAL);
                if self.flood.complain(chat, now) == Concerns::Everybody {
                    warn!(seconds = time.as_secs(), "Telegram asks everybody to wait");
                    self.pause_all(until, now).await;
                }
            }
            Some(Trouble::Fatal) => {
                error!("Telegram refuses the bot's token: nothing can be sent");
                self.pause_all(now + AFTER_FATAL, now).await;
            }
            _ => {}
        }
    }

    /// Also for the next leader.
    async fn pause_all(&mut self, until: DateTime<Utc>, now: DateTime<Utc>) {
        self.paused_until = self.paused_until.max(Some(until));
        if let Err(error) = heard(self.keep_pause(now)).await {
            warn!(
                error = error.as_ref() as &dyn std::error::Error,
                "Cannot keep the pause for the next leader"
            );
        }
    }

    async fn keep_pause(&self, now: DateTime<Utc>) -> anyhow::Result<()> {
        let mut tx = self.app.db.begin().await?;
        settings::save(&mut tx, PAUSE, &self.paused_until, now).await?;
        self.fence.hold(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}
