//! Entries into stages that no hook reported, deletions and restorations.

use std::collections::{BTreeMap, HashMap};

use chrono::DateTime;
use shared::ids::{LeadId, Stage};

use super::super::gateway::allowed;
use super::story::{self, Story};
use super::{OVERLAP, Pass, walk};
use crate::domain::intake::{self, Entry, Known};
use crate::storage::lead_nudges::Nudges;
use crate::storage::leads;

pub async fn run(pass: &mut Pass<'_>) -> anyhow::Result<()> {
    let from = pass.marks.journal - OVERLAP;
    let Some(events) = allowed(walk::events(pass.gateway, from).await)? else { return Ok(()) };
    let newest = pass.newest(events.iter().map(|event| event.created_at));
    let mut stories = story::of(events);
    let ids: Vec<LeadId> = stories.keys().copied().collect();
    let known = leads::list(&mut *pass.app().db.acquire().await?, &ids).await?;
    let known: HashMap<LeadId, Known> = known.into_iter().map(|(id, lead)| (id, lead.known)).collect();
    find_first_stages(pass, &mut stories, &known).await?;
    let mut nudges = Nudges::default();
    for (lead, story) in &stories {
        nudge(pass, &mut nudges, (*lead, story), known.get(lead));
    }
    pass.marks.journal = pass.marks.journal.max(newest);
    pass.commit(&nudges, "journal").await
}

/// Where deals are that were added and not moved since: the journal does not say where they were added.
async fn find_first_stages(
    pass: &Pass<'_>,
    stories: &mut BTreeMap<LeadId, Story>,
    known: &HashMap<LeadId, Known>,
) -> anyhow::Result<()> {
    let is_dealt_with = |lead: &LeadId, at: i64| {
        let dealt_with = known.get(lead).and_then(|known| known.entered_at);
        dealt_with.is_some_and(|until| until.timestamp() >= at)
    };
    let added = stories.iter().filter_map(|(lead, story)| Some((*lead, story.added_at?)));
    let asked: Vec<LeadId> =
        added.filter(|(lead, at)| !is_dealt_with(lead, *at)).map(|(lead, _)| lead).collect();
    let Some(found) = allowed(pass.gateway.open_leads(&asked).await)? else { return Ok(()) };
    for lead in found.elements {
        let stage = Stage { pipeline_id: lead.pipeline_id, status_id: lead.status_id };
        if let Some(story) = stories.get_mut(&lead.id) {
            story.entries.extend(story.added_at.map(|at| (stage, at)));
        }
    }
    Ok(())
}

fn nudge(pass: &Pass<'_>, nudges: &mut Nudges, (lead, story): (LeadId, &Story), known: Option<&Known>) {
    let time = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or(pass.now);
    let was_deleted = known.is_some_and(|known| known.is_deleted);
    match story.is_deleted {
        Some((true, at)) => {
            if known.is_some() && !was_deleted {
                nudges.ask_deleted(lead, time(at), pass.now);
            }
            return;
        }
        Some((false, at)) if was_deleted => nudges.ask_restored(lead, time(at), pass.now),
        _ => {}
    }
    let nothing = Known::default();
    for (stage, at) in &story.entries {
        let entry = Entry::of_journal(*stage, time(*at), pass.now);
        let counts = pass.marks.since(*stage).is_some_and(|since| *at > since);
        if counts && intake::is_unheard(&pass.rules, known.unwrap_or(&nothing), &entry) {
            nudges.ask_with_entry(lead, entry);
        }
    }
}
