use shared::ids::{AmoUserId, LeadId};
use sqlx::PgPool;

use super::*;
use crate::domain::facts::{Facts, Field};
use crate::domain::intake::Source;
use crate::domain::measurement::{DealEnd, StatusKind};
use crate::domain::phone;
use crate::testing::{at, drain, manager, measurement, person, waiting};

fn refused<T: std::fmt::Debug>(result: Result<T, ActionError>) -> Refused {
    match result {
        Err(ActionError::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn find(conn: &mut PgConnection, id: MeasurementId) -> Measurement {
    measurements::find(conn, id).await.unwrap().unwrap()
}

async fn lines(conn: &mut PgConnection, id: MeasurementId) -> Vec<&'static str> {
    history::list(conn, id).await.unwrap().iter().map(|line| line.what.as_str()).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_visit_is_carried_from_the_queue_to_its_end(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна Серова", Role::Admin).await;
    let ivan = person(conn, "Иван Петров", Role::Measurer).await;
    let olga = manager(conn, "Ольга Смирнова", AmoUserId(7)).await;
    let id = measurement(conn, 1).await;
    assert_eq!(waiting(conn).await, [(anna.id.0, "new_measurement".into())]);
    drain(conn).await;

    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(10)).await.unwrap();
    let told = [(ivan.id.0, "assigned_to_you".into()), (olga.id.0, "measurer_found".into())];
    assert_eq!(waiting(conn).await, told);
    drain(conn).await;

    transit(conn, &ivan, (id, 1), Transition::Start, at(20)).await.unwrap();
    let done = transit(conn, &ivan, (id, 2), Transition::Complete, at(30)).await.unwrap();
    assert_eq!((done.status().kind(), done.step()), (StatusKind::Completed, 3));
    assert_eq!(waiting(conn).await, vec![(olga.id.0, "status_changed".into()); 2]);
    assert_eq!(lines(conn, id).await, ["opened", "assigned", "started", "completed"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_slower_of_two_admins_reads_who_was_faster(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна Серова", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let ivan = person(conn, "Иван Петров", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let id = measurement(conn, 1).await;
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(10)).await.unwrap();

    let slower = refused(transit(conn, &boris, (id, 0), Transition::Assign(petr.id), at(11)).await);
    let Refused::Stale { last } = slower else { panic!("{slower:?}") };
    assert_eq!(last.author.unwrap().full(), "Анна Серова");
    assert_eq!(last.to.unwrap().full(), "Иван Петров");
    let again = refused(transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(12)).await);
    assert_eq!(again, Refused::AlreadyDone);
    assert_eq!(lines(conn, id).await, ["opened", "assigned"], "neither left a trace");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_same_press_twice_is_done_once_and_told_so(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let (carried_out, cancelled, restored) =
        (measurement(conn, 1).await, measurement(conn, 2).await, measurement(conn, 3).await);
    end_with_deal(conn, LeadId(3), DealEnd::Closed, at(3)).await.unwrap();
    for (id, step, by, transition, line) in [
        (carried_out, 0, anna, Transition::Assign(ivan.id), "assigned"),
        (carried_out, 1, anna, Transition::Assign(petr.id), "reassigned"),
        (carried_out, 2, petr, Transition::Start, "started"),
        (carried_out, 3, petr, Transition::Complete, "completed"),
        (cancelled, 0, anna, Transition::Cancel, "cancelled"),
        (restored, 1, anna, Transition::Restore, "restored"),
    ] {
        transit(conn, &by, (id, step), transition, at(10)).await.unwrap();
        let before = lines(conn, id).await;
        assert_eq!(before.last(), Some(&line));
        let again = refused(transit(conn, &by, (id, step), transition, at(11)).await);
        assert_eq!(again, Refused::AlreadyDone, "{line}");
        assert_eq!(lines(conn, id).await, before, "{line}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_was_taken_off_reads_by_whom_and_who_never_had_it_does_not(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна Серова", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let vera = person(conn, "Вера", Role::Measurer).await;
    let id = measurement(conn, 1).await;
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    transit(conn, &anna, (id, 1), Transition::Assign(petr.id), at(3)).await.unwrap();
    for transition in [Transition::Start, Transition::Complete] {
        let taken = refused(transit(conn, &ivan, (id, 1), transition, at(4)).await);
        let Refused::Stale { last } = taken else { panic!("{taken:?}") };
        let names = [last.author.unwrap().full(), last.to.unwrap().full()];
        assert_eq!(names, ["Анна Серова", "Пётр"]);
        let foreign = refused(transit(conn, &vera, (id, 1), transition, at(4)).await);
        assert_eq!(foreign, Refused::Denied(Refusal::NotYours));
    }
    let of_petr = measurements::lock_open_of_measurer(conn, petr.id).await.unwrap();
    return_all(conn, of_petr, anna.id, at(5)).await.unwrap();
    let returned = refused(transit(conn, &petr, (id, 2), Transition::Start, at(6)).await);
    assert!(matches!(returned, Refused::Stale { .. }), "{returned:?}");
    let no_news = refused(transit(conn, &ivan, (id, 1), Transition::Start, at(6)).await);
    assert_eq!(no_news, Refused::Denied(Refusal::NotYours));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn work_is_given_only_to_measurers_with_access(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let gone = person(conn, "Иван", Role::Measurer).await;
    users::set_disabled(conn, gone.id, Some(at(1))).await.unwrap();
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let id = measurement(conn, 1).await;
    for target in [gone.id, olga.id, anna.id, UserId(999)] {
        let refusal = refused(transit(conn, &anna, (id, 0), Transition::Assign(target), at(5)).await);
        assert_eq!(refusal, Refused::MeasurerUnavailable, "{target}");
    }
    let foreign = refused(transit(conn, &olga, (id, 0), Transition::Cancel, at(5)).await);
    assert_eq!(foreign, Refused::Denied(Refusal::AdminOnly));
    assert_eq!(lines(conn, id).await, ["opened"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_closed_in_amocrm_is_told_and_can_be_brought_back_once(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let first = measurement(conn, 1).await;
    transit(conn, &anna, (first, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    drain(conn).await;
    end_with_deal(conn, LeadId(1), DealEnd::Closed, at(3)).await.unwrap();
    let told = [(ivan.id.0, "status_changed".into()), (anna.id.0, "cancelled_in_amocrm".into())];
    assert_eq!(waiting(conn).await, told);
    end_with_deal(conn, LeadId(1), DealEnd::Closed, at(4)).await.unwrap();
    assert_eq!(lines(conn, first).await, ["opened", "assigned", "cancelled"], "twice is once");

    let second = measurement(conn, 1).await;
    let beside = refused(transit(conn, &anna, (first, 2), Transition::Restore, at(5)).await);
    assert_eq!(beside, Refused::AnotherIsOpen(second));
    end_with_deal(conn, LeadId(1), DealEnd::Deleted, at(6)).await.unwrap();
    let back = transit(conn, &anna, (first, 2), Transition::Restore, at(7)).await.unwrap();
    assert_eq!(back.status().kind(), StatusKind::Pending);
    assert_eq!(find(conn, second).await.previous_id, Some(first));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changed_facts_are_written_told_later_and_only_once(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let id = measurement(conn, 1).await;
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    drain(conn).await;
    let before = find(conn, id).await;
    let taken = |source, facts| TakenFacts { source, facts, moved_on_to: None, is_handed_over: false };

    take_facts(conn, LeadId(1), taken(Source::AmoCrm, before.facts.clone()), at(3)).await.unwrap();
    assert_eq!(lines(conn, id).await.len(), 2, "the same facts are no news");

    let facts = Facts { phones: phone::parse("8 903 444-55-66"), ..before.facts.clone() };
    take_facts(conn, LeadId(1), taken(Source::AmoCrm, facts), at(4)).await.unwrap();
    assert_eq!(lines(conn, id).await, ["opened", "assigned", "facts_changed"]);
    assert_eq!(waiting(conn).await, [(ivan.id.0, "facts_changed".into())]);
    let due: DateTime<Utc> = sqlx::query_scalar("select next_attempt_at from outbox where state = 'pending'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(due, at(24), "after twenty quiet seconds");

    let hook = Facts { zone: Some("Север".into()), ..Facts::default() };
    take_facts(conn, LeadId(1), taken(Source::Hook, hook), at(5)).await.unwrap();
    let after = find(conn, id).await;
    assert_eq!(after.facts.address, before.facts.address, "a hook erases nothing");
    assert_eq!((after.facts.zone.as_deref(), after.step()), (Some("Север"), 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_manager_follows_the_deal(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let oleg = manager(conn, "Олег", AmoUserId(8)).await;
    let id = measurement(conn, 1).await;
    let facts = Facts { zone: Some("Север".into()), ..find(conn, id).await.facts };
    assert!(hand_over(conn, LeadId(1), Some(AmoUserId(8)), at(4)).await.unwrap());
    let taken = TakenFacts { source: Source::AmoCrm, facts, moved_on_to: None, is_handed_over: true };
    take_facts(conn, LeadId(1), taken, at(4)).await.unwrap();
    assert_eq!(waiting(conn).await, [(oleg.id.0, "now_yours".into())], "one event, one message");
    let seen = |actor, measurement: &Measurement| permissions::look(actor, measurement).is_some();
    let measurement = find(conn, id).await;
    assert!(seen(&oleg, &measurement) && !seen(&olga, &measurement));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_a_measurement_that_waits_for_amocrm_changes_are_told_and_additions_are_not(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let id = measurement(conn, 1).await;
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    sqlx::query("update measurements set is_provisional = true").execute(&mut *conn).await.unwrap();
    drain(conn).await;
    let before = find(conn, id).await.facts;
    let taken = |source, facts| TakenFacts { source, facts, moved_on_to: None, is_handed_over: false };

    let added = Facts { zone: Some("Север".into()), ..before };
    take_facts(conn, LeadId(1), taken(Source::Hook, added.clone()), at(3)).await.unwrap();
    assert_eq!(find(conn, id).await.facts.zone, added.zone);
    assert_eq!(waiting(conn).await, []);

    let moved = Facts { address: Some("Мира, 7".into()), product: Some("Окна".into()), ..added };
    take_facts(conn, LeadId(1), taken(Source::AmoCrm, moved), at(4)).await.unwrap();
    assert_eq!(waiting(conn).await, [(ivan.id.0, "facts_changed".into())]);
    let last = history::list(conn, id).await.unwrap().pop().unwrap();
    let What::FactsChanged { changes } = last.what else { panic!("{:?}", last.what) };
    assert_eq!(changes.iter().map(|change| change.field).collect::<Vec<_>>(), [Field::Address]);
}
