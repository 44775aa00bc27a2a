//! What AmoCRM said of a round's deals, and each deal taken in by it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use shared::ids::{CompanyId, ContactId, LeadId};

use super::apply::{After, Desk};
use super::companies::Companies;
use super::contacts::Contacts;
use super::round::{PATIENCE, back_off};
use super::trouble::{BEHIND, COMPANY_NOT_READ, NO_CONTACT, NOT_DELETED};
use super::{away, lag};
use crate::actions::intake::{Linked, Sight};
use crate::amocrm::model::{Contact, Lead};
use crate::domain::intake::{self, Deal, Decision, OpenWork};
use crate::storage::lead_nudges::Claim;
use crate::storage::leads::Lead as Remembered;

/// What AmoCRM said of a round's deals, and what is remembered of them.
pub struct Answer<'a> {
    pub shown: HashMap<LeadId, &'a Lead>,
    pub unreadable: &'a BTreeSet<LeadId>,
    /// What we knew of before.
    pub deleted: BTreeSet<LeadId>,
    pub contacts: Contacts,
    pub companies: Companies,
}

/// What is to be read beside the deals.
#[derive(Default)]
pub struct Wanted {
    pub contacts: BTreeSet<ContactId>,
    /// Deals that are not known to have this contact.
    pub unknown: Vec<(LeadId, ContactId)>,
    pub companies: BTreeSet<CompanyId>,
}

impl Wanted {
    pub fn of(
        desk: &Desk<'_>,
        claims: &[Claim],
        shown: &HashMap<LeadId, &Lead>,
        remembered: &HashMap<LeadId, Remembered>,
    ) -> Self {
        let mut wanted = Self::default();
        for claim in claims {
            let known = remembered.get(&claim.lead_id).copied().unwrap_or_default();
            let Some(lead) = shown.get(&claim.lead_id) else { continue };
            let Some(deal) = deal_to_read_for(desk, claim, lead, &known) else { continue };
            if let Some(contact) = deal.contact_id {
                wanted.contacts.insert(contact);
                wanted
                    .unknown
                    .extend((known.contact_id != Some(contact)).then_some((claim.lead_id, contact)));
            }
            let is_without_dealer = deal.facts.dealer.is_none();
            wanted.companies.extend(lead.company_id().filter(|_| desk.reads_companies && is_without_dealer));
        }
        wanted
    }
}

impl Answer<'_> {
    /// Whether the deal is neither shown nor known for what it is.
    pub fn lacks(&self, claim: &Claim) -> bool {
        let lead = claim.lead_id;
        !self.shown.contains_key(&lead) && !self.unreadable.contains(&lead) && !self.is_over(claim)
    }

    fn is_over(&self, claim: &Claim) -> bool {
        self.deleted.contains(&claim.lead_id) && claim.is_deleted().is_none()
    }

    /// Takes in one deal that it says something of.
    pub async fn apply(&self, desk: &Desk<'_>, claim: &Claim) -> anyhow::Result<()> {
        match self.shown.get(&claim.lead_id) {
            Some(lead) => take(desk, claim, lead, self).await,
            None if self.is_over(claim) => desk.settle(claim).await,
            None => away::cannot_be_read(desk, claim).await,
        }
    }
}

/// The deal, where a measurement of it is open or opens now: its contact and its company are of use.
fn deal_to_read_for(desk: &Desk<'_>, claim: &Claim, lead: &Lead, remembered: &Remembered) -> Option<Deal> {
    let deal = newest(desk, claim, lead, None).ok()?;
    let decision = intake::decide(&desk.rules, &remembered.known, &deal, &claim.entries, desk.now);
    let is_wanted = match decision {
        Decision::Stale => false,
        Decision::Open { .. } => true,
        Decision::Record | Decision::End(_) => remembered.known.open != OpenWork::None,
    };
    is_wanted.then_some(deal)
}

/// The deal as AmoCRM shows it, or when to ask again because it lags behind the deal's hook.
fn newest(
    desk: &Desk<'_>,
    claim: &Claim,
    lead: &Lead,
    contact: Option<&Contact>,
) -> Result<Deal, DateTime<Utc>> {
    let deal = desk.reader.deal(lead, contact);
    if !lag::is_behind(claim, &deal) {
        return Ok(deal);
    }
    match lag::ask_again_at(claim, desk.now) {
        Some(at) => Err(at),
        None => Ok(lag::laid_over(deal, desk.reader.hook(&claim.payload))),
    }
}

async fn take(desk: &Desk<'_>, claim: &Claim, lead: &Lead, answer: &Answer<'_>) -> anyhow::Result<()> {
    let Answer { contacts, companies, .. } = answer;
    let contact = lead.contact_id().and_then(|id| contacts.read.get(&id));
    let mut deal = match newest(desk, claim, lead, contact) {
        Ok(deal) => deal,
        Err(at) => return desk.retry(claim, at, BEHIND).await,
    };
    let is_known = lead.contact_id().is_none() || contact.is_some();
    let (name, company) = companies.name_of(lead);
    deal.facts.company = name;
    let is_lost = lead.contact_id().is_some_and(|id| contacts.lost.contains(&id));
    let sight = Sight {
        deal,
        entries: claim.entries.clone(),
        client: if is_known { Linked::Known } else { Linked::NotRead },
        company,
        is_provisional: false,
    };
    let doubt = if is_lost {
        Some(NO_CONTACT)
    } else if claim.is_deleted() == Some(true) {
        Some(NOT_DELETED)
    } else {
        None
    };
    let after = match doubt {
        Some(error) if claim.failing_for(error, desk.now) < PATIENCE => {
            After::Retry { at: desk.now + back_off(claim, error, desk.now), error }
        }
        _ if companies.is_still_to_come(lead) => {
            let error = COMPANY_NOT_READ;
            After::Retry { at: desk.now + back_off(claim, error, desk.now), error }
        }
        _ => After::Settle,
    };
    desk.take(claim, sight, after).await
}
