//! What no hook told: AmoCRM's journal and its deals are compared with what we know, and what differs is nudged.
//!
//! ```text
//! recording.rs  a trigger that nobody looked at before: deals already there are remembered, and open nothing
//! journal.rs    entries into stages, deletions and restorations since the last look
//! story.rs      what the journal says of each deal, pure
//! changed.rs    deals changed since the last look
//! open.rs       deals with an open measurement, and their contacts, each time
//! nightly.rs    once a day every deal in a trigger stage
//! walk.rs       long lists, page by page
//! ```
//!
//! How far AmoCRM was read moves in the transaction that commits the nudges. A pass that fails is made again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use shared::ids::Stage;
use tokio::time::Instant;

use super::gateway::Gateway;
use super::{RECONCILE_LOOP, Syncer, round};
use crate::amocrm::model::ListedLead;
use crate::app::App;
use crate::domain::intake::Rules;
use crate::domain::setup::CHANNEL;
use crate::domain::setup::FieldNames;
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::leads::Lead;
use crate::storage::reconciliation::{self, Marks};
use crate::wake::Wake;

mod changed;
mod journal;
mod nightly;
mod open;
mod recording;
mod story;
mod walk;

const EVERY: Duration = Duration::from_mins(10);
/// After a failure: so an outage of AmoCRM is caught up with soon after its end.
const AGAIN: Duration = Duration::from_mins(1);
/// However often admins change stages and fields.
const SOONEST: Duration = Duration::from_secs(15);
const FOUND: &str = "bot_reconciliation_found_total";
const FINDS: [&str; 4] = ["journal", "changed", "open", "nightly"];
/// AmoCRM's clock is ahead of ours by no more than this.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::days(1);
/// So many seconds before the last look are read once more: AmoCRM's lists lag behind its changes.
const OVERLAP: i64 = 300;

/// Compares again and again until `over`. Without a token there is nothing to compare with.
pub async fn run(syncer: &Syncer) {
    let Some(gateway) = &syncer.gateway else { return };
    for what in FINDS {
        metrics::counter!(FOUND, "what" => what).increment(0);
    }
    // Other stages or fields: what stands in them is looked at at once.
    let mut wake = Wake::on(&syncer.app.db, CHANNEL);
    while !syncer.over.is_cancelled() {
        syncer.fence.progressed(RECONCILE_LOOP);
        wake.prepare().await;
        let began = Instant::now();
        let passed = pass(syncer, gateway).await;
        let outcome = if passed.is_ok() { "ok" } else { "failed" };
        metrics::counter!("bot_reconciliation_passes_total", "outcome" => outcome).increment(1);
        match &passed {
            Ok(Passed { found: 0, .. }) => {}
            Ok(Passed { found, .. }) => tracing::info!(found, "AmoCRM knew what we did not"),
            Err(_) if syncer.over.is_cancelled() => {}
            Err(error) => tracing::warn!(error = format!("{error:#}"), "AmoCRM was not compared to the end"),
        }
        let is_done = passed.is_ok_and(|passed| !passed.is_admin_to_be_told);
        let next = began + if is_done { EVERY } else { AGAIN };
        let waiting = wake.wait_between(began + SOONEST, next);
        syncer.fence.rest(RECONCILE_LOOP, waiting, &syncer.over).await;
    }
}

/// What a comparison brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// So many deals differed.
    pub found: usize,
    /// There is something to tell at the next one.
    pub is_admin_to_be_told: bool,
}

/// Compares once.
///
/// # Errors
///
/// If AmoCRM or the database fails, or somebody else leads: what was found until then is nudged already.
pub async fn pass(syncer: &Syncer, gateway: &Gateway) -> anyhow::Result<Passed> {
    let mut pass = Pass::begin(syncer, gateway).await?;
    recording::tell(&mut pass).await?;
    recording::run(&mut pass).await?;
    journal::run(&mut pass).await?;
    changed::run(&mut pass).await?;
    open::run(&mut pass).await?;
    nightly::run(&mut pass).await?;
    pass.marks.passed_at = Some(pass.now);
    pass.commit(&Nudges::default(), "").await?;
    Ok(Passed { found: pass.found, is_admin_to_be_told: pass.marks.to_be_told.is_some() })
}

/// One comparison under way.
struct Pass<'a> {
    syncer: &'a Syncer,
    gateway: &'a Gateway,
    rules: Rules,
    fields: FieldNames,
    now: DateTime<Utc>,
    marks: Marks,
    /// Nothing was ever compared before.
    is_first: bool,
    found: usize,
}

impl<'a> Pass<'a> {
    async fn begin(syncer: &'a Syncer, gateway: &'a Gateway) -> anyhow::Result<Self> {
        let mut conn = syncer.app.db.acquire().await?;
        let (rules, fields) = round::intake(&syncer.app, &mut conn).await?;
        let marks = reconciliation::find(&mut conn).await?;
        let (is_first, now) = (marks.is_none(), syncer.app.now());
        let marks = marks.unwrap_or_default();
        Ok(Self { syncer, gateway, rules, fields, now, marks, is_first, found: 0 })
    }

    fn app(&self) -> &App {
        &self.syncer.app
    }

    /// The newest of AmoCRM's times, 0 if there is none. One that lies far ahead is of an element that went wrong: as a
    /// mark it would keep all that comes later from being read.
    fn newest(&self, times: impl Iterator<Item = i64>) -> i64 {
        let latest = (self.now + CLOCKS_DIFFER).timestamp();
        times.filter(|at| *at <= latest).max().unwrap_or_default()
    }

    /// The stages that open measurements; none where any does.
    fn triggers(&self) -> &[Stage] {
        &self.rules.triggers
    }

    /// Keeps what was found together with how far AmoCRM was read.
    async fn commit(&mut self, nudges: &Nudges, what: &'static str) -> anyhow::Result<()> {
        let mut transaction = self.app().db.begin().await?;
        lead_nudges::upsert(&mut transaction, nudges, self.now).await?;
        reconciliation::save(&mut transaction, &self.marks, self.now).await?;
        self.syncer.fence.hold(&mut transaction).await?;
        transaction.commit().await?;
        self.count(nudges, what);
        Ok(())
    }

    fn count(&mut self, nudges: &Nudges, what: &'static str) {
        let found = nudges.hooks().len();
        self.found += found;
        if let Ok(found) = u64::try_from(found)
            && found > 0
        {
            metrics::counter!(FOUND, "what" => what).increment(found);
        }
    }
}

/// Whether AmoCRM shows the deal newer than we know it. Within one second a deal may change twice.
fn differs(known: Option<&Lead>, listed: &ListedLead) -> bool {
    let Some((lead, known_at)) = known.and_then(|lead| Some((lead, lead.known.updated_at?))) else {
        return true;
    };
    if known_at.timestamp() != listed.updated_at {
        return known_at.timestamp() < listed.updated_at;
    }
    let responsible = listed.responsible_user_id.filter(|user| user.0 != 0);
    lead.known.stage != Some(listed.stage()) || lead.responsible != responsible
}
