//! How fast may be sent, as pure arithmetic on times. The budget belongs to the bot, so one sender keeps it.
//!
//! A call is asked for with [`Pacing::ready_at`], announced with [`Pacing::begin`] and accounted to its chat with
//! [`Pacing::finish`]: a chat has one call under way, and what counts for its limit is when Telegram had it.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::ids::ChatId;

/// What a call spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    /// A new message that answers what the person did.
    Reply,
    /// Any other new message.
    Message,
    /// A change of the message that the person just pressed.
    Pressed,
    /// A change of a message that nobody is waiting for.
    Redraw,
    /// A call that is no message: it counts in the overall budget alone.
    Quiet,
}

/// Calls a second, of the 30 that Telegram allows.
const OVERALL: usize = 25;
/// How many of these what nobody is waiting for may take; the others are kept for replies.
const UNAWAITED: usize = OVERALL - 5;
const SECOND: TimeDelta = TimeDelta::seconds(1);
const MINUTE: TimeDelta = TimeDelta::seconds(60);
/// Messages of a chat, new and changed: one a second, and so many at once after a rest.
const BURST: i32 = 3;
const BETWEEN_REDRAWS: TimeDelta = TimeDelta::seconds(3);
/// Changes of messages of one chat a minute.
const EDITS: usize = 20;
/// How many of these redraws may take; the others are kept for presses.
const REDRAWS: usize = EDITS - 5;

#[derive(Debug, Default)]
pub struct Pacing {
    /// The calls of the last second.
    calls: VecDeque<(DateTime<Utc>, Spending)>,
    chats: HashMap<ChatId, ChatPace>,
}

#[derive(Debug, Default)]
struct ChatPace {
    /// When the messages and changes so far would have ended at one a second.
    caught_up_at: Option<DateTime<Utc>>,
    /// Changes of the last minute, oldest first.
    edits: VecDeque<DateTime<Utc>>,
}

impl Spending {
    fn is_awaited(self) -> bool {
        matches!(self, Self::Reply | Self::Pressed)
    }
}

impl Pacing {
    /// From when on this call may go; a time that is not after `now` means at once.
    pub fn ready_at(&self, chat: ChatId, spending: Spending, now: DateTime<Utc>) -> DateTime<Utc> {
        let of_chat = self.chats.get(&chat).map_or(now, |pace| pace.ready_at(spending, now));
        of_chat.max(self.overall_ready_at(spending, now))
    }

    /// The call goes out now.
    pub fn begin(&mut self, spending: Spending, now: DateTime<Utc>) {
        while self.calls.front().is_some_and(|(at, _)| *at + SECOND <= now) {
            self.calls.pop_front();
        }
        self.calls.push_back((now, spending));
    }

    /// The call has come back, whatever it brought.
    pub fn finish(&mut self, chat: ChatId, spending: Spending, now: DateTime<Utc>) {
        self.chats.retain(|_, pace| !pace.is_rested(now));
        let pace = self.chats.entry(chat).or_default();
        if spending == Spending::Quiet {
            return;
        }
        pace.caught_up_at = Some(pace.caught_up_at.map_or(now, |at| at.max(now)) + SECOND);
        if matches!(spending, Spending::Pressed | Spending::Redraw) {
            pace.forget_old_edits(now);
            pace.edits.push_back(now);
        }
    }

    fn overall_ready_at(&self, spending: Spending, now: DateTime<Utc>) -> DateTime<Utc> {
        let all = self.calls.iter().rev().map(|(at, _)| *at).nth(OVERALL - 1);
        let mut unawaited =
            self.calls.iter().rev().filter(|(_, other)| !other.is_awaited()).map(|(at, _)| *at);
        let share = if spending.is_awaited() { None } else { unawaited.nth(UNAWAITED - 1) };
        [all, share].into_iter().flatten().map(|at| at + SECOND).fold(now, DateTime::max)
    }
}

impl ChatPace {
    fn ready_at(&self, spending: Spending, now: DateTime<Utc>) -> DateTime<Utc> {
        let edit = |index_from_newest: usize| self.edits.iter().rev().nth(index_from_newest - 1).copied();
        let in_turn = self.caught_up_at.map(|at| at - SECOND * (BURST - 1));
        let limits = match spending {
            Spending::Reply | Spending::Message => [in_turn, None, None],
            Spending::Pressed => [in_turn, edit(EDITS).map(|at| at + MINUTE), None],
            Spending::Redraw => {
                [in_turn, edit(REDRAWS).map(|at| at + MINUTE), edit(1).map(|at| at + BETWEEN_REDRAWS)]
            }
            Spending::Quiet => [None; 3],
        };
        limits.into_iter().flatten().fold(now, DateTime::max)
    }

    fn forget_old_edits(&mut self, now: DateTime<Utc>) {
        while self.edits.front().is_some_and(|at| *at + MINUTE <= now) {
            self.edits.pop_front();
        }
    }

    /// Whether it is as good as new.
    fn is_rested(&self, now: DateTime<Utc>) -> bool {
        self.caught_up_at.is_none_or(|at| at <= now) && self.edits.back().is_none_or(|at| *at + MINUTE <= now)
    }
}

#[cfg(test)]
mod tests;
