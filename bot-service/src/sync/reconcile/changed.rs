//! Deals that changed since the last look, and of whose change no hook told.

use shared::ids::LeadId;

use super::walk::Walk;
use super::{OVERLAP, Pass, differs};
use crate::amocrm::model::ListedLead;
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::leads;

pub async fn run(pass: &mut Pass<'_>) -> anyhow::Result<()> {
    let mut walk = Walk::of(pass.marks.leads - OVERLAP, &[]);
    while let Some(listed) = walk.next(pass.gateway).await? {
        let nudges = unknown(pass, &listed).await?;
        // The longest unchanged come first: what was read is behind us, whatever becomes of the rest.
        if !walk.is_astray {
            let newest = pass.newest(listed.iter().map(|lead| lead.updated_at));
            pass.marks.leads = pass.marks.leads.max(newest);
        }
        pass.commit(&nudges, "changed").await?;
    }
    Ok(())
}

/// Deals about to be read anyway are no find.
async fn unknown(pass: &Pass<'_>, listed: &[ListedLead]) -> anyhow::Result<Nudges> {
    let ids: Vec<LeadId> = listed.iter().map(|lead| lead.id).collect();
    let mut conn = pass.app().db.acquire().await?;
    let known = leads::list(&mut conn, &ids).await?;
    let waiting = lead_nudges::waiting(&mut conn, &ids).await?;
    let mut nudges = Nudges::default();
    let news = listed.iter().filter(|lead| differs(known.get(&lead.id), lead));
    for lead in news.filter(|lead| !waiting.contains(&lead.id)) {
        nudges.ask(lead.id, pass.now);
    }
    Ok(nudges)
}
