//! A trigger that nobody looked at before: at the first start, or when the configuration names another stage.
//!
//! Deals that stand in it are remembered and open nothing. Admins are told how many there are, once, and may have
//! measurements opened for those that changed within a week. Entries after this moment count.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta};

use super::super::gateway::CallError;
use super::walk::Walk;
use super::{Pass, nightly};
use crate::actions::views::Alert;
use crate::actions::{alerts, recorded};
use crate::amocrm::model::ListedLead;
use crate::storage::chats;
use crate::storage::reconciliation;
use crate::storage::recorded_deals::{self, Seen};

/// Rows of one statement.
const AT_ONCE: usize = 1_000;
/// Hooks that were under way at the recording have opened their measurements by then, and are no question.
const TOLD_AFTER: TimeDelta = TimeDelta::minutes(1);

/// Asks admins about the deals that were recorded a while ago, as soon as one of them is there to be asked: at the
/// very first start nobody has pressed /start yet.
pub async fn tell(pass: &mut Pass<'_>) -> anyhow::Result<()> {
    let Some(recorded_at) = pass.marks.to_be_told.filter(|at| pass.now - *at >= TOLD_AFTER) else {
        return Ok(());
    };
    let mut transaction = pass.app().db.begin().await?;
    if !chats::is_an_admin_in_touch(&mut transaction).await? {
        return Ok(());
    }
    let since = recorded_at - recorded::RECENT;
    let (deals, recent) = recorded_deals::count(&mut transaction, recorded_at, since).await?;
    if deals > 0 {
        let alert = Alert::DealsAlreadyThere { recording: recorded_at.timestamp(), deals, recent };
        alerts::tell_office(&mut transaction, &alert, pass.now).await?;
    }
    pass.marks.to_be_told = None;
    reconciliation::save(&mut transaction, &pass.marks, pass.now).await?;
    pass.syncer.fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

pub async fn run(pass: &mut Pass<'_>) -> anyhow::Result<()> {
    let triggers = pass.triggers().to_vec();
    if !pass.is_first && pass.marks.are_for(&triggers) {
        return Ok(());
    }
    let newest = pass.gateway.newest_lead().await?.map_or(0, |lead| lead.updated_at);
    let deals = already_there(pass).await?;
    if pass.is_first {
        pass.marks.journal = newest;
        pass.marks.leads = newest;
        pass.marks.deep_on = Some(nightly::today(pass));
    }
    pass.marks.set_triggers(&triggers, newest);
    keep(pass, &deals).await
}

/// With no triggers configured there is no stage to look at: any deal's next move opens its first measurement.
async fn already_there(pass: &Pass<'_>) -> Result<Vec<Seen>, CallError> {
    let unseen = pass.marks.unseen(pass.triggers());
    let mut deals = BTreeMap::new();
    if unseen.is_empty() {
        return Ok(Vec::new());
    }
    let mut walk = Walk::of(0, &unseen);
    while let Some(listed) = walk.next(pass.gateway).await? {
        deals.extend(listed.iter().filter_map(seen).map(|deal| (deal.lead_id, deal)));
    }
    Ok(deals.into_values().collect())
}

fn seen(lead: &ListedLead) -> Option<Seen> {
    let updated_at = DateTime::from_timestamp(lead.updated_at, 0)?;
    let responsible = lead.responsible_user_id.filter(|user| user.0 != 0);
    Some(Seen { lead_id: lead.id, stage: lead.stage(), responsible, updated_at })
}

/// All of it or nothing: a recording that did not come to its end is made again from the beginning.
async fn keep(pass: &mut Pass<'_>, deals: &[Seen]) -> anyhow::Result<()> {
    let recorded_at = pass.now.trunc_subsecs(0);
    pass.marks.to_be_told = Some(recorded_at).filter(|_| !deals.is_empty()).or(pass.marks.to_be_told);
    let mut transaction = pass.app().db.begin().await?;
    for some in deals.chunks(AT_ONCE) {
        recorded_deals::record(&mut transaction, some, recorded_at).await?;
    }
    reconciliation::save(&mut transaction, &pass.marks, pass.now).await?;
    pass.syncer.fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}
