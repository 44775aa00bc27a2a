//! A deal as some source shows it is taken in: remembered, and a measurement opened, ended or brought up to date.

use chrono::{DateTime, Utc};
use shared::ids::{LeadId, Stage};
use sqlx::PgConnection;

use super::ActionError;
use super::measurements::{self, NewMeasurement, Place, TakenFacts};

pub use super::measurements::Linked;
use crate::domain::facts::Facts;
use crate::domain::ids::MeasurementId;
use crate::domain::intake::{self, Deal, Decision, Entry, Known, OpenWork, Rules, Source};
use crate::storage::amo_directory;
use crate::storage::leads::{self, Lead};

/// What was learned of a deal.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    pub deal: Deal,
    /// Entries that hooks reported, in any order.
    pub entries: Vec<Entry>,
    pub client: Linked,
    pub company: Linked,
    /// AmoCRM is still to be asked: what opens now is completed later.
    pub is_provisional: bool,
}

/// What was made of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub decision: Decision,
    /// The rules are to look at this one, as late as the order of locks allows: whoever proposes holds up everybody
    /// else who wants to.
    pub opened: Option<MeasurementId>,
}

/// Takes a deal in. May be repeated at will; holds the lock of the deal's row until the transaction ends.
pub async fn take_in(
    conn: &mut PgConnection,
    rules: &Rules,
    lead_id: LeadId,
    sight: Sight,
    now: DateTime<Utc>,
) -> Result<Taken, ActionError> {
    let lead = leads::lock(conn, lead_id, now).await?;
    let decision = intake::decide(rules, &lead.known, &sight.deal, &sight.entries, now);
    let mut outcome = Taken { decision, opened: None };
    if decision == Decision::Stale {
        return Ok(outcome);
    }
    let remembered = remembered(rules, lead, &sight, decision);
    leads::save(conn, lead_id, &remembered).await?;
    // Before the rest: whoever has the deal now hears of it.
    let is_handed_over = measurements::hand_over(conn, lead_id, remembered.responsible, now).await?;
    match decision {
        Decision::End(end) => measurements::end_with_deal(conn, lead_id, end, now).await?,
        Decision::Open { has_moved_on, .. } => {
            let new = NewMeasurement {
                moved_on_to: match sight.deal.stage {
                    Some(stage) if has_moved_on => Some(stage_name(conn, stage).await?),
                    _ => None,
                },
                facts: sight.deal.facts.clone(),
                responsible: remembered.responsible,
                is_provisional: sight.is_provisional,
            };
            let id = measurements::open(conn, lead_id, &new, now).await?;
            outcome.opened = Some(id);
            tracing::info!(lead = lead_id.0, measurement = id.0, "Opened a measurement");
            if lead.known.open != OpenWork::None && sight.deal.source == Source::AmoCrm {
                let taken = taken(conn, rules, sight).await?;
                measurements::take_facts(conn, lead_id, &TakenFacts { is_handed_over, ..taken }, now).await?;
            }
        }
        Decision::Record if lead.known.open != OpenWork::None => {
            let taken = taken(conn, rules, sight).await?;
            measurements::take_facts(conn, lead_id, &TakenFacts { is_handed_over, ..taken }, now).await?;
        }
        Decision::Record | Decision::Stale => {}
    }
    Ok(outcome)
}

/// The same for a deal that is older news than what we have: its entries are news all the same.
///
/// An old hook may be the only one to tell that the deal passed through a stage.
pub async fn take_in_entries(
    conn: &mut PgConnection,
    rules: &Rules,
    lead_id: LeadId,
    sight: Sight,
    now: DateTime<Utc>,
) -> Result<Taken, ActionError> {
    let Lead { known, responsible, .. } = leads::lock(conn, lead_id, now).await?;
    let is_of_hook = sight.deal.source == Source::Hook;
    let mut deal = Deal {
        // A deal of a hook lists filled fields only: it erases nothing.
        source: Source::Hook,
        stage: known.stage,
        is_deleted: sight.deal.is_deleted.filter(|_| is_of_hook),
        updated_at: known.updated_at,
        responsible: responsible.or(sight.deal.responsible),
        ..sight.deal
    };
    if !matches!(intake::decide(rules, &known, &deal, &sight.entries, now), Decision::Open { .. }) {
        // Only what opens now has nothing newer than these.
        deal.facts = Facts::default();
    }
    take_in(conn, rules, lead_id, Sight { deal, ..sight }, now).await
}

/// What the sight says for the deal's open measurements.
async fn taken(conn: &mut PgConnection, rules: &Rules, sight: Sight) -> Result<TakenFacts, ActionError> {
    let Sight { deal, client, company, .. } = sight;
    let has_left = |stage: &Stage| !rules.triggers.is_empty() && !rules.triggers.contains(stage);
    let place = match deal.stage {
        None => Place::Untold,
        Some(stage) if has_left(&stage) => Place::MovedOn(stage_name(conn, stage).await?),
        Some(_) => Place::Trigger,
    };
    Ok(TakenFacts { source: deal.source, facts: deal.facts, client, company, place, is_handed_over: false })
}

/// What is known of the deal after the decision.
fn remembered(rules: &Rules, before: Lead, sight: &Sight, decision: Decision) -> Lead {
    let (known, deal) = (before.known, &sight.deal);
    let is_whole = deal.source == Source::AmoCrm;
    Lead {
        known: Known {
            stage: deal.stage.or(known.stage),
            is_deleted: known.is_deleted_with(deal),
            updated_at: known.updated_at.max(deal.updated_at),
            entered_at: dealt_with(rules, &known, sight, decision),
            ..known
        },
        contact_id: if is_whole { deal.contact_id } else { before.contact_id },
        responsible: if is_whole { deal.responsible } else { deal.responsible.or(before.responsible) },
    }
}

/// Entries up to this moment open nothing any more.
///
/// Besides the entry that opened a measurement these are the ones that came while one was open, or when the deal
/// had come to its end since: told again later (AmoCRM repeats hooks for an hour and a half), they are no news.
fn dealt_with(rules: &Rules, known: &Known, sight: &Sight, decision: Decision) -> Option<DateTime<Utc>> {
    let is_trigger = |stage: Stage| rules.triggers.contains(&stage);
    let reported = sight.entries.iter().filter(|entry| is_trigger(entry.stage));
    let reported = reported.map(Entry::covers_until).max();
    let opened = match decision {
        Decision::Open { entered_at, .. } => Some(entered_at),
        _ => None,
    };
    // Seen inside the stage beside an open measurement: every entry up to now belongs to that one.
    let is_inside = known.open == OpenWork::OfDeal && sight.deal.stage.is_some_and(is_trigger);
    let seen = if is_inside { sight.deal.updated_at } else { None };
    known.entered_at.max(reported).max(opened).max(seen)
}

/// What people call the stage, or its number while the list has not been received.
async fn stage_name(conn: &mut PgConnection, stage: Stage) -> Result<String, ActionError> {
    let name = amo_directory::stage_name(conn, stage).await?;
    Ok(name.unwrap_or_else(|| stage.status_id.to_string()))
}

#[cfg(test)]
mod tests;
