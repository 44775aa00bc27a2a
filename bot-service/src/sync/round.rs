//! One round: what is due is read from AmoCRM together, then taken in deal by deal.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use shared::ids::{ContactId, LeadId};

use super::apply::{After, Desk};
use super::gateway::{CallError, Gateway};
use super::{LOOP, Syncer, away};
use crate::actions::intake::{Client, Sight};
use crate::amocrm::client::Found;
use crate::amocrm::facts::Reader;
use crate::amocrm::gate::Closed;
use crate::amocrm::model::{Contact, Lead};
use crate::domain::intake::{self, Decision, Rules};
use crate::storage::amo_directory;
use crate::storage::lead_nudges::{self, Claim};
use crate::storage::leads::{self, Lead as Remembered};

/// As many as one call reads.
pub const CLAIMS: usize = 250;
/// A deal that AmoCRM does not show, or shows as it was, is asked for so often: some three minutes.
const TRIES: i32 = 4;

/// Works on what is due now. Returns how many nudges that were.
///
/// # Errors
///
/// If the database fails or somebody else leads: what was not dealt with is due still.
pub async fn run(syncer: &Syncer) -> anyhow::Result<usize> {
    let Syncer { app, gateway, fence, over } = syncer;
    let now = app.now();
    let mut conn = app.db.acquire().await?;
    let limit = i64::try_from(CLAIMS)?;
    let claims = lead_nudges::claim(&mut conn, now, limit).await?;
    if claims.is_empty() {
        return Ok(0);
    }
    let config = &app.config.intake;
    let unsorted = amo_directory::unsorted(&mut conn).await?;
    drop(conn);
    let rules = Rules { triggers: config.triggers.clone(), cancels: config.cancels.clone(), unsorted };
    let reader = Reader { fields: &config.fields, timezone: app.config.timezone };
    let desk = Desk { app, fence, over, rules, reader, now };
    match gateway {
        Some(gateway) => from_amocrm(&desk, gateway, &claims).await?,
        None => {
            for claim in &claims {
                desk.take_hook(claim, After::Settle).await?;
            }
        }
    }
    Ok(claims.len())
}

async fn from_amocrm(desk: &Desk<'_>, gateway: &Gateway, claims: &[Claim]) -> anyhow::Result<()> {
    let ids: Vec<LeadId> = claims.iter().map(|claim| claim.lead_id).collect();
    let found = match gateway.leads(&ids).await {
        Ok(found) => found,
        Err(error) => return away::postpone(desk, &claims.iter().collect::<Vec<_>>(), error).await,
    };
    desk.fence.progressed(LOOP);
    let remembered = leads::list(&mut *desk.app.db.acquire().await?, &ids).await?;
    let shown: HashMap<LeadId, &Lead> = found.elements.iter().map(|lead| (lead.id, lead)).collect();
    let mut wanted = BTreeSet::new();
    for claim in claims {
        let known = remembered.get(&claim.lead_id).copied().unwrap_or_default();
        let lead = shown.get(&claim.lead_id);
        wanted.extend(lead.and_then(|lead| contact_to_read(desk, claim, lead, &known)));
    }
    let contacts = Contacts::read(gateway, wanted).await;
    desk.fence.progressed(LOOP);
    let mut without_contact = Vec::new();
    for claim in claims {
        match shown.get(&claim.lead_id) {
            Some(lead) if contacts.is_still_to_come(lead) => without_contact.push(claim),
            Some(lead) => take(desk, claim, lead, &contacts).await?,
            None if found.unreadable.contains(&claim.lead_id) => {
                away::cannot_be_read(desk, claim).await?;
            }
            None => missing(desk, claim).await?,
        }
    }
    match contacts.error {
        Some(error) => away::postpone(desk, &without_contact, error).await,
        None => Ok(()),
    }
}

/// The deal's main contact, where a measurement is open or opens now.
fn contact_to_read(
    desk: &Desk<'_>,
    claim: &Claim,
    lead: &Lead,
    remembered: &Remembered,
) -> Option<ContactId> {
    let deal = desk.reader.deal(lead, None);
    let decision = intake::decide(&desk.rules, &remembered.known, &deal, &claim.entries, desk.now);
    let is_wanted = remembered.has_any_open || matches!(decision, Decision::Open { .. });
    deal.contact_id.filter(|_| is_wanted)
}

async fn take(desk: &Desk<'_>, claim: &Claim, lead: &Lead, contacts: &Contacts) -> anyhow::Result<()> {
    let contact = lead.contact_id().and_then(|id| contacts.read.get(&id));
    let deal = desk.reader.deal(lead, contact);
    let is_known = lead.contact_id().is_none() || contact.is_some();
    let is_lost = lead.contact_id().is_some_and(|id| contacts.lost.contains(&id));
    let sight = Sight {
        deal,
        entries: claim.entries.clone(),
        client: if is_known { Client::Known } else { Client::NotRead },
        is_provisional: false,
    };
    let is_last_try = claim.attempts >= TRIES;
    let doubt = if is_lost {
        Some("the deal's contact is not in AmoCRM's answer")
    } else if claim.deleted_at.is_some() {
        Some("AmoCRM still shows a deal that its hook calls deleted")
    } else {
        None
    };
    let after = match doubt {
        Some(error) if !is_last_try => After::Retry { at: desk.now + back_off(claim), error },
        _ => After::Settle,
    };
    desk.take(claim, sight, after, is_last_try).await
}

/// Absence alone says nothing: the deal may be hidden from us, or the filter off. With a hook that reports the
/// deletion it says the same.
async fn missing(desk: &Desk<'_>, claim: &Claim) -> anyhow::Result<()> {
    if claim.deleted_at.is_some() {
        return desk.take_hook(claim, After::Settle).await;
    }
    if claim.attempts < TRIES {
        return desk.retry(claim, desk.now + back_off(claim), "the deal is not in AmoCRM's answer").await;
    }
    tracing::warn!(lead = claim.lead_id.0, "AmoCRM does not show a deal that it sent hooks about");
    if claim.entries.is_empty() {
        return desk.settle(claim).await;
    }
    desk.take_hook(claim, After::Settle).await
}

/// 2 s, 8 s, 32 s, … up to half an hour.
pub fn back_off(claim: &Claim) -> TimeDelta {
    const FIRST: TimeDelta = TimeDelta::seconds(2);
    const LONGEST: TimeDelta = TimeDelta::minutes(30);
    let tries = u32::try_from(claim.attempts).unwrap_or(0).min(6);
    (FIRST * 4_i32.pow(tries)).min(LONGEST)
}

/// The contacts of a round.
struct Contacts {
    read: HashMap<ContactId, Contact>,
    /// Asked for, and not in the answer or not readable.
    lost: BTreeSet<ContactId>,
    /// Not asked for yet, because AmoCRM failed meanwhile.
    to_come: BTreeSet<ContactId>,
    error: Option<CallError>,
}

impl Contacts {
    async fn read(gateway: &Gateway, wanted: BTreeSet<ContactId>) -> Self {
        let mut contacts =
            Self { read: HashMap::new(), lost: BTreeSet::new(), to_come: BTreeSet::new(), error: None };
        if wanted.is_empty() {
            return contacts;
        }
        let ids: Vec<ContactId> = wanted.iter().copied().collect();
        match gateway.contacts(&ids).await {
            Ok(Found { elements, .. }) => {
                contacts.read = elements.into_iter().map(|contact| (contact.id, contact)).collect();
                contacts.lost = wanted.into_iter().filter(|id| !contacts.read.contains_key(id)).collect();
            }
            // We may not see contacts at all: deals do without.
            Err(CallError::Closed(Closed::Forbidden(_))) => {}
            Err(error) => {
                contacts.to_come = wanted;
                contacts.error = Some(error);
            }
        }
        contacts
    }

    fn is_still_to_come(&self, lead: &Lead) -> bool {
        lead.contact_id().is_some_and(|id| self.to_come.contains(&id))
    }
}
