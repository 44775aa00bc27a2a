//! Deals with an open measurement are read each time with their contacts: a contact's change shows in no list of
//! deals, and a deletion in none at all.

use std::collections::{BTreeSet, HashMap};

use shared::ids::{ContactId, LeadId};

use super::super::gateway::allowed;
use super::Pass;
use crate::amocrm::facts::Reader;
use crate::amocrm::model::{Contact, Lead};
use crate::domain::measurement::Measurement;
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::measurements;

const AT_ONCE: i64 = 250;

pub async fn run(pass: &mut Pass<'_>) -> anyhow::Result<()> {
    let mut last = Some(LeadId(i64::MIN));
    while let Some(after) = last {
        let conn = &mut *pass.app().db.acquire().await?;
        let open = measurements::list_open_of_deals(conn, after, AT_ONCE).await?;
        last = open.last().map(|measurement| measurement.lead_id);
        if !open.is_empty() {
            compare(pass, &open).await?;
        }
    }
    Ok(())
}

async fn compare(pass: &mut Pass<'_>, open: &[Measurement]) -> anyhow::Result<()> {
    let mut ids: Vec<LeadId> = open.iter().map(|measurement| measurement.lead_id).collect();
    // A deal may have several, beside each other.
    ids.dedup();
    let Some(found) = allowed(pass.gateway.open_leads(&ids).await)? else { return Ok(()) };
    let shown: HashMap<LeadId, &Lead> = found.elements.iter().map(|lead| (lead.id, lead)).collect();
    let contacts = contacts(pass, &found.elements).await?;
    let missing: Vec<LeadId> =
        ids.iter().filter(|id| !shown.contains_key(id) && !found.unreadable.contains(id)).copied().collect();
    let mut nudges = Nudges::default();
    // Absence alone says nothing: the bin does.
    for lead in allowed(pass.gateway.deleted_leads(&missing).await)?.unwrap_or_default() {
        nudges.ask_deleted(lead, pass.now, pass.now);
    }
    let waiting = lead_nudges::waiting(&mut *pass.app().db.acquire().await?, &ids).await?;
    for measurement in open.iter().filter(|measurement| !waiting.contains(&measurement.lead_id)) {
        let lead = shown.get(&measurement.lead_id);
        if lead.is_some_and(|lead| has_changed(pass, measurement, lead, &contacts)) {
            nudges.ask(measurement.lead_id, pass.now);
        }
    }
    pass.commit(&nudges, "open").await
}

/// None where we may not read contacts.
async fn contacts(pass: &Pass<'_>, leads: &[Lead]) -> anyhow::Result<HashMap<ContactId, Contact>> {
    let ids: BTreeSet<ContactId> = leads.iter().filter_map(Lead::contact_id).collect();
    let ids: Vec<ContactId> = ids.into_iter().collect();
    let found = allowed(pass.gateway.open_contacts(&ids).await)?;
    let contacts = found.map(|found| found.elements).unwrap_or_default();
    Ok(contacts.into_iter().map(|contact| (contact.id, contact)).collect())
}

fn has_changed(
    pass: &Pass<'_>,
    measurement: &Measurement,
    lead: &Lead,
    contacts: &HashMap<ContactId, Contact>,
) -> bool {
    let reader = Reader { fields: &pass.fields, timezone: pass.app().timezone() };
    let contact = lead.contact_id().and_then(|id| contacts.get(&id));
    let deal = reader.deal(lead, contact);
    let mut facts = deal.facts;
    if lead.contact_id().is_some() && contact.is_none() {
        facts.client_name.clone_from(&measurement.facts.client_name);
        facts.phones.clone_from(&measurement.facts.phones);
    }
    // Whoever gives a deal another company changes the deal.
    facts.company.clone_from(&measurement.facts.company);
    measurement.is_provisional || facts != measurement.facts || deal.responsible != measurement.responsible
}
