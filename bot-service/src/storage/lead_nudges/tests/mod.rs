use serde_json::json;
use shared::events::{self, LeadAction, LeadEvent, Subject, VERSION};
use shared::ids::{PipelineId, Stage, StatusId};
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::domain::failures::WhyStuck;

mod stuck;

const LEAD: LeadId = LeadId(42);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn stage(status: i64) -> Stage {
    Stage { pipeline_id: PipelineId(1), status_id: StatusId(status) }
}

fn event(received: i64, action: LeadAction, payload: Value) -> LeadEvent {
    let subject = Subject::Lead { lead_id: LEAD, action, changed_at: None, entry: None };
    LeadEvent { version: VERSION, id: Uuid::nil(), received_at: at(received), subject, payload }
}

fn moved(received: i64, changed: i64, status: i64) -> LeadEvent {
    let entry = events::Entry { stage: stage(status), from: None };
    let subject = Subject::Lead {
        lead_id: LEAD,
        action: LeadAction::Status,
        changed_at: Some(at(changed)),
        entry: Some(entry),
    };
    let payload = json!({ "name": format!("as of {changed}"), "status_id": status.to_string() });
    LeadEvent { subject, payload, ..event(received, LeadAction::Status, Value::Null) }
}

fn failure(error: &str) -> Failure<'_> {
    Failure { error, why: WhyStuck::Ours }
}

async fn push(db: &PgPool, events: &[LeadEvent], now: i64) {
    let mut tx = db.begin().await.unwrap();
    upsert(&mut tx, &Nudges::merge(events), at(now)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn due(db: &PgPool, now: i64) -> Vec<Claim> {
    claim(&mut db.acquire().await.unwrap(), at(now), 250).await.unwrap()
}

async fn only(db: &PgPool, now: i64) -> Claim {
    let mut claims = due(db, now).await;
    assert_eq!(claims.len(), 1);
    claims.remove(0)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn events_of_a_deal_collapse_into_one_row(db: PgPool) {
    push(&db, &[moved(2, 1, 20), moved(3, 1, 20)], 3).await;
    push(&db, &[moved(5, 4, 30), moved(5, 1, 20)], 5).await;
    let claim = only(&db, 5).await;
    assert_eq!((claim.seq, claim.first_at), (2, at(2)));
    let entries: Vec<_> = claim.entries.iter().map(|entry| (entry.stage, entry.received_at)).collect();
    assert_eq!(entries, [(stage(20), at(2)), (stage(30), at(5))], "the repetition of 20 is not a second one");
    assert_eq!(claim.payload["name"], "as of 4");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_late_hook_does_not_overwrite_the_newer_fields(db: PgPool) {
    push(&db, &[moved(9, 8, 30)], 9).await;
    push(&db, &[moved(60, 1, 20)], 60).await;
    assert_eq!(only(&db, 60).await.payload["name"], "as of 8");
    push(&db, &[event(70, LeadAction::Other, json!({ "status_id": "40" }))], 70).await;
    let payload = only(&db, 70).await.payload;
    assert_eq!(payload, json!({ "name": "as of 8", "status_id": "40" }), "a thin hook erases nothing");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn notes_bring_no_fields_of_the_deal(db: PgPool) {
    push(&db, &[event(1, LeadAction::Note, json!({ "note": { "text": "x" } }))], 1).await;
    assert_eq!(only(&db, 1).await.payload, json!({}));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_the_newest_entries_are_kept(db: PgPool) {
    let many: Vec<_> = (1..=70).map(|n| moved(n, n, n)).collect();
    push(&db, &many, 70).await;
    push(&db, &[moved(71, 71, 71)], 71).await;
    let claim = only(&db, 71).await;
    assert_eq!(claim.entries.len(), 50);
    assert_eq!(claim.entries.last().unwrap().stage, stage(71));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_restored_deal_is_not_deleted(db: PgPool) {
    push(&db, &[event(1, LeadAction::Delete, Value::Null)], 1).await;
    assert_eq!(only(&db, 1).await.is_deleted(), Some(true));
    push(&db, &[event(2, LeadAction::Restore, Value::Null)], 2).await;
    assert_eq!(only(&db, 2).await.is_deleted(), Some(false));
    let both = [event(4, LeadAction::Delete, Value::Null), event(3, LeadAction::Restore, Value::Null)];
    push(&db, &both, 4).await;
    assert_eq!(only(&db, 4).await.is_deleted(), Some(true), "the later of the two counts");
    push(&db, &[event(6, LeadAction::Restore, Value::Null)], 6).await;
    push(&db, &[event(5, LeadAction::Delete, Value::Null)], 7).await;
    let claimed = only(&db, 7).await;
    assert_eq!(claimed.is_deleted(), Some(false), "in whatever order they arrive");
    push(&db, &[event(8, LeadAction::Delete, Value::Null)], 8).await;
    settle(&mut db.acquire().await.unwrap(), &claimed, at(9)).await.unwrap();
    let left = only(&db, 9).await;
    assert_eq!((left.deleted_at, left.restored_at), (Some(at(8)), None), "what was settled is forgotten");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_arrives_between_claim_and_settling_is_not_lost(db: PgPool) {
    push(&db, &[moved(1, 1, 20)], 1).await;
    let claimed = only(&db, 1).await;
    push(&db, &[moved(3, 3, 30)], 3).await;
    settle(&mut db.acquire().await.unwrap(), &claimed, at(4)).await.unwrap();
    let left = only(&db, 4).await;
    assert_eq!(left.entries.iter().map(|entry| entry.stage).collect::<Vec<_>>(), [stage(30)]);
    settle(&mut db.acquire().await.unwrap(), &left, at(5)).await.unwrap();
    assert_eq!(due(&db, 9).await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failing_deal_backs_off_and_a_new_hook_wakes_it(db: PgPool) {
    push(&db, &[moved(1, 1, 20)], 1).await;
    let claimed = only(&db, 1).await;
    retry(&mut db.acquire().await.unwrap(), &claimed, at(2), at(100), failure("broken")).await.unwrap();
    assert_eq!(due(&db, 99).await, []);
    push(&db, &[moved(50, 50, 30)], 50).await;
    let woken = only(&db, 50).await;
    retry(&mut db.acquire().await.unwrap(), &claimed, at(3), at(900), failure("late")).await.unwrap();
    assert_eq!(only(&db, 50).await.seq, woken.seq, "what came after the claim waits for nobody");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn how_long_a_deal_has_failed_is_known_for_one_failure_at_a_time(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let seconds = |claim: &Claim, error| claim.failing_for(error, at(60)).num_seconds();
    push(&db, &[moved(1, 1, 20)], 1).await;
    let claimed = only(&db, 1).await;
    assert_eq!(seconds(&claimed, "missing"), 0);
    for second in [10, 20, 30] {
        retry(conn, &claimed, at(second), at(60), failure("missing")).await.unwrap();
    }
    let claimed = only(&db, 60).await;
    assert_eq!((seconds(&claimed, "missing"), seconds(&claimed, "lost")), (50, 0));
    retry(conn, &claimed, at(40), at(60), failure("lost")).await.unwrap();
    assert_eq!(seconds(&only(&db, 60).await, "lost"), 20);
    postpone(conn, &[(&claimed, at(60))], at(45), "away", None).await.unwrap();
    retry(conn, &claimed, at(50), at(60), failure("lost")).await.unwrap();
    assert_eq!(seconds(&only(&db, 60).await, "lost"), 10, "what lies between begins it anew");
    push(&db, &[moved(51, 51, 30)], 51).await;
    settle(conn, &claimed, at(55)).await.unwrap();
    let left = only(&db, 60).await;
    assert_eq!((left.first_at, left.failing_since), (at(55), None));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hook_after_the_fallback_is_taken_in_its_own_time(db: PgPool) {
    push(&db, &[moved(1, 1, 20)], 1).await;
    let claimed = only(&db, 1).await;
    let mut conn = db.acquire().await.unwrap();
    mark_from_hook(&mut conn, &claimed, at(11), at(60)).await.unwrap();
    assert_eq!(only(&db, 60).await.from_hook_at, Some(at(11)));
    push(&db, &[moved(30, 30, 30)], 30).await;
    let fresh = only(&db, 30).await;
    assert_eq!((fresh.first_at, fresh.from_hook_at), (at(30), None));
    postpone(&mut conn, &[(&fresh, at(40)), (&claimed, at(99))], at(30), "away", None).await.unwrap();
    assert_eq!(due(&db, 39).await, []);
    assert_eq!(due(&db, 40).await.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_contact_nudges_only_deals_with_an_open_measurement(db: PgPool) {
    for (lead, contact, status) in [(1, Some(9), "pending"), (2, Some(9), "none"), (3, None, "pending")] {
        sqlx::query("insert into leads (lead_id, contact_id, created_at) values ($1, $2, $3)")
            .bind(lead)
            .bind(contact)
            .bind(at(0))
            .execute(&db)
            .await
            .unwrap();
        sqlx::query(
            "insert into measurements (lead_id, origin, status, lead_name, created_at)
             select $1, 'amocrm', $2, '', $3 where $2 <> 'none'",
        )
        .bind(lead)
        .bind(status)
        .bind(at(0))
        .execute(&db)
        .await
        .unwrap();
    }
    let linked_leads = vec![LeadId(2), LeadId(3), LeadId(4)];
    let subject = Subject::Contact { contact_id: ContactId(9), linked_leads };
    push(&db, &[LeadEvent { subject, ..event(1, LeadAction::Other, Value::Null) }], 1).await;
    assert_eq!(due(&db, 1).await.iter().map(|claim| claim.lead_id.0).collect::<Vec<_>>(), [1, 3]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_contact_that_changes_while_its_deal_is_read_is_not_lost(db: PgPool) {
    push(&db, &[moved(1, 1, 20)], 1).await;
    let claimed = only(&db, 1).await;
    let subject = Subject::Contact { contact_id: ContactId(9), linked_leads: vec![LEAD] };
    push(&db, &[LeadEvent { subject, ..event(2, LeadAction::Other, Value::Null) }], 2).await;
    settle(&mut db.acquire().await.unwrap(), &claimed, at(3)).await.unwrap();
    let again = only(&db, 3).await;
    assert_eq!((again.seq, again.entries.len()), (2, 0), "the deal is read once more");

    sqlx::query("insert into leads (lead_id, contact_id, created_at) values ($1, 9, $2)")
        .bind(LEAD.0)
        .bind(at(0))
        .execute(&db)
        .await
        .unwrap();
    let subject = Subject::Contact { contact_id: ContactId(9), linked_leads: vec![] };
    push(&db, &[LeadEvent { subject, ..event(4, LeadAction::Other, Value::Null) }], 4).await;
    assert_eq!(only(&db, 4).await.seq, 3, "its main contact as far as we know");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn amocrm_s_own_newest_time_is_kept(db: PgPool) {
    push(&db, &[moved(9, 8, 30), event(10, LeadAction::Other, json!({ "status_id": "40" }))], 10).await;
    assert_eq!(only(&db, 10).await.changed_at, Some(at(8)));
    push(&db, &[moved(11, 1, 20)], 11).await;
    push(&db, &[event(12, LeadAction::Delete, Value::Null)], 12).await;
    assert_eq!(only(&db, 12).await.changed_at, Some(at(8)));
    push(&db, &[moved(13, 12, 20)], 13).await;
    assert_eq!(only(&db, 13).await.changed_at, Some(at(12)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nul_in_a_text_does_not_hold_up_the_batch(db: PgPool) {
    push(&db, &[event(1, LeadAction::Update, json!({ "name": "a\0b", "c\0": { "0": "\0" } }))], 1).await;
    assert_eq!(only(&db, 1).await.payload, json!({ "name": "ab", "c": { "0": "" } }));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn batches_with_the_same_deals_do_not_deadlock(db: PgPool) {
    let events: Vec<_> = (1..=50)
        .map(|lead| {
            let mut event = moved(1, 1, 20);
            if let Subject::Lead { lead_id, .. } = &mut event.subject {
                *lead_id = LeadId(lead);
            }
            event
        })
        .collect();
    let backwards: Vec<_> = events.iter().rev().cloned().collect();
    for _ in 0..5 {
        tokio::join!(push(&db, &events, 1), push(&db, &backwards, 1));
    }
    let claims = due(&db, 1).await;
    assert_eq!((claims.len(), claims[0].seq), (50, 10));
}
