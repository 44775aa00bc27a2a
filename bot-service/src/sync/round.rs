//! One round: what is due is read from AmoCRM together, then taken in deal by deal.
//!
//! A deal that is known to be deleted and missing from the answer is settled: nothing can come of its late hooks.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use shared::ids::{CompanyId, ContactId, LeadId};
use sqlx::PgConnection;

use super::apply::{After, Desk};
use super::companies::Companies;
use super::contacts::Contacts;
use super::gateway::Gateway;
use super::trouble::{BEHIND, COMPANY_NOT_READ, NO_CONTACT, NOT_DELETED};
use super::{Syncer, away, lag, missing};
use crate::actions::intake::{Linked, Sight};
use crate::actions::{proposals, setup};
use crate::amocrm::facts::Reader;
use crate::amocrm::model::{Contact, Lead};
use crate::app::App;
use crate::config::{FieldNames, IntakeConfig};
use crate::domain::intake::{self, Deal, Decision, OpenWork, Rules};
use crate::storage::amo_directory;
use crate::storage::heard;
use crate::storage::lead_nudges::{self, Claim};
use crate::storage::leads::{self, Lead as Remembered};

/// As many as one call reads.
pub const CLAIMS: usize = 250;
/// Deals that are taken in beside each other, each on a connection of its own.
const AT_ONCE: usize = 4;
/// So long AmoCRM may not show a deal or a contact, or show a deal as it was: its answers lag behind its hooks.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(3);

/// Works on what is due now. Returns how many nudges that were.
///
/// # Errors
///
/// If the database fails or somebody else leads: what was not dealt with is due still.
pub async fn run(syncer: &Syncer) -> anyhow::Result<usize> {
    let Syncer { app, gateway, fence, over, .. } = syncer;
    let now = app.now();
    let Some(Due { claims, rules, fields, reads_companies }) = heard(due(app, now)).await? else {
        return Ok(0);
    };
    let reader = Reader { fields: &fields, timezone: app.timezone() };
    let desk = Desk { app, fence, over, rules, reader, reads_companies, now };
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

/// What is due, and by what it is taken in.
struct Due {
    claims: Vec<Claim>,
    rules: Rules,
    fields: FieldNames,
    reads_companies: bool,
}

async fn due(app: &App, now: DateTime<Utc>) -> anyhow::Result<Option<Due>> {
    let mut conn = app.db.acquire().await?;
    let claims = lead_nudges::claim(&mut conn, now, i64::try_from(CLAIMS)?).await?;
    if claims.is_empty() {
        return Ok(None);
    }
    let (rules, fields) = intake(app, &mut conn).await?;
    let reads_companies = proposals::dealers_matter(&mut conn).await?;
    Ok(Some(Due { claims, rules, fields, reads_companies }))
}

/// Which stages open and end measurements today, and where facts stand.
pub async fn intake(app: &App, conn: &mut PgConnection) -> anyhow::Result<(Rules, FieldNames)> {
    let IntakeConfig { triggers, cancels, fields } = setup::intake(conn, &app.config.intake).await?;
    let unsorted = amo_directory::unsorted(conn).await?;
    Ok((Rules { triggers, cancels, unsorted }, fields))
}

async fn from_amocrm(desk: &Desk<'_>, gateway: &Gateway, claims: &[Claim]) -> anyhow::Result<()> {
    let ids: Vec<LeadId> = claims.iter().map(|claim| claim.lead_id).collect();
    let found = match away::meanwhile(desk, gateway.leads(&ids)).await? {
        Ok(found) => found,
        Err(error) => return away::postpone(desk, &claims.iter().collect::<Vec<_>>(), error).await,
    };
    let remembered =
        heard(async { anyhow::Ok(leads::list(&mut *desk.app.db.acquire().await?, &ids).await?) }).await?;
    let shown: HashMap<LeadId, &Lead> = found.elements.iter().map(|lead| (lead.id, lead)).collect();
    let wanted = wanted(desk, claims, &shown, &remembered);
    // Before they are read: a change that comes after the reading finds its deal.
    desk.remember_contacts(&wanted.unknown).await?;
    let contacts = away::meanwhile(desk, Contacts::read(gateway, wanted.contacts)).await?;
    let companies = away::meanwhile(desk, Companies::read(gateway, wanted.companies)).await??;
    let (without_contact, ready): (Vec<_>, Vec<_>) = claims
        .iter()
        .partition(|claim| shown.get(&claim.lead_id).is_some_and(|lead| contacts.is_still_to_come(lead)));
    let deleted = remembered.iter().filter(|(_, lead)| lead.known.is_deleted).map(|(id, _)| *id).collect();
    let answer = Answer { shown, unreadable: &found.unreadable, deleted, contacts, companies };
    let (absent, present): (Vec<_>, Vec<_>) = ready.into_iter().partition(|claim| answer.lacks(claim));
    beside_each_other(desk, &answer, present).await?;
    missing::take(desk, gateway, &absent).await?;
    match answer.contacts.error {
        Some(error) => away::postpone(desk, &without_contact, error).await,
        None => Ok(()),
    }
}

/// What AmoCRM said of a round's deals, and what is remembered of them.
struct Answer<'a> {
    shown: HashMap<LeadId, &'a Lead>,
    unreadable: &'a BTreeSet<LeadId>,
    /// What we knew of before.
    deleted: BTreeSet<LeadId>,
    contacts: Contacts,
    companies: Companies,
}

/// What is to be read beside the deals.
#[derive(Default)]
struct Wanted {
    contacts: BTreeSet<ContactId>,
    /// Deals that are not known to have this contact.
    unknown: Vec<(LeadId, ContactId)>,
    companies: BTreeSet<CompanyId>,
}

fn wanted(
    desk: &Desk<'_>,
    claims: &[Claim],
    shown: &HashMap<LeadId, &Lead>,
    remembered: &HashMap<LeadId, Remembered>,
) -> Wanted {
    let mut wanted = Wanted::default();
    for claim in claims {
        let known = remembered.get(&claim.lead_id).copied().unwrap_or_default();
        let Some(lead) = shown.get(&claim.lead_id) else { continue };
        let Some(deal) = deal_to_read_for(desk, claim, lead, &known) else { continue };
        if let Some(contact) = deal.contact_id {
            wanted.contacts.insert(contact);
            wanted.unknown.extend((known.contact_id != Some(contact)).then_some((claim.lead_id, contact)));
        }
        let is_without_dealer = deal.facts.dealer.is_none();
        wanted.companies.extend(lead.company_id().filter(|_| desk.reads_companies && is_without_dealer));
    }
    wanted
}

impl Answer<'_> {
    /// Whether the deal is neither shown nor known for what it is.
    fn lacks(&self, claim: &Claim) -> bool {
        let lead = claim.lead_id;
        !self.shown.contains_key(&lead) && !self.unreadable.contains(&lead) && !self.is_over(claim)
    }

    fn is_over(&self, claim: &Claim) -> bool {
        self.deleted.contains(&claim.lead_id) && claim.is_deleted().is_none()
    }
}

/// Works on a few deals at a time: each is a transaction of its own, and most of it is waiting for the database.
/// After a failure none is begun, and what is under way comes to its end: a query that is broken off costs its
/// connection.
async fn beside_each_other(desk: &Desk<'_>, answer: &Answer<'_>, claims: Vec<&Claim>) -> anyhow::Result<()> {
    let mut waiting = claims.into_iter();
    let mut under_way: FuturesUnordered<_> =
        waiting.by_ref().take(AT_ONCE).map(|claim| one(desk, answer, claim)).collect();
    let mut outcome = Ok(());
    while let Some(done) = under_way.next().await {
        outcome = outcome.and(done);
        if outcome.is_ok()
            && let Some(claim) = waiting.next()
        {
            under_way.push(one(desk, answer, claim));
        }
    }
    outcome
}

async fn one(desk: &Desk<'_>, answer: &Answer<'_>, claim: &Claim) -> anyhow::Result<()> {
    match answer.shown.get(&claim.lead_id) {
        Some(lead) => take(desk, claim, lead, answer).await,
        None if answer.is_over(claim) => desk.settle(claim).await,
        None => away::cannot_be_read(desk, claim).await,
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

/// Two seconds after the first failure of a kind, and ever later: up to half an hour.
pub fn back_off(claim: &Claim, error: &str, now: DateTime<Utc>) -> TimeDelta {
    const FIRST: TimeDelta = TimeDelta::seconds(2);
    const LONGEST: TimeDelta = TimeDelta::minutes(30);
    (claim.failing_for(error, now) * 3).clamp(FIRST, LONGEST)
}
