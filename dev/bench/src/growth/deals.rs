//! What comes from AmoCRM: nudges, deals taken in, and what the comparison with AmoCRM reads.

use anyhow::{Result, ensure};
use bot_service::actions::intake::{self, Linked, Sight};
use bot_service::actions::proposals;
use bot_service::domain::failures::WhyStuck;
use bot_service::domain::intake::{Deal, Decision, Entry, Rules, Source};
use bot_service::domain::measurement::StatusKind;
use bot_service::storage::lead_nudges::{self, Failure, Nudges};
use bot_service::storage::reconciliation;
use bot_service::storage::recorded_deals::{self, Seen};
use bot_service::storage::{amo_directory, leads, measurements};
use shared::events::{LeadEvent, Subject};
use shared::ids::{AmoUserId, ContactId, LeadId, Stage};
use sqlx::PgConnection;
use uuid::Uuid;

use super::office::{LOST, Office, TRIGGER, facts, number};
use super::watch::Watch;

/// Events of one batch of the consumer.
const BATCH: i64 = 32;
/// Deals of one call to AmoCRM.
const PAGE: i64 = 250;
/// As `fill.sql` numbers deals, and beyond.
const FIRST_DEAL: i64 = 10_000_000;
const NEW_DEALS: i64 = 900_000_000;
const FIRST_CONTACT: i64 = 50_000_000;

pub async fn steps(watch: &mut Watch<'_>) -> Result<()> {
    nudges(watch).await?;
    contacts(watch).await?;
    taken_in(watch).await?;
    compared(watch).await
}

async fn nudges(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("nudges.upsert", async |conn, office, sample| {
            let mut nudges = Nudges::default();
            for place in 0..BATCH {
                let lead = LeadId(FIRST_DEAL + (number(sample) * BATCH + place) % office.measurements);
                nudges.ask_with_entry(lead, Entry::of_journal(TRIGGER, office.now, office.now));
            }
            Ok(lead_nudges::upsert(conn, &nudges, office.now).await?)
        })
        .await?;
    watch
        .step("nudges.claim", async |conn, office, _| {
            let claims = lead_nudges::claim(conn, office.now, PAGE).await?;
            ensure!(!claims.is_empty(), "nothing is due");
            Ok(())
        })
        .await?;
    watch
        .step("nudges.settle", async |conn, office, sample| {
            let claims = lead_nudges::claim(conn, office.now, PAGE).await?;
            let claim = &claims[sample % claims.len()];
            let failure = Failure { error: "the deal is not there", why: WhyStuck::NotShown };
            lead_nudges::retry(conn, claim, office.now, office.now, failure).await?;
            Ok(lead_nudges::settle(conn, claim, office.now).await?)
        })
        .await
}

async fn contacts(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("nudges.contact", async |conn, office, sample| {
            let contact_id = ContactId(FIRST_CONTACT + office.middle(sample).0 / 2);
            let linked_leads = vec![office.pick(StatusKind::Pending, sample).lead];
            let event = LeadEvent {
                version: shared::events::VERSION,
                id: Uuid::nil(),
                received_at: office.now,
                subject: Subject::Contact { contact_id, linked_leads },
                payload: serde_json::Value::Null,
            };
            Ok(lead_nudges::upsert(conn, &Nudges::merge([&event]), office.now).await?)
        })
        .await?;
    watch
        .step("deals.contacts", async |conn, office, sample| {
            let first = FIRST_DEAL + office.middle(sample).0;
            let contacts: Vec<_> =
                (first..first + BATCH).map(|lead| (LeadId(lead), ContactId(FIRST_CONTACT + lead))).collect();
            Ok(leads::remember_contacts(conn, &contacts, office.now).await?)
        })
        .await
}

async fn taken_in(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("deal.opens", async |conn, office, sample| {
            let lead = LeadId(NEW_DEALS + number(sample));
            let decision = take_in(conn, office, lead, (TRIGGER, sample)).await?;
            ensure!(matches!(decision, Decision::Open { .. }), "{decision:?}");
            Ok(())
        })
        .await?;
    watch
        .step("deal.changes", async |conn, office, sample| {
            let lead = office.pick(StatusKind::Assigned, sample).lead;
            let decision = take_in(conn, office, lead, (TRIGGER, sample)).await?;
            ensure!(decision == Decision::Record, "{decision:?}");
            Ok(())
        })
        .await?;
    watch
        .step("deal.ends", async |conn, office, sample| {
            let lead = office.pick(StatusKind::Assigned, sample).lead;
            let decision = take_in(conn, office, lead, (LOST, sample)).await?;
            ensure!(matches!(decision, Decision::End(_)), "{decision:?}");
            Ok(())
        })
        .await
}

/// As AmoCRM shows the deal now: in this stage, with facts that we do not know, and with another manager.
async fn take_in(
    conn: &mut PgConnection,
    office: &Office,
    lead: LeadId,
    (stage, sample): (Stage, usize),
) -> Result<Decision> {
    let rules =
        Rules { triggers: vec![TRIGGER], cancels: vec![], unsorted: amo_directory::unsorted(conn).await? };
    let deal = Deal {
        source: Source::AmoCrm,
        stage: Some(stage),
        is_deleted: Some(false),
        updated_at: Some(office.now),
        responsible: office.manager(sample).amo_user_id,
        contact_id: Some(ContactId(FIRST_CONTACT + number(sample))),
        facts: facts(sample),
    };
    let entries = vec![Entry::of_journal(stage, office.now, office.now)];
    let sight = Sight { deal, entries, client: Linked::Known, company: Linked::Known, is_provisional: false };
    let taken = intake::take_in(conn, &rules, lead, sight, office.now).await?;
    if let Some(opened) = taken.opened {
        proposals::renew(conn, opened, office.now).await?;
    }
    Ok(taken.decision)
}

async fn compared(watch: &mut Watch<'_>) -> Result<()> {
    for (name, part) in [("compare.open", 0), ("compare.open.deep", 2)] {
        watch
            .step(name, async |conn, office, _| {
                let after = if part == 0 { i64::MIN } else { FIRST_DEAL + office.measurements / part };
                measurements::list_open_of_deals(conn, LeadId(after), 100).await?;
                Ok(())
            })
            .await?;
    }
    watch
        .step("compare.known", async |conn, office, sample| {
            let first = FIRST_DEAL + office.middle(sample).0;
            let ids: Vec<_> = (first..first + PAGE).map(LeadId).collect();
            leads::list(conn, &ids).await?;
            lead_nudges::waiting(conn, &ids).await?;
            Ok(())
        })
        .await?;
    watch
        .step("compare.marks", async |conn, office, _| {
            let marks = reconciliation::find(conn).await?.unwrap_or_default();
            Ok(reconciliation::save(conn, &marks, office.now).await?)
        })
        .await?;
    watch
        .step("compare.record", async |conn, office, sample| {
            let first = NEW_DEALS + number(sample);
            let seen = |lead| Seen {
                lead_id: LeadId(lead),
                stage: TRIGGER,
                responsible: Some(AmoUserId(7_001)),
                updated_at: office.now,
            };
            let deals: Vec<_> = (first..first + BATCH).map(seen).collect();
            recorded_deals::record(conn, &deals, office.now).await?;
            recorded_deals::count(conn, office.now, office.now).await?;
            recorded_deals::take(conn, office.now).await?;
            Ok(())
        })
        .await
}
