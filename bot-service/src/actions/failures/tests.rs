use std::time::Duration;

use serde_json::json;
use shared::events::{LeadAction, LeadEvent, Subject as About, VERSION};
use shared::ids::LeadId;
use sqlx::PgPool;
use tokio::time::timeout;
use uuid::Uuid;

use super::messages::Repeated;
use super::*;
use crate::actions::views::{DealCursor, MessageCursor, StuckDeal};
use crate::domain::failures::{ParkedKind, WhyParked, WhyStuck};
use crate::domain::ids::ParkedId;
use crate::domain::permissions::Refusal;
use crate::domain::user::Role;
use crate::storage::lead_nudges::Failure;
use crate::storage::parked_messages::{Arrival, From};
use crate::testing::{at, person, refused};

/// A minute after everything here has failed.
const NOW: i64 = 100;

async fn fails(conn: &mut PgConnection, lead: i64) {
    lead_nudges::ask(conn, LeadId(lead), at(1)).await.unwrap();
    let claims = lead_nudges::claim(conn, at(1), 250).await.unwrap();
    let claim = claims.iter().find(|claim| claim.lead_id == LeadId(lead)).unwrap();
    let failure = Failure { error: "no", why: WhyStuck::Unreadable };
    lead_nudges::retry(conn, claim, at(lead), at(9_000), failure).await.unwrap();
}

async fn parks(conn: &mut PgConnection, kind: ParkedKind, body: &[u8]) -> ParkedId {
    let arrival = Arrival {
        kind,
        message_id: None,
        content_type: None,
        why: WhyParked::Newer,
        reason: "of a test".into(),
        body: body.to_vec(),
        received_at: at(0),
    };
    parked_messages::park(conn, &arrival, at(0)).await.unwrap();
    parked_messages::list(conn, From::Start, 1).await.unwrap()[0].id
}

fn event(lead: i64) -> Vec<u8> {
    let subject =
        About::Lead { lead_id: LeadId(lead), action: LeadAction::Update, changed_at: None, entry: None };
    let payload = json!({ "name": "Окна" });
    LeadEvent { version: VERSION, id: Uuid::nil(), received_at: at(0), subject, payload }.encode()
}

fn who(refused: Refused) -> (String, Decided) {
    let Refused::Decided(decision) = refused else { panic!("{refused:?}") };
    (decision.name.full(), decision.decided)
}

async fn nudged(conn: &mut PgConnection) -> Vec<i64> {
    let claims = lead_nudges::claim(conn, at(NOW), 250).await.unwrap();
    claims.into_iter().map(|claim| claim.lead_id.0).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_skipped_deal_is_forgotten_and_who_did_it_is_known(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна Серова", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    fails(conn, 7).await;
    let seen = deals::deal(conn, &anna, LeadId(7)).await.unwrap();
    assert_eq!(overview(conn, &anna, at(NOW)).await.unwrap().deals, 1);
    deals::skip(conn, &anna, (LeadId(7), seen.seq), at(NOW)).await.unwrap();
    assert_eq!(overview(conn, &anna, at(NOW)).await.unwrap(), FailuresView::default());

    let late = refused(deals::skip(conn, &boris, (LeadId(7), seen.seq), at(NOW)).await);
    assert_eq!(who(late), ("Анна Серова".into(), Decided::Skipped));
    let late = refused(deals::repeat(conn, &boris, LeadId(7), at(NOW)).await);
    assert_eq!(who(late), ("Анна Серова".into(), Decided::Skipped));
    let log = decisions(conn, &boris).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].about, super::About::Deal(LeadId(7), WhyStuck::Unreadable));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn events_that_nobody_has_seen_are_not_skipped(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    fails(conn, 7).await;
    let seen = deals::deal(conn, &anna, LeadId(7)).await.unwrap();
    lead_nudges::ask(conn, LeadId(7), at(50)).await.unwrap();
    let skipped = deals::skip(conn, &anna, (LeadId(7), seen.seq), at(NOW)).await;
    assert_eq!(refused(skipped), Refused::MovedOn);
    assert_eq!(nudged(conn).await, [7]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_repeated_deal_is_due_at_once_and_a_second_tap_says_so(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    fails(conn, 7).await;
    assert_eq!(nudged(conn).await, [0; 0]);
    deals::repeat(conn, &anna, LeadId(7), at(NOW)).await.unwrap();
    assert_eq!(nudged(conn).await, [7]);
    assert_eq!(refused(deals::repeat(conn, &anna, LeadId(7), at(NOW + 1)).await), Refused::AlreadyDone);
    deals::repeat(conn, &boris, LeadId(7), at(NOW + 1)).await.unwrap();
    deals::repeat(conn, &anna, LeadId(7), at(NOW + 9)).await.unwrap();

    let claim = lead_nudges::claim(conn, at(NOW), 9).await.unwrap().remove(0);
    lead_nudges::settle(conn, &claim, at(NOW)).await.unwrap();
    let late = refused(deals::repeat(conn, &anna, LeadId(7), at(NOW + 20)).await);
    assert_eq!(late, Refused::NotStuck, "it has been read, and nobody skipped it");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_who_skip_a_deal_at_once_one_does_and_the_other_hears_of_it(db: PgPool) {
    let (anna, boris) = {
        let conn = &mut *db.acquire().await.unwrap();
        fails(conn, 7).await;
        (person(conn, "Анна", Role::Admin).await, person(conn, "Борис", Role::Admin).await)
    };
    let skip = async |actor: Actor| {
        let mut transaction = db.begin().await.unwrap();
        let done = deals::skip(&mut transaction, &actor, (LeadId(7), 1), at(NOW)).await;
        transaction.commit().await.unwrap();
        done
    };
    let both = timeout(Duration::from_secs(10), async { tokio::join!(skip(anna), skip(boris)) });
    let (first, second) = both.await.unwrap();
    let late = if first.is_ok() { second } else { first };
    assert_eq!(who(refused(late)).1, Decided::Skipped);
    assert_eq!(decisions(&mut db.acquire().await.unwrap(), &anna).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_that_is_understood_at_last_becomes_a_nudge(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let id = parks(conn, ParkedKind::Event, &event(9)).await;
    assert_eq!(messages::repeat(conn, &anna, id, false, at(NOW)).await.unwrap(), Repeated::Understood);
    assert_eq!(nudged(conn).await, [9]);
    assert_eq!(who(refused(messages::message(conn, &boris, id).await)).1, Decided::Repeated);
    assert_eq!(overview(conn, &anna, at(NOW)).await.unwrap().messages, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_that_is_not_understood_stays_and_nothing_is_decided(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let newer = String::from_utf8(event(1)).unwrap().replace("\"version\":1", "\"version\":9");
    sqlx::query("alter table lead_nudges add check (lead_id <> 2)").execute(&mut *conn).await.unwrap();
    for (body, why) in [
        (b"?".to_vec(), WhyParked::NotAnEvent),
        (newer.into_bytes(), WhyParked::Newer),
        (event(2), WhyParked::NotStored),
    ] {
        let id = parks(conn, ParkedKind::Event, &body).await;
        let mut transaction = db.begin().await.unwrap();
        let repeated = messages::repeat(&mut transaction, &anna, id, true, at(NOW)).await;
        assert_eq!(refused(repeated), Refused::StillUnreadable(why));
        let shown = messages::message(&mut transaction, &anna, id).await;
        assert!(shown.is_ok(), "the transaction goes on, so that the message can be redrawn");
        transaction.commit().await.unwrap();
    }
    assert_eq!((nudged(conn).await, decisions(conn, &anna).await.unwrap()), (vec![], vec![]));
    assert_eq!(overview(conn, &anna, at(NOW)).await.unwrap().messages, 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_body_of_a_webhook_is_left_to_the_leader_to_send(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let id = parks(conn, ParkedKind::Webhook, b"leads%5Badd%5D=+%D0%9E&x=%zz").await;
    assert_eq!(refused(messages::repeat(conn, &anna, id, false, at(NOW)).await), Refused::NowhereToSend);
    assert_eq!(messages::repeat(conn, &anna, id, true, at(NOW)).await.unwrap(), Repeated::Sending);
    assert_eq!(refused(messages::repeat(conn, &anna, id, true, at(NOW)).await), Refused::IsSending);
    assert_eq!(parked_messages::due(conn).await.unwrap().unwrap().id, id);
    assert!(messages::message(conn, &anna, id).await.unwrap().row.is_sending);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_form_is_shown_as_a_person_reads_it(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let id = parks(conn, ParkedKind::Webhook, b"name=+%D0%9E%d0%ba&x=%zz%D0").await;
    let form = "update parked_messages set content_type = 'application/x-www-form-urlencoded'";
    sqlx::query(form).execute(&mut *conn).await.unwrap();
    assert_eq!(messages::message(conn, &anna, id).await.unwrap().text, "name= Ок\nx=%zz");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_came_once_more_is_not_skipped_unseen(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let id = parks(conn, ParkedKind::Webhook, b"{").await;
    assert_eq!(refused(messages::skip(conn, &anna, (id, 2), at(NOW)).await), Refused::MovedOn);
    messages::skip(conn, &anna, (id, 1), at(NOW)).await.unwrap();
    assert_eq!(who(refused(messages::skip(conn, &anna, (id, 1), at(NOW)).await)).1, Decided::Skipped);
    assert_eq!(refused(messages::message(conn, &anna, ParkedId(999)).await), Refused::Unknown);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_lead_to_each_other(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    for n in 1..=13 {
        fails(conn, n).await;
        parks(conn, ParkedKind::Webhook, n.to_string().as_bytes()).await;
    }
    let numbers = |rows: &[StuckDeal]| rows.iter().map(|deal| deal.lead_id.0).collect::<Vec<_>>();
    let (mut cursor, mut pages) = (Some(DealCursor::First), Vec::new());
    while let Some(at_cursor) = cursor {
        let page = deals::page(conn, &anna, at_cursor, at(NOW)).await.unwrap();
        assert_eq!(page.total, 13);
        pages.push(numbers(&page.rows));
        cursor = page.next;
        if cursor.is_none() {
            let back = deals::page(conn, &anna, page.previous.unwrap(), at(NOW)).await.unwrap();
            assert_eq!(numbers(&back.rows), (7..=12).collect::<Vec<_>>());
            assert!(back.previous.is_some() && back.next.is_some());
        }
    }
    assert_eq!(pages, [(1..=6).collect::<Vec<_>>(), (7..=12).collect(), vec![13]]);

    let first = messages::page(conn, &anna, MessageCursor::First).await.unwrap();
    let second = messages::page(conn, &anna, first.next.unwrap()).await.unwrap();
    assert_eq!((first.rows.len(), second.rows.len(), first.previous), (6, 6, None));
    assert!(first.rows[5].id > second.rows[0].id);
    let back = messages::page(conn, &anna, second.previous.unwrap()).await.unwrap();
    assert_eq!(back.rows, first.rows);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_no_admin_is_refused_all_of_it(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let ivan = person(conn, "Иван", Role::Measurer).await;
    fails(conn, 7).await;
    let id = parks(conn, ParkedKind::Event, &event(9)).await;
    let denied = Refused::Denied(Refusal::AdminOnly);
    assert_eq!(refused(overview(conn, &ivan, at(NOW)).await), denied);
    assert_eq!(refused(decisions(conn, &ivan).await), denied);
    assert_eq!(refused(deals::page(conn, &ivan, DealCursor::First, at(NOW)).await), denied);
    assert_eq!(refused(deals::deal(conn, &ivan, LeadId(7)).await), denied);
    assert_eq!(refused(deals::repeat(conn, &ivan, LeadId(7), at(NOW)).await), denied);
    assert_eq!(refused(deals::skip(conn, &ivan, (LeadId(7), 1), at(NOW)).await), denied);
    assert_eq!(refused(messages::page(conn, &ivan, MessageCursor::First).await), denied);
    assert_eq!(refused(messages::message(conn, &ivan, id).await), denied);
    assert_eq!(refused(messages::repeat(conn, &ivan, id, true, at(NOW)).await), denied);
    assert_eq!(refused(messages::skip(conn, &ivan, (id, 1), at(NOW)).await), denied);
}
