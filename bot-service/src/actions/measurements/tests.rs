use shared::ids::{AmoUserId, LeadId};
use sqlx::PgPool;

use super::*;
use crate::domain::facts::{Facts, Field};
use crate::domain::intake::Source;
use crate::domain::measurement::{
    CancelReason, DealEnd, DeclineReason, Origin, Problem, ProblemReason, ReassignReason, StatusKind,
    UNDO_WITHIN,
};
use crate::domain::phone;
use crate::testing::{at, drain, manager, measurement, person, refused, waiting};

async fn find(conn: &mut PgConnection, id: MeasurementId) -> Measurement {
    measurements::find(conn, id).await.unwrap().unwrap()
}

fn taken(source: Source, facts: Facts) -> TakenFacts {
    TakenFacts {
        source,
        facts,
        client: Linked::Known,
        company: Linked::Known,
        place: Place::Trigger,
        is_handed_over: false,
    }
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
    assert_eq!(lines(conn, id).await, ["opened", "proposed", "assigned", "started", "completed"]);
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
    assert_eq!(lines(conn, id).await, ["opened", "proposed", "assigned"], "neither left a trace");
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
        (cancelled, 0, anna, Transition::Cancel(CancelReason::Mistake), "cancelled"),
        (restored, 1, anna, Transition::Restore, "restored"),
    ] {
        transit(conn, &by, (id, step), transition, at(10)).await.unwrap();
        let before = lines(conn, id).await;
        assert_eq!(before.iter().rfind(|line| **line != "proposed"), Some(&line));
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
    give_all(conn, of_petr, None, anna.id, at(5)).await.unwrap();
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
    let foreign =
        refused(transit(conn, &olga, (id, 0), Transition::Cancel(CancelReason::Mistake), at(5)).await);
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
    assert_eq!(lines(conn, first).await, ["opened", "proposed", "assigned", "cancelled"], "twice is once");

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

    take_facts(conn, LeadId(1), &taken(Source::AmoCrm, before.facts.clone()), at(3)).await.unwrap();
    assert_eq!(lines(conn, id).await.len(), 3, "the same facts are no news");

    let facts = Facts { phones: phone::parse("8 903 444-55-66"), ..before.facts.clone() };
    take_facts(conn, LeadId(1), &taken(Source::AmoCrm, facts), at(4)).await.unwrap();
    assert_eq!(lines(conn, id).await, ["opened", "proposed", "assigned", "facts_changed"]);
    assert_eq!(waiting(conn).await, [(ivan.id.0, "facts_changed".into())]);
    let due: DateTime<Utc> = sqlx::query_scalar("select next_attempt_at from outbox where state = 'pending'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(due, at(24), "after twenty quiet seconds");

    let hook = Facts { zone: Some("Север".into()), ..Facts::default() };
    take_facts(conn, LeadId(1), &taken(Source::Hook, hook), at(5)).await.unwrap();
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
    let taken = TakenFacts { is_handed_over: true, ..taken(Source::AmoCrm, facts) };
    take_facts(conn, LeadId(1), &taken, at(4)).await.unwrap();
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

    let added = Facts { zone: Some("Север".into()), ..before };
    take_facts(conn, LeadId(1), &taken(Source::Hook, added.clone()), at(3)).await.unwrap();
    assert_eq!(find(conn, id).await.facts.zone, added.zone);
    assert_eq!(waiting(conn).await, []);

    let moved = Facts { address: Some("Мира, 7".into()), product: Some("Окна".into()), ..added };
    take_facts(conn, LeadId(1), &taken(Source::AmoCrm, moved), at(4)).await.unwrap();
    assert_eq!(waiting(conn).await, [(ivan.id.0, "facts_changed".into())]);
    let last = history::list(conn, id).await.unwrap().pop().unwrap();
    let What::FactsChanged { changes } = last.what else { panic!("{:?}", last.what) };
    assert_eq!(changes.iter().map(|change| change.field).collect::<Vec<_>>(), [Field::Address]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_cannot_go_gives_the_visit_back_with_his_reason_and_is_offered_last(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let id = measurement(conn, 1).await;
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(10)).await.unwrap();
    drain(conn).await;
    let because = || (Transition::Decline(DeclineReason::Other), Some("сломалась машина".to_owned()));
    let others = refused(transit_saying(conn, &petr, (id, 1), because(), at(11)).await);
    assert_eq!(others, Refused::Denied(Refusal::NotYours));
    let stale = refused(transit_saying(conn, &ivan, (id, 0), because(), at(11)).await);
    assert!(matches!(stale, Refused::Stale { .. }), "{stale:?}");

    let back = transit_saying(conn, &ivan, (id, 1), because(), at(12)).await.unwrap();
    assert_eq!((back.status().kind(), back.measurer()), (StatusKind::Pending, None));
    let told = [(anna.id.0, "back_in_queue".into()), (olga.id.0, "status_changed".into())];
    assert_eq!(waiting(conn).await, told);
    let line = history::last_transition(conn, id).await.unwrap().unwrap();
    let text = Some("сломалась машина".to_owned());
    assert_eq!(line.what, What::Declined { from: ivan.id, reason: DeclineReason::Other, text });
    let again = refused(transit_saying(conn, &ivan, (id, 1), because(), at(13)).await);
    assert_eq!(again, Refused::AlreadyDone);

    let offered = users::list_candidates(conn, (Some(id), None), 0, 9, (99, at(9))).await.unwrap();
    let offered: Vec<_> = offered.into_iter().map(|one| (one.id, one.has_declined)).collect();
    assert_eq!(offered, [(petr.id, false), (ivan.id, true)]);
    transit(conn, &anna, (id, 2), Transition::Assign(ivan.id), at(14)).await.expect("he was talked round");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_cancels_says_why_and_it_stays_in_the_history(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ids = [measurement(conn, 1).await, measurement(conn, 2).await];
    let words = || Some("переехали".to_owned());
    for (id, reason, text) in [(ids[0], CancelReason::NoAnswer, None), (ids[1], CancelReason::Other, words())]
    {
        let because = (Transition::Cancel(reason), text.clone());
        transit_saying(conn, &anna, (id, 0), because, at(10)).await.unwrap();
        let line = history::last_transition(conn, id).await.unwrap().unwrap();
        assert_eq!(line.what, What::Cancelled { because: None, reason: Some(reason), text });
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn why_another_measurer_goes_is_said_once_by_who_changed_him(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let id = measurement(conn, 1).await;
    let because = || (ReassignReason::Unable, None);
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    let first = refused(explain(conn, &anna, (id, 1), because(), at(3)).await);
    assert!(matches!(first, Refused::Stale { .. }), "a first assignment needs no reason: {first:?}");
    transit(conn, &anna, (id, 1), Transition::Assign(petr.id), at(4)).await.unwrap();
    drain(conn).await;

    let foreign = refused(explain(conn, &petr, (id, 2), because(), at(5)).await);
    assert_eq!(foreign, Refused::Denied(Refusal::AssignedByAdmin));
    let others = refused(explain(conn, &boris, (id, 2), because(), at(5)).await);
    assert!(matches!(others, Refused::Stale { .. }), "{others:?}");
    explain(conn, &anna, (id, 2), because(), at(5)).await.unwrap();
    assert_eq!(refused(explain(conn, &anna, (id, 2), because(), at(6)).await), Refused::AlreadyDone);
    assert_eq!(lines(conn, id).await, ["opened", "proposed", "assigned", "reassigned", "explained"]);
    assert_eq!((waiting(conn).await, find(conn, id).await.step()), (vec![], 2), "it is no step, and no news");

    transit(conn, &petr, (id, 2), Transition::Start, at(7)).await.unwrap();
    let late = refused(explain(conn, &anna, (id, 2), because(), at(8)).await);
    assert!(matches!(late, Refused::Stale { .. }), "{late:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_person_ended_is_opened_again_and_told_to_whom_it_concerns(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let owner = person(conn, "Олеся", Role::Observer).await;
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let told = [(olga.id.0, "status_changed".into()), (owner.id.0, "status_changed".into())];

    let cancelled = measurement(conn, 1).await;
    transit(conn, &anna, (cancelled, 0), Transition::Cancel(CancelReason::Mistake), at(10)).await.unwrap();
    drain(conn).await;
    let back = transit(conn, &anna, (cancelled, 1), Transition::Restore, at(11)).await.unwrap();
    assert_eq!((back.status().kind(), back.step()), (StatusKind::Pending, 2));
    assert_eq!(waiting(conn).await, told);

    let done = measurement(conn, 2).await;
    transit(conn, &anna, (done, 0), Transition::Assign(ivan.id), at(20)).await.unwrap();
    transit(conn, &ivan, (done, 1), Transition::Complete, at(21)).await.unwrap();
    for (actor, refusal) in [(ivan, Refusal::AdminOnly), (owner, Refusal::AdminOnly)] {
        let refusal_of = refused(transit(conn, &actor, (done, 2), Transition::Restore, at(22)).await);
        assert_eq!(refusal_of, Refused::Denied(refusal));
    }
    let other = measurement(conn, 2).await;
    let beside = refused(transit(conn, &anna, (done, 2), Transition::Restore, at(22)).await);
    assert_eq!(beside, Refused::AnotherIsOpen(other));
    transit(conn, &anna, (other, 0), Transition::Cancel(CancelReason::Duplicate), at(23)).await.unwrap();
    drain(conn).await;
    let back = transit(conn, &anna, (done, 2), Transition::Restore, at(24)).await.unwrap();
    assert_eq!((back.status().kind(), back.measurer()), (StatusKind::Pending, None));
    let ivan_too = [(ivan.id.0, "taken_off_you".to_owned())].into_iter().chain(told).collect::<Vec<_>>();
    assert_eq!(waiting(conn).await, ivan_too);
    let line = history::last_transition(conn, done).await.unwrap().unwrap();
    assert_eq!(line.what, What::Restored { from: Some(ivan.id) });
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_problem_is_told_at_once_and_goes_with_whatever_answers_it(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let report = Transition::ReportProblem(ProblemReason::Other);
    let words = || Some("злая собака".to_owned());
    for (lead, answer) in [
        (1, Transition::ClearProblem),
        (2, Transition::Assign(petr.id)),
        (3, Transition::Cancel(CancelReason::ClientRefused)),
    ] {
        let id = measurement(conn, lead).await;
        transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(10)).await.unwrap();
        drain(conn).await;
        let others = refused(transit_saying(conn, &petr, (id, 1), (report, words()), at(11)).await);
        assert_eq!(others, Refused::Denied(Refusal::NotYours));
        transit_saying(conn, &ivan, (id, 1), (report, words()), at(11)).await.unwrap();
        let told = [(anna.id.0, "problem".to_owned()), (olga.id.0, "problem".to_owned())];
        assert_eq!(waiting(conn).await, told);
        let problem = Problem { reason: ProblemReason::Other, text: words(), at: at(11) };
        let stored = find(conn, id).await;
        assert_eq!((stored.problem(), stored.status().kind()), (Some(&problem), StatusKind::Assigned));
        let again = refused(transit_saying(conn, &ivan, (id, 1), (report, words()), at(12)).await);
        assert_eq!(again, Refused::AlreadyDone);

        transit(conn, &ivan, (id, 2), Transition::Start, at(13)).await.unwrap();
        assert_eq!(find(conn, id).await.problem(), Some(&problem), "he has not said that it is over");
        drain(conn).await;
        transit(conn, &anna, (id, 3), answer, at(14)).await.unwrap();
        assert_eq!(find(conn, id).await.problem(), None, "{answer:?}");
        if answer == Transition::ClearProblem {
            let told = [ivan.id.0, olga.id.0].map(|user| (user, "problem_cleared".to_owned()));
            assert_eq!(waiting(conn).await, told);
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn another_visit_of_the_deal_is_asked_for_once_and_follows_the_deal_as_the_first_does(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let oleg = manager(conn, "Олег", AmoUserId(8)).await;
    let first = measurement(conn, 1).await;
    transit(conn, &anna, (first, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    let foreign = refused(follow_up(conn, &ivan, (first, 1), at(3)).await);
    assert_eq!(foreign, Refused::Denied(Refusal::AdminOnly));
    drain(conn).await;

    let second = follow_up(conn, &anna, (first, 1), at(3)).await.unwrap();
    assert_eq!(waiting(conn).await, [(boris.id.0, "new_measurement".to_owned())]);
    let (before, opened) = (find(conn, first).await, find(conn, second).await);
    assert_eq!((opened.origin, opened.previous_id), (Origin::Person, Some(first)));
    assert_eq!((&opened.facts, opened.responsible), (&before.facts, before.responsible));
    let line = history::last_transition(conn, second).await.unwrap().unwrap();
    assert_eq!((line.what, line.author), (What::Opened, Author::Person(anna.id)));
    assert_eq!(refused(follow_up(conn, &anna, (first, 1), at(4)).await), Refused::AlreadyDone);
    let later = refused(follow_up(conn, &boris, (first, 1), at(60)).await);
    assert_eq!(later, Refused::AnotherIsOpen(second));

    let facts = Facts { address: Some("Мира, 7".into()), ..before.facts };
    let elsewhere = Place::MovedOn("Договор".into());
    let taken = TakenFacts { place: elsewhere, ..taken(Source::AmoCrm, facts.clone()) };
    take_facts(conn, LeadId(1), &taken, at(70)).await.unwrap();
    hand_over(conn, LeadId(1), Some(AmoUserId(8)), at(71)).await.unwrap();
    for id in [first, second] {
        let one = find(conn, id).await;
        assert_eq!((&one.facts, one.responsible), (&facts, oleg.amo_user_id), "{id}");
    }
    let (of_deal, of_person) = (find(conn, first).await.moved_on_to, find(conn, second).await.moved_on_to);
    assert_eq!((of_deal.as_deref(), of_person), (Some("Договор"), None));

    transit(conn, &ivan, (first, 1), Transition::Complete, at(80)).await.unwrap();
    let beside = refused(transit(conn, &anna, (first, 2), Transition::Restore, at(81)).await);
    assert_eq!(beside, Refused::AnotherIsOpen(second));
    end_with_deal(conn, LeadId(1), DealEnd::Closed, at(82)).await.unwrap();
    assert_eq!(find(conn, second).await.status().kind(), StatusKind::Cancelled);
    let third = follow_up(conn, &anna, (first, 2), at(90)).await.unwrap();
    assert_eq!(find(conn, third).await.previous_id, Some(first), "a completed visit may have another one");
    let cancelled = refused(follow_up(conn, &anna, (second, 1), at(91)).await);
    assert!(matches!(cancelled, Refused::Stale { .. }), "a cancelled one is opened again: {cancelled:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_last_step_is_taken_back_by_its_author_in_time_and_all_is_as_before(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let id = measurement(conn, 1).await;
    let report = Transition::ReportProblem(ProblemReason::NotReady);
    let mut step = 0;
    for (by, transition) in [
        (anna, Transition::Assign(ivan.id)),
        (anna, Transition::Assign(petr.id)),
        (petr, Transition::Start),
        (petr, report),
        (anna, Transition::ClearProblem),
        (petr, Transition::Decline(DeclineReason::Far)),
        (anna, Transition::Assign(petr.id)),
        (petr, Transition::Complete),
        (anna, Transition::Restore),
        (anna, Transition::Cancel(CancelReason::Mistake)),
        (anna, Transition::Restore),
    ] {
        let now = at(100 * i64::from(step + 1));
        let before = find(conn, id).await;
        let waiting_since = "select waiting_since from measurements where id = $1";
        let waited = sqlx::query_scalar::<_, DateTime<Utc>>(waiting_since).bind(id.0);
        let waited = waited.fetch_one(&mut *conn).await.unwrap();
        transit(conn, &by, (id, step), transition, now).await.unwrap();
        let others = refused(transit(conn, &boris, (id, step + 1), Transition::Undo, now).await);
        assert_eq!(others, Refused::Denied(Refusal::NotYourMove), "{transition:?}");
        let undone = transit(conn, &by, (id, step + 1), Transition::Undo, now + UNDO_WITHIN).await.unwrap();
        let stored = find(conn, id).await;
        assert_eq!(undone, stored);
        assert_eq!(
            (stored.status(), stored.problem()),
            (before.status(), before.problem()),
            "{transition:?}"
        );
        let since = sqlx::query_scalar::<_, DateTime<Utc>>(waiting_since).bind(id.0);
        if before.status().kind() == StatusKind::Pending {
            assert_eq!(since.fetch_one(&mut *conn).await.unwrap(), waited, "{transition:?}");
        }
        let again = refused(transit(conn, &by, (id, step + 1), Transition::Undo, now).await);
        assert_eq!(again, Refused::AlreadyDone, "{transition:?}");
        transit(conn, &by, (id, step + 2), transition, now).await.expect("and is done after all");
        step += 3;
    }
    let late = at(100 * i64::from(step)) + UNDO_WITHIN;
    let too_late = refused(transit(conn, &anna, (id, step), Transition::Undo, late).await);
    assert_eq!(too_late, Refused::Denied(Refusal::TooLate));
    transit(conn, &anna, (id, step), Transition::Assign(ivan.id), late).await.unwrap();
    transit(conn, &ivan, (id, step + 1), Transition::Accept, late).await.unwrap();
    let built_on = refused(transit(conn, &anna, (id, step + 1), Transition::Undo, late).await);
    assert!(matches!(built_on, Refused::Stale { .. }), "{built_on:?}");
    let foreign = refused(transit(conn, &petr, (id, step + 2), Transition::Undo, late).await);
    assert_eq!(foreign, Refused::Denied(Refusal::NotYours));
    assert_ne!(olga.id, anna.id);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_taken_back_to_a_measurer_without_access_or_beside_what_was_opened_since(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let [first, second] = [measurement(conn, 1).await, measurement(conn, 2).await];
    for id in [first, second] {
        transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(10)).await.unwrap();
        transit(conn, &anna, (id, 1), Transition::Cancel(CancelReason::Mistake), at(11)).await.unwrap();
    }
    sqlx::query("update measurements set waiting_since = $1").bind(at(1)).execute(&mut *conn).await.unwrap();
    let other = measurement(conn, 1).await;
    sqlx::query("update measurements set waiting_since = $1 where id = $2")
        .bind(at(12))
        .bind(other.0)
        .execute(&mut *conn)
        .await
        .unwrap();
    let beside = refused(transit(conn, &anna, (first, 2), Transition::Undo, at(13)).await);
    assert_eq!(beside, Refused::AnotherIsOpen(other));
    users::set_disabled(conn, ivan.id, Some(at(13))).await.unwrap();
    let gone = refused(transit(conn, &anna, (second, 2), Transition::Undo, at(14)).await);
    assert_eq!(gone, Refused::MeasurerUnavailable);
}
