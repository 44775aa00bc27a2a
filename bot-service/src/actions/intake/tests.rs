use shared::ids::{AmoUserId, ContactId};
use sqlx::PgPool;

use super::*;
use crate::domain::facts::Facts;
use crate::domain::measurement::{DealEnd, Measurement, StatusKind, Transition};
use crate::domain::phone;
use crate::domain::user::Role;
use crate::testing::{at, person};

const LEAD: LeadId = LeadId(42);

fn stage(status: i64) -> Stage {
    format!("1:{status}").parse().unwrap()
}

fn rules() -> Rules {
    Rules { triggers: vec![stage(20)], ..Rules::default() }
}

fn facts(name: &str, client: Option<&str>) -> Facts {
    let phones = if client.is_some() { phone::parse("89161234567") } else { Vec::new() };
    Facts { lead_name: name.into(), client_name: client.map(Into::into), phones, ..Facts::default() }
}

/// The deal as AmoCRM shows it with its contact.
fn shown(status: i64, updated: i64) -> Sight {
    let deal = Deal {
        source: Source::AmoCrm,
        stage: Some(stage(status)),
        is_deleted: false,
        updated_at: Some(at(updated)),
        responsible: Some(AmoUserId(7)),
        contact_id: Some(ContactId(9)),
        facts: facts("Окна", Some("Иван")),
    };
    Sight { deal, entries: Vec::new(), client: Client::Known, is_provisional: false }
}

fn entered(status: i64, second: i64) -> Entry {
    Entry { stage: stage(status), at: Some(at(second)), received_at: at(second) }
}

fn with(entries: &[Entry], sight: Sight) -> Sight {
    Sight { entries: entries.to_vec(), ..sight }
}

async fn take(conn: &mut PgConnection, sight: Sight) -> Decision {
    take_in(conn, &rules(), LEAD, sight, at(1_000)).await.unwrap()
}

async fn last(conn: &mut PgConnection) -> Measurement {
    let id = stored::find_last_of_lead(conn, LEAD).await.unwrap().unwrap();
    stored::find(conn, id).await.unwrap().unwrap()
}

fn opened(second: i64) -> Decision {
    Decision::Open { entered_at: at(second), has_moved_on: false }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entry_opens_one_and_later_sights_bring_it_up_to_date(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    assert_eq!(take(conn, with(&[entered(20, 5)], shown(20, 5))).await, opened(5));
    let mut newer = shown(20, 9);
    newer.deal.facts.zone = Some("Север".into());
    assert_eq!(take(conn, newer).await, Decision::Record);
    let measurement = last(conn).await;
    assert_eq!((measurement.facts.zone.as_deref(), measurement.is_provisional), (Some("Север"), false));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_contact_that_was_not_read_erases_no_client(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, with(&[entered(20, 5)], shown(20, 5))).await;
    let mut blind = Sight { client: Client::NotRead, ..shown(20, 9) };
    blind.deal.facts = facts("Окна и двери", None);
    take(conn, blind.clone()).await;
    let kept = last(conn).await.facts;
    assert_eq!(
        (kept.lead_name.as_str(), kept.client_name.as_deref(), kept.phones.len()),
        ("Окна и двери", Some("Иван"), 1)
    );
    take(conn, Sight { client: Client::Known, ..blind }).await;
    assert_eq!(last(conn).await.facts.client_name, None, "a contact taken off the deal is gone");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_moved_on_says_where_it_is(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, with(&[entered(20, 5)], shown(30, 6))).await;
    assert_eq!(last(conn).await.moved_on_to.as_deref(), Some("30"), "its number, until names are known");
    let production = amo_directory::AmoStage {
        stage: stage(30),
        pipeline_name: "Продажи".into(),
        name: "Производство".into(),
        is_unsorted: false,
        sort: 1,
    };
    amo_directory::replace_stages(conn, &[production], at(7)).await.unwrap();
    take(conn, shown(30, 8)).await;
    assert_eq!(last(conn).await.moved_on_to.as_deref(), Some("Производство"));
    take(conn, shown(20, 9)).await;
    assert_eq!(last(conn).await.moved_on_to, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_end_of_the_deal_ends_its_measurement(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, with(&[entered(20, 5)], shown(20, 5))).await;
    assert_eq!(take(conn, shown(143, 9)).await, Decision::End(DealEnd::Closed));
    assert_eq!(last(conn).await.status().kind(), StatusKind::Cancelled);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hook_repeated_after_a_cancellation_opens_nothing(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    take(conn, with(&[entered(20, 5)], shown(20, 5))).await;
    // Left and came back while a measurement was open: both entries belong to that one.
    take(conn, shown(10, 6)).await;
    take(conn, with(&[entered(20, 8)], shown(20, 8))).await;
    let open = last(conn).await;
    measurements::transit(conn, &anna, (open.id, 0), Transition::Cancel, at(20)).await.unwrap();
    for entry in [entered(20, 5), entered(20, 8)] {
        assert_eq!(take(conn, with(&[entry], shown(20, 9))).await, Decision::Record);
    }
    assert_eq!(take(conn, with(&[entered(20, 30)], shown(20, 30))).await, opened(30), "a new entry does");
    assert_eq!(last(conn).await.previous_id, Some(open.id));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entry_seen_beside_an_open_measurement_is_not_taken_up_by_its_late_hook(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    take(conn, with(&[entered(20, 5)], shown(20, 5))).await;
    take(conn, shown(10, 6)).await;
    take(conn, shown(20, 8)).await;
    let open = last(conn).await;
    measurements::transit(conn, &anna, (open.id, 0), Transition::Cancel, at(20)).await.unwrap();
    assert_eq!(take(conn, with(&[entered(20, 8)], shown(20, 9))).await, Decision::Record);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_hook_changes_nothing_but_its_entry_counts(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, shown(30, 50)).await;
    let mut old = with(&[entered(20, 40)], shown(20, 40));
    old.deal.source = Source::Hook;
    assert_eq!(take(conn, old.clone()).await, Decision::Stale);
    let decision = take_in_entries(conn, &rules(), LEAD, old, at(1_000)).await.unwrap();
    assert_eq!(decision, Decision::Open { entered_at: at(40), has_moved_on: true });
    assert_eq!(leads::lock(conn, LEAD, at(0)).await.unwrap().known.stage, Some(stage(30)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hook_forgets_nothing_that_amocrm_told(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, shown(20, 5)).await;
    let deal = Deal {
        source: Source::Hook,
        stage: None,
        is_deleted: false,
        updated_at: None,
        responsible: None,
        contact_id: None,
        facts: Facts::default(),
    };
    take(conn, Sight { deal, entries: Vec::new(), client: Client::NotRead, is_provisional: true }).await;
    let lead = leads::lock(conn, LEAD, at(0)).await.unwrap();
    assert_eq!((lead.contact_id, lead.responsible), (Some(ContactId(9)), Some(AmoUserId(7))));
    assert_eq!((lead.known.stage, lead.known.updated_at), (Some(stage(20)), Some(at(5))));
}
