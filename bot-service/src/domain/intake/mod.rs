//! A deal as AmoCRM shows it, and what we knew of it, become a decision.
//!
//! A measurement opens on an *entry* into a trigger stage, never on presence in it. An entry is seen in two
//! ways: the stage we last saw is not a trigger and the one read now is (with no triggers configured: another
//! stage than we last saw); or a hook reports one that is later than the last we dealt with. So a cancelled measurement of a deal that stays in its stage does not come
//! back, and a robot that moves a deal through the stage within a second is not missed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::{AmoUserId, ContactId, LOST, Stage, WON};

use super::facts::Facts;
use super::measurement::DealEnd;

/// Digital Pipeline hooks carry no time and may come again within an hour. Such an entry this soon after one
/// that we dealt with is taken for the same.
const UNTIMED_ENTRY_IS_NEW_AFTER: TimeDelta = TimeDelta::hours(2);

/// AmoCRM's journal and its hooks tell the same entry, and their times may be a moment apart.
const JOURNAL_IS_APART: TimeDelta = TimeDelta::seconds(2);

/// An entry into a stage, as a hook or AmoCRM's journal reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub stage: Stage,
    /// AmoCRM's own time, in whole seconds, where the hook had one.
    pub at: Option<DateTime<Utc>>,
    pub received_at: DateTime<Utc>,
    /// Read in AmoCRM's journal, which a hook may repeat or have told already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_journal: bool,
}

impl Entry {
    /// As the journal has it.
    pub fn of_journal(stage: Stage, at: DateTime<Utc>, received_at: DateTime<Utc>) -> Self {
        Self { stage, at: Some(at), received_at, is_of_journal: true }
    }

    pub fn when(&self) -> DateTime<Utc> {
        self.at.unwrap_or(self.received_at)
    }

    /// Whatever is told of an entry up to this moment may be told of this one.
    pub fn covers_until(&self) -> DateTime<Utc> {
        if self.is_of_journal { self.when() + JOURNAL_IS_APART } else { self.when() }
    }
}

/// What we remember of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    pub stage: Option<Stage>,
    pub is_deleted: bool,
    pub updated_at: Option<DateTime<Utc>>,
    /// Entries up to this moment are dealt with.
    pub entered_at: Option<DateTime<Utc>>,
    pub open: OpenWork,
    pub had_any: bool,
}

/// Which measurement of a deal is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OpenWork {
    #[default]
    None,
    /// Only what a person asked for: the deal may open one beside it.
    OfPerson,
    /// One that the deal itself opened. It never has two.
    OfDeal,
}

impl Known {
    /// Whether the deal is deleted, once this was seen of it.
    pub fn is_deleted_with(&self, deal: &Deal) -> bool {
        deal.is_deleted.unwrap_or(self.is_deleted)
    }
}

/// Whether a source tells everything, or only what is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    AmoCrm,
    /// A webhook's own fields: filled ones alone, and nothing of the contact.
    Hook,
}

/// A deal as a source shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    pub source: Source,
    pub stage: Option<Stage>,
    /// None where the source does not say: any hook but those of a deletion or a restoration, which may be an old
    /// one on its way.
    pub is_deleted: Option<bool>,
    pub updated_at: Option<DateTime<Utc>>,
    pub responsible: Option<AmoUserId>,
    pub contact_id: Option<ContactId>,
    pub facts: Facts,
}

/// Which stages open a measurement, and which end one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Empty: a deal's first entry into any stage opens one, never a second.
    pub triggers: Vec<Stage>,
    /// Empty: stage 143 of every pipeline.
    pub cancels: Vec<Stage>,
    /// The stages of «Неразобранное».
    pub unsorted: Vec<Stage>,
}

impl Rules {
    pub fn is_cancel(&self, stage: Stage) -> bool {
        if self.cancels.is_empty() { stage.status_id == LOST } else { self.cancels.contains(&stage) }
    }

    /// With no triggers configured, every stage that is not an end or a beginning.
    fn opens(&self, stage: Stage) -> bool {
        if self.triggers.is_empty() {
            let ends = [WON, LOST];
            !ends.contains(&stage.status_id) && !self.unsorted.contains(&stage) && !self.is_cancel(stage)
        } else {
            self.triggers.contains(&stage)
        }
    }
}

/// What to do with a deal. The new state of the deal is to be remembered in every case but [`Decision::Stale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The answer is older than what we have.
    Stale,
    /// Nothing to open or to end; open measurements take the facts.
    Record,
    /// Open a measurement. All entries up to `entered_at` are then dealt with.
    Open { entered_at: DateTime<Utc>, has_moved_on: bool },
    /// End what is open.
    End(DealEnd),
}

/// Decides. `entries` are what hooks reported since the deal was last settled, in any order.
pub fn decide(rules: &Rules, known: &Known, deal: &Deal, entries: &[Entry], now: DateTime<Utc>) -> Decision {
    if is_older(deal, known) {
        return Decision::Stale;
    }
    if known.is_deleted_with(deal) {
        return end(known, DealEnd::Deleted, known.is_deleted);
    }
    if let Some(stage) = deal.stage.filter(|stage| rules.is_cancel(*stage)) {
        let seen_before = known.stage == Some(stage) && !known.is_deleted;
        return end(known, DealEnd::Closed, seen_before);
    }
    match entry(rules, known, deal, entries, now) {
        Some(entered_at) if known.open != OpenWork::OfDeal => {
            let is_inside = deal.stage.is_some_and(|stage| rules.opens(stage));
            let is_won = deal.stage.is_some_and(|stage| stage.status_id == WON && !rules.opens(stage));
            if is_won { Decision::Record } else { Decision::Open { entered_at, has_moved_on: !is_inside } }
        }
        _ => Decision::Record,
    }
}

/// Whether the journal tells of an entry that may open something and was not dealt with.
pub fn is_unheard(rules: &Rules, known: &Known, entry: &Entry) -> bool {
    let is_spent = rules.triggers.is_empty() && known.had_any;
    !is_spent && rules.opens(entry.stage) && is_new(entry, known.entered_at)
}

/// A deal already seen at its end has been dealt with then: a measurement that a person restored stays.
fn end(known: &Known, end: DealEnd, seen_before: bool) -> Decision {
    if known.open != OpenWork::None && !seen_before { Decision::End(end) } else { Decision::Record }
}

fn is_older(deal: &Deal, known: &Known) -> bool {
    matches!((deal.updated_at, known.updated_at), (Some(new), Some(old)) if new < old)
}

/// The moment up to which entries are dealt with once this one is; `None` if there is no new entry.
fn entry(
    rules: &Rules,
    known: &Known,
    deal: &Deal,
    entries: &[Entry],
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if rules.triggers.is_empty() && known.had_any {
        return None;
    }
    let reported = entries
        .iter()
        .filter(|entry| rules.opens(entry.stage) && is_new(entry, known.entered_at))
        .map(Entry::covers_until)
        .max();
    let came_in = deal.stage.is_some_and(|stage| rules.opens(stage));
    // An unknown deal was perhaps there before us.
    let was_outside = if rules.triggers.is_empty() {
        known.stage.is_some_and(|stage| deal.stage != Some(stage))
    } else {
        known.is_deleted || known.stage.is_some_and(|stage| !rules.opens(stage))
    };
    let is_news = |at: &DateTime<Utc>| known.entered_at.is_none_or(|dealt_with| *at > dealt_with);
    let observed = (came_in && was_outside).then(|| deal.updated_at.unwrap_or(now)).filter(is_news);
    // What is seen inside the stage covers every entry before it, reported or still on its way.
    let covered = if came_in { deal.updated_at } else { None };
    reported.max(observed).map(|at| covered.map_or(at, |covered| at.max(covered)))
}

fn is_new(entry: &Entry, dealt_with: Option<DateTime<Utc>>) -> bool {
    match (dealt_with, entry.at) {
        (None, _) => true,
        (Some(last), Some(at)) if entry.is_of_journal => at > last + JOURNAL_IS_APART,
        (Some(last), Some(at)) => at > last,
        (Some(last), None) => entry.received_at > last + UNTIMED_ENTRY_IS_NEW_AFTER,
    }
}

#[cfg(test)]
mod tests;
