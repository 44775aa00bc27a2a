//! Deals that AmoCRM's answer lacks, which alone says nothing: they may be too new for it, hidden from us, or the
//! filter off. What lies in the bin is deleted, whether a hook told of it or not. When hooks reported entries of a
//! deal that AmoCRM shows nowhere for minutes, it is taken from its hook, or a measurement would be lost; and asked
//! for all the same for another hour.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::ids::LeadId;

use super::apply::{After, Desk};
use super::away;
use super::gateway::{CallError, Gateway};
use super::round::{PATIENCE, back_off};
use super::trouble::MISSING;
use crate::storage::lead_nudges::Claim;

/// So long a deal is asked for that AmoCRM never shows, though its hooks report entries.
const ASKED_FOR: TimeDelta = TimeDelta::hours(1);

pub async fn take(desk: &Desk<'_>, gateway: &Gateway, claims: &[&Claim]) -> anyhow::Result<()> {
    let deleted = in_the_bin(desk, gateway, claims).await?;
    for claim in claims {
        if deleted.contains(&claim.lead_id) || claim.is_deleted() == Some(true) {
            desk.take_deletion(claim).await?;
        } else {
            wait_for(desk, claim).await?;
        }
    }
    Ok(())
}

/// Not asked of what is missing for the first time, nor of what its hooks call deleted or restored. A bin that cannot
/// be read tells nothing; it is asked again with the deal.
async fn in_the_bin(
    desk: &Desk<'_>,
    gateway: &Gateway,
    claims: &[&Claim],
) -> anyhow::Result<BTreeSet<LeadId>> {
    let is_asked = |claim: &&&Claim| {
        claim.is_deleted().is_none() && claim.failing_for(MISSING, desk.now) > TimeDelta::zero()
    };
    let ids: Vec<LeadId> = claims.iter().filter(is_asked).map(|claim| claim.lead_id).collect();
    match away::meanwhile(desk, gateway.deleted_leads(&ids)).await? {
        Ok(deleted) => Ok(deleted),
        Err(error @ CallError::Ours(_)) => Err(error.into()),
        Err(error) => {
            tracing::info!(error = %error, deals = ids.len(), "AmoCRM's bin could not be read");
            Ok(BTreeSet::new())
        }
    }
}

async fn wait_for(desk: &Desk<'_>, claim: &Claim) -> anyhow::Result<()> {
    let missing_for = claim.failing_for(MISSING, desk.now);
    let at = desk.now + back_off(claim, MISSING, desk.now);
    let has_entries = !claim.entries.is_empty();
    if missing_for < PATIENCE {
        return desk.retry(claim, at, MISSING).await;
    }
    if has_entries && claim.has_fields() && claim.from_hook_at.is_none() {
        return desk.take_hook(claim, After::AskAmoCrm { at }).await;
    }
    if has_entries && missing_for < ASKED_FOR {
        return desk.retry(claim, at, MISSING).await;
    }
    tracing::warn!(lead = claim.lead_id.0, "AmoCRM does not show a deal that it sent hooks about");
    desk.settle(claim).await
}
