//! One round: what is due is read from AmoCRM together, then taken in deal by deal.
//!
//! A deal that is known to be deleted and missing from the answer is settled: nothing can come of its late hooks.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use shared::ids::LeadId;
use sqlx::PgConnection;

use super::answer::{Answer, Wanted};
use super::apply::{After, Desk};
use super::companies::Companies;
use super::contacts::Contacts;
use super::gateway::Gateway;
use super::{Syncer, away, missing};
use crate::actions::{proposals, setup};
use crate::amocrm::facts::Reader;
use crate::amocrm::model::Lead;
use crate::app::App;
use crate::domain::intake::Rules;
use crate::domain::setup::{FieldNames, Intake};
use crate::storage::amo_directory;
use crate::storage::heard;
use crate::storage::lead_nudges::{self, Claim};
use crate::storage::leads;

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
    let Intake { triggers, cancels, fields } = setup::intake(conn, &app.config.intake).await?;
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
    let wanted = Wanted::of(desk, claims, &shown, &remembered);
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

/// Works on a few deals at a time: each is a transaction of its own, and most of it is waiting for the database.
/// After a failure none is begun, and what is under way comes to its end: a query that is broken off costs its
/// connection.
async fn beside_each_other(desk: &Desk<'_>, answer: &Answer<'_>, claims: Vec<&Claim>) -> anyhow::Result<()> {
    let mut waiting = claims.into_iter();
    let mut under_way: FuturesUnordered<_> =
        waiting.by_ref().take(AT_ONCE).map(|claim| answer.apply(desk, claim)).collect();
    let mut outcome = Ok(());
    while let Some(done) = under_way.next().await {
        outcome = outcome.and(done);
        if outcome.is_ok()
            && let Some(claim) = waiting.next()
        {
            under_way.push(answer.apply(desk, claim));
        }
    }
    outcome
}

/// Two seconds after the first failure of a kind, and ever later: up to half an hour.
pub fn back_off(claim: &Claim, error: &str, now: DateTime<Utc>) -> TimeDelta {
    const FIRST: TimeDelta = TimeDelta::seconds(2);
    const LONGEST: TimeDelta = TimeDelta::minutes(30);
    (claim.failing_for(error, now) * 3).clamp(FIRST, LONGEST)
}
