//! A deal as some source shows it is taken in: remembered, and a measurement opened, ended or brought up to date.

use chrono::{DateTime, Utc};
use shared::ids::{LeadId, Stage};
use sqlx::PgConnection;

use super::ActionError;
use super::measurements::{self, NewMeasurement, TakenFacts};
use crate::domain::facts::Facts;
use crate::domain::intake::{self, Deal, Decision, Entry, Known, Rules, Source};
use crate::storage::leads::{self, Lead};
use crate::storage::{amo_directory, measurements as stored};

/// What was learned of a deal.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    pub deal: Deal,
    /// Entries that hooks reported, in any order.
    pub entries: Vec<Entry>,
    pub client: Client,
    /// AmoCRM is still to be asked: what opens now is completed later.
    pub is_provisional: bool,
}

/// Whether the deal's facts hold the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    Known,
    /// The contact was not read: what we know of the client stays.
    NotRead,
}

/// Takes a deal in. May be repeated at will; holds the lock of the deal's row until the transaction ends.
pub async fn take_in(
    conn: &mut PgConnection,
    rules: &Rules,
    lead_id: LeadId,
    sight: Sight,
    now: DateTime<Utc>,
) -> Result<Decision, ActionError> {
    let lead = leads::lock(conn, lead_id, now).await?;
    let decision = intake::decide(rules, &lead.known, &sight.deal, &sight.entries, now);
    if decision == Decision::Stale {
        return Ok(decision);
    }
    let remembered = remembered(rules, lead, &sight, decision);
    leads::save(conn, lead_id, &remembered).await?;
    // Before the rest: whoever has the deal now hears of it.
    let is_handed_over = measurements::hand_over(conn, lead_id, remembered.responsible, now).await?;
    match decision {
        Decision::End(end) => measurements::end_with_deal(conn, lead_id, end, now).await?,
        Decision::Open { has_moved_on, .. } => {
            let new = NewMeasurement {
                moved_on_to: if has_moved_on { stage_name(conn, sight.deal.stage).await? } else { None },
                facts: sight.deal.facts,
                responsible: remembered.responsible,
                is_provisional: sight.is_provisional,
            };
            let id = measurements::open(conn, lead_id, &new, now).await?;
            tracing::info!(lead = lead_id.0, measurement = id.0, "Opened a measurement");
        }
        Decision::Record if lead.has_any_open => {
            let taken = facts(conn, rules, lead_id, sight).await?;
            measurements::take_facts(conn, lead_id, TakenFacts { is_handed_over, ..taken }, now).await?;
        }
        Decision::Record | Decision::Stale => {}
    }
    Ok(decision)
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
) -> Result<Decision, ActionError> {
    let Lead { known, responsible, .. } = leads::lock(conn, lead_id, now).await?;
    let is_of_hook = sight.deal.source == Source::Hook;
    let deal = Deal {
        // A deal of a hook lists filled fields only: it erases nothing.
        source: Source::Hook,
        stage: known.stage,
        is_deleted: sight.deal.is_deleted.filter(|_| is_of_hook),
        updated_at: known.updated_at,
        responsible: responsible.or(sight.deal.responsible),
        // Only what opens now has nothing newer than these.
        facts: if known.has_open { Facts::default() } else { sight.deal.facts },
        ..sight.deal
    };
    take_in(conn, rules, lead_id, Sight { deal, ..sight }, now).await
}

/// What the sight says for the deal's open measurement.
async fn facts(
    conn: &mut PgConnection,
    rules: &Rules,
    lead_id: LeadId,
    sight: Sight,
) -> Result<TakenFacts, ActionError> {
    let Sight { deal, client, .. } = sight;
    let mut facts = deal.facts;
    let open = stored::lock_open_of_lead(conn, lead_id).await?;
    if let (Client::NotRead, Some(open)) = (client, &open) {
        facts.client_name.clone_from(&open.facts.client_name);
        facts.phones.clone_from(&open.facts.phones);
    }
    let moved_on_to = match deal.stage {
        Some(stage) if rules.triggers.is_empty() || rules.triggers.contains(&stage) => None,
        Some(stage) => stage_name(conn, Some(stage)).await?,
        None => open.and_then(|open| open.moved_on_to),
    };
    Ok(TakenFacts { source: deal.source, facts, moved_on_to, is_handed_over: false })
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
        ..before
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
    let is_inside = known.has_open && sight.deal.stage.is_some_and(is_trigger);
    let seen = if is_inside { sight.deal.updated_at } else { None };
    known.entered_at.max(reported).max(opened).max(seen)
}

/// What people call the stage, or its number while the list has not been received.
async fn stage_name(conn: &mut PgConnection, stage: Option<Stage>) -> Result<Option<String>, ActionError> {
    let Some(stage) = stage else { return Ok(None) };
    let name = amo_directory::stage_name(conn, stage).await?;
    Ok(Some(name.unwrap_or_else(|| stage.status_id.to_string())))
}

#[cfg(test)]
mod tests;
