use shared::ids::{AmoUserId, ContactId};
use sqlx::PgPool;

use super::*;
use crate::actions::lists;
use crate::actions::views::{Cursor, ListKind};
use crate::domain::ids::ChatId;
use crate::domain::measurement::{CancelReason, DealEnd, Measurement, StatusKind, Transition};
use crate::domain::permissions::{self, Look};
use crate::domain::phone;
use crate::domain::user::Role;
use crate::storage::{cards, measurements as stored};
use crate::testing::{at, drain, manager, person, waiting};

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
        is_deleted: Some(false),
        updated_at: Some(at(updated)),
        responsible: Some(AmoUserId(7)),
        contact_id: Some(ContactId(9)),
        facts: facts("Окна", Some("Иван")),
    };
    Sight { deal, entries: Vec::new(), client: Linked::Known, company: Linked::Known, is_provisional: false }
}

fn entered(status: i64, second: i64) -> Entry {
    Entry { stage: stage(status), at: Some(at(second)), received_at: at(second), is_of_journal: false }
}

fn with(entries: &[Entry], sight: Sight) -> Sight {
    Sight { entries: entries.to_vec(), ..sight }
}

async fn take(conn: &mut PgConnection, sight: Sight) -> Decision {
    take_in(conn, &rules(), LEAD, sight, at(1_000)).await.unwrap().decision
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
    let mut blind = Sight { client: Linked::NotRead, ..shown(20, 9) };
    blind.deal.facts = facts("Окна и двери", None);
    take(conn, blind.clone()).await;
    let kept = last(conn).await.facts;
    assert_eq!(
        (kept.lead_name.as_str(), kept.client_name.as_deref(), kept.phones.len()),
        ("Окна и двери", Some("Иван"), 1)
    );
    take(conn, Sight { client: Linked::Known, ..blind }).await;
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
    measurements::transit(conn, &anna, (open.id, 0), Transition::Cancel(CancelReason::Mistake), at(20))
        .await
        .unwrap();
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
    measurements::transit(conn, &anna, (open.id, 0), Transition::Cancel(CancelReason::Mistake), at(20))
        .await
        .unwrap();
    assert_eq!(take(conn, with(&[entered(20, 8)], shown(20, 9))).await, Decision::Record);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_hook_changes_nothing_but_its_entry_counts(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, shown(30, 50)).await;
    let mut old = with(&[entered(20, 40)], shown(20, 40));
    old.deal.source = Source::Hook;
    assert_eq!(take(conn, old.clone()).await, Decision::Stale);
    let decision = take_in_entries(conn, &rules(), LEAD, old, at(1_000)).await.unwrap().decision;
    assert_eq!(decision, Decision::Open { entered_at: at(40), has_moved_on: true });
    assert_eq!(leads::lock(conn, LEAD, at(0)).await.unwrap().known.stage, Some(stage(30)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_hook_brings_no_old_facts_back(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let of_zone = |zone: &str, responsible, second| {
        let mut sight = of(responsible, with(&[entered(20, 5)], shown(20, second)));
        (sight.deal.source, sight.deal.facts.zone) = (Source::Hook, Some(zone.to_owned()));
        sight
    };
    take(conn, of_zone("Север", 8, 50)).await;
    let old = of_zone("Юг", 7, 40);
    assert_eq!(take(conn, old.clone()).await, Decision::Stale);
    let taken = take_in_entries(conn, &rules(), LEAD, old, at(1_000)).await.unwrap();
    assert_eq!(taken.decision, Decision::Record);
    let kept = last(conn).await;
    assert_eq!((kept.facts.zone.as_deref(), kept.responsible), (Some("Север"), Some(AmoUserId(8))));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hook_forgets_nothing_that_amocrm_told(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, shown(20, 5)).await;
    let deal = Deal {
        source: Source::Hook,
        stage: None,
        is_deleted: None,
        updated_at: None,
        responsible: None,
        contact_id: None,
        facts: Facts::default(),
    };
    take(
        conn,
        Sight {
            deal,
            entries: Vec::new(),
            client: Linked::NotRead,
            company: Linked::Known,
            is_provisional: true,
        },
    )
    .await;
    let lead = leads::lock(conn, LEAD, at(0)).await.unwrap();
    assert_eq!((lead.contact_id, lead.responsible), (Some(ContactId(9)), Some(AmoUserId(7))));
    assert_eq!((lead.known.stage, lead.known.updated_at), (Some(stage(20)), Some(at(5))));
}

/// Opened by the deal's entry, assigned and completed.
async fn completed(conn: &mut PgConnection) -> Measurement {
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    take(conn, with(&[entered(20, 5)], shown(20, 5))).await;
    let id = last(conn).await.id;
    measurements::transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(6)).await.unwrap();
    measurements::transit(conn, &ivan, (id, 1), Transition::Complete, at(7)).await.unwrap()
}

fn of(responsible: i64, sight: Sight) -> Sight {
    let deal = Deal { responsible: Some(AmoUserId(responsible)), ..sight.deal };
    Sight { deal, ..sight }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurement_that_is_over_follows_its_deal_to_another_manager(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let oleg = manager(conn, "Олег", AmoUserId(8)).await;
    let id = completed(conn).await.id;
    let card = cards::create(conn, ChatId(1_000 + olga.id.0), olga.id, id, at(8)).await.unwrap();
    drain(conn).await;

    assert_eq!(take(conn, of(8, shown(30, 40))).await, Decision::Record);
    let closed = last(conn).await;
    assert_eq!(permissions::look(&oleg, &closed), Some(Look::Manager));
    assert_eq!(permissions::look(&olga, &closed), None);
    assert_eq!(cards::find(conn, card).await.unwrap().unwrap().wanted_version, 2, "it becomes a stub");
    let orders = async |conn: &mut PgConnection, actor| {
        lists::page(conn, actor, ListKind::OrdersClosed, Cursor::First).await.unwrap().total
    };
    assert_eq!((orders(conn, &oleg).await, orders(conn, &olga).await), (1, 0));
    assert_eq!(waiting(conn).await, [], "of what is over nobody is told");

    take(conn, of(8, shown(30, 41))).await;
    assert_eq!(cards::find(conn, card).await.unwrap().unwrap().wanted_version, 2, "once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn all_measurements_of_a_deal_have_the_manager_of_the_newest(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let oleg = manager(conn, "Олег", AmoUserId(8)).await;
    let first = completed(conn).await.id;
    drain(conn).await;
    take(conn, shown(10, 40)).await;
    assert_eq!(take(conn, of(8, shown(20, 50))).await, opened(50));
    let (first, second) = (stored::find(conn, first).await.unwrap().unwrap(), last(conn).await);
    assert_eq!([first.responsible, second.responsible], [Some(AmoUserId(8)); 2]);

    drain(conn).await;
    take(conn, of(7, shown(20, 60))).await;
    let mut lost = of(8, shown(143, 70));
    lost.deal.facts.zone = Some("Север".into());
    assert_eq!(take(conn, lost).await, Decision::End(DealEnd::Closed));
    let told: Vec<_> = waiting(conn).await.into_iter().filter(|(user, _)| *user == oleg.id.0).collect();
    let expected = ["now_yours", "status_changed"].map(|kind| (oleg.id.0, kind.to_owned()));
    assert_eq!(told, expected, "who has the deal now hears of its end");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entry_beside_what_a_person_asked_for_opens_its_own_and_brings_both_up_to_date(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    take(conn, with(&[entered(20, 5)], shown(20, 5))).await;
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let first = last(conn).await.id;
    measurements::transit(conn, &anna, (first, 0), Transition::Assign(ivan.id), at(6)).await.unwrap();
    measurements::transit(conn, &ivan, (first, 1), Transition::Complete, at(7)).await.unwrap();
    let asked_for = measurements::follow_up(conn, &anna, (first, 2), at(8)).await.unwrap();
    take(conn, shown(30, 10)).await;

    let mut back = shown(20, 20);
    back.deal.facts.zone = Some("Север".into());
    assert_eq!(take(conn, with(&[entered(20, 20)], back)).await, opened(20));
    let of_deal = last(conn).await;
    assert_ne!(of_deal.id, asked_for);
    for id in [asked_for, of_deal.id] {
        let one = stored::find(conn, id).await.unwrap().unwrap();
        assert_eq!((one.facts.zone.as_deref(), one.moved_on_to), (Some("Север"), None), "{id}");
    }
    let old = with(&[entered(20, 9)], shown(30, 9));
    take_in_entries(conn, &rules(), LEAD, old, at(1_000)).await.unwrap();
    let kept = stored::find(conn, asked_for).await.unwrap().unwrap();
    assert_eq!(kept.facts.zone.as_deref(), Some("Север"), "an old hook takes nothing back");

    assert_eq!(take(conn, shown(143, 30)).await, Decision::End(DealEnd::Closed));
    for id in [asked_for, of_deal.id] {
        let one = stored::find(conn, id).await.unwrap().unwrap();
        assert_eq!(one.status().kind(), StatusKind::Cancelled, "{id}");
    }
}
