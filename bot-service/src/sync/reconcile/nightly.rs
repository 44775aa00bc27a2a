//! Once a day every deal in a trigger stage is looked at, in case the journal and the times of changes missed one.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Timelike};
use shared::ids::LeadId;

use super::walk::Walk;
use super::{OVERLAP, Pass, differs};
use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::amocrm::model::ListedLead;
use crate::domain::intake::Entry;
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::{leads, reconciliation};

/// Local time: nobody needs AmoCRM then.
const HOUR: u32 = 3;

pub async fn run(pass: &mut Pass<'_>) -> anyhow::Result<()> {
    if !is_due(pass) {
        return Ok(());
    }
    let triggers = pass.triggers().to_vec();
    let mut listed: BTreeMap<LeadId, ListedLead> = BTreeMap::new();
    let mut walk = Walk::of(0, &triggers);
    while let Some(some) = walk.next(pass.gateway).await? {
        listed.extend(some.into_iter().map(|lead| (lead.id, lead)));
    }
    let (nudges, missed) = missed(pass, &listed).await?;
    pass.marks.deep_on = Some(today(pass));
    keep(pass, &nudges, missed).await
}

pub fn today(pass: &Pass<'_>) -> NaiveDate {
    pass.now.with_timezone(&pass.app().timezone()).date_naive()
}

fn is_due(pass: &Pass<'_>) -> bool {
    let hour = pass.now.with_timezone(&pass.app().timezone()).hour();
    !pass.triggers().is_empty() && hour >= HOUR && pass.marks.deep_on != Some(today(pass))
}

/// What differs, and how much of it should have been found long before.
async fn missed(pass: &Pass<'_>, listed: &BTreeMap<LeadId, ListedLead>) -> anyhow::Result<(Nudges, i64)> {
    let ids: Vec<LeadId> = listed.keys().copied().collect();
    let mut conn = pass.app().db.acquire().await?;
    let known = leads::list(&mut conn, &ids).await?;
    let waiting = lead_nudges::waiting(&mut conn, &ids).await?;
    let (mut nudges, mut missed) = (Nudges::default(), 0);
    for lead in listed.values().filter(|lead| !waiting.contains(&lead.id)) {
        let known = known.get(&lead.id);
        if !differs(known, lead) {
            continue;
        }
        nudges.ask(lead.id, pass.now);
        // What stood here at the first look is known: this one came in since, and nobody told.
        let is_entry = known.is_none_or(|lead| lead.known.stage.is_none());
        let at = DateTime::from_timestamp(lead.updated_at, 0).unwrap_or(pass.now);
        if is_entry && pass.marks.since(lead.stage()).is_some_and(|since| lead.updated_at > since) {
            nudges.ask_with_entry(lead.id, Entry::of_journal(lead.stage(), at, pass.now));
        }
        missed += i64::from(lead.updated_at < pass.marks.leads - OVERLAP);
    }
    Ok((nudges, missed))
}

async fn keep(pass: &mut Pass<'_>, nudges: &Nudges, missed: i64) -> anyhow::Result<()> {
    let mut transaction = pass.app().db.begin().await?;
    lead_nudges::upsert(&mut transaction, nudges, pass.now).await?;
    if missed > 0 {
        let alert = Alert::DealsWereMissed { deals: missed };
        alerts::tell_office(&mut transaction, &alert, pass.now).await?;
    }
    reconciliation::save(&mut transaction, &pass.marks, pass.now).await?;
    pass.syncer.fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    pass.count(nudges, "nightly");
    Ok(())
}
