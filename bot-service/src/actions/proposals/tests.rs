use shared::ids::{AmoUserId, LeadId};
use sqlx::PgPool;

use super::*;
use crate::actions::measurements::{Linked, NewMeasurement, Place, TakenFacts, take_facts};
use crate::actions::people::{disable, set_away};
use crate::actions::{dealers, dispatch as settings_of, zones};
use crate::domain::audit::Change;
use crate::domain::dispatch::DispatchChange;
use crate::domain::facts::Facts;
use crate::domain::history::Author;
use crate::domain::intake::Source;
use crate::domain::measurement::{CancelReason, DeclineReason};
use crate::domain::proposal::{Rule, WhyNot};
use crate::domain::user::Role;
use crate::storage::audit;
use crate::testing::{at, drain, opened, person, refused, waiting};

/// A measurement of a deal with this zone and this dealer.
async fn deal(
    conn: &mut PgConnection,
    lead: i64,
    (zone, dealer): (Option<&str>, Option<&str>),
    now: i64,
) -> MeasurementId {
    let facts = facts(zone, dealer);
    let new =
        NewMeasurement { facts, responsible: Some(AmoUserId(7)), moved_on_to: None, is_provisional: false };
    opened(conn, LeadId(lead), &new, at(now)).await
}

fn facts(zone: Option<&str>, dealer: Option<&str>) -> Facts {
    Facts {
        lead_name: "Окна".into(),
        address: Some("г. Химки, ул. Ленина, д. 5".into()),
        zone: zone.map(Into::into),
        dealer: dealer.map(Into::into),
        ..Facts::default()
    }
}

async fn proposed(conn: &mut PgConnection, id: MeasurementId) -> Option<(UserId, Rule)> {
    let stored = proposals::find(conn, id).await.unwrap()?;
    stored.proposal.map(|proposal| (proposal.measurer, proposal.rule))
}

async fn alerts(conn: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("select payload ->> 'alert' from outbox where kind = 'alert' order by id")
        .fetch_all(conn)
        .await
        .unwrap()
}

/// As the leader does it.
async fn renew_all(conn: &mut PgConnection, now: i64) {
    for id in proposals::list_stale(conn, 100).await.unwrap() {
        renew(conn, id, at(now)).await.unwrap();
    }
    assert_eq!(proposals::list_stale(conn, 100).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_proposed_counts_as_work_and_is_confirmed_with_one_press(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    let mut order = Vec::new();
    for lead in 1..=4 {
        let id = deal(conn, lead, (None, None), lead).await;
        order.push((id, proposed(conn, id).await.unwrap().0));
    }
    let of: Vec<_> = order.iter().map(|(_, user)| *user).collect();
    assert_eq!(of, [ivan.id, petr.id, ivan.id, petr.id]);

    let (first, second) = (order[0].0, order[1].0);
    confirm(conn, &anna, (first, 0), 1, at(10)).await.unwrap();
    assert_eq!(proposed(conn, first).await, None);
    transit(conn, &anna, (second, 0), Transition::Assign(ivan.id), at(11)).await.unwrap();
    let lines = history::list(conn, second).await.unwrap();
    assert_eq!(lines[1].what, What::Proposed { to: petr.id, rule: Rule::Turn, name: None });
    assert_eq!(lines[2].what, What::Assigned { to: ivan.id, instead_of: Some(petr.id) });
    let twice = confirm(conn, &anna, (first, 0), 1, at(12)).await;
    assert!(matches!(twice, Err(ActionError::Refused(Refused::AlreadyDone))));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_confirms_what_the_card_showed_or_is_refused(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    let id = deal(conn, 1, (None, None), 1).await;
    set_away(conn, &anna, ivan.id, Some(at(90_000)), at(5)).await.unwrap();
    renew_all(conn, 6).await;
    let stored = proposals::find(conn, id).await.unwrap().unwrap();
    assert_eq!((stored.number, stored.before), (2, Some(ivan.id)));
    let proposal = stored.proposal.unwrap();
    assert_eq!((proposal.measurer, proposal.passed), (petr.id, vec![(ivan.id, WhyNot::Away)]));

    let stale = confirm(conn, &anna, (id, 0), 1, at(7)).await;
    let Err(ActionError::Refused(Refused::ProposalChanged(Some(name)))) = stale else { panic!("{stale:?}") };
    assert_eq!(name.first, "Пётр");
    confirm(conn, &anna, (id, 0), 2, at(8)).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_zone_of_the_deal_or_of_its_address_decides_before_the_turn(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let north = zones::create(conn, &anna, "Север", at(1)).await.unwrap();
    let khimki = zones::create(conn, &anna, "Химки", at(1)).await.unwrap();
    zones::give(conn, &anna, (north, petr.id), at(1)).await.unwrap();

    let by_field = deal(conn, 1, (Some("сев. район"), None), 2).await;
    assert_eq!(proposed(conn, by_field).await, Some((petr.id, Rule::Zone)));
    assert_eq!(alerts(conn).await, [""; 0]);

    // The address names a zone in which nobody measures: told once, and it is somebody's turn.
    for lead in 2..=3 {
        let by_address = deal(conn, lead, (None, None), 3).await;
        assert_eq!(proposed(conn, by_address).await.unwrap().1, Rule::Turn);
    }
    assert_eq!(alerts(conn).await, ["zone_is_empty"]);
    zones::give(conn, &anna, (khimki, petr.id), at(4)).await.unwrap();
    renew_all(conn, 5).await;
    let by_address = deal(conn, 4, (None, None), 6).await;
    assert_eq!(proposed(conn, by_address).await, Some((petr.id, Rule::Zone)));

    let unknown = deal(conn, 5, (Some("Юг"), None), 7).await;
    deal(conn, 6, (Some("юг"), None), 8).await;
    assert_eq!(proposed(conn, unknown).await.unwrap().1, Rule::Turn);
    assert_eq!(alerts(conn).await, ["zone_is_empty", "name_unknown"], "once for each name");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_dealer_has_his_measurer_or_is_one_by_name(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) = (
        person(conn, "Иван Петров", Role::Measurer).await,
        person(conn, "Пётр Сидоров", Role::Measurer).await,
    );
    let dealer = dealers::create(conn, &anna, "Окна Плюс", at(1)).await.unwrap();
    dealers::give(conn, &anna, (dealer, petr.id), at(1)).await.unwrap();
    let known = deal(conn, 1, (None, Some("ОКНА ПЛЮС")), 2).await;
    assert_eq!(proposed(conn, known).await, Some((petr.id, Rule::Dealer)));
    let by_name = deal(conn, 2, (None, Some("петров иван")), 3).await;
    assert_eq!(proposed(conn, by_name).await, Some((ivan.id, Rule::Dealer)));
    deal(conn, 3, (None, Some("Балконы")), 4).await;
    assert_eq!(alerts(conn).await, ["name_unknown"]);
    let other = dealers::create(conn, &anna, "Фасад", at(4)).await.unwrap();
    let taken = dealers::rename(conn, &anna, (other, "окна плюс"), at(4)).await;
    assert!(matches!(taken, Err(ActionError::Refused(Refused::DealerTaken(_)))));
    dealers::rename(conn, &anna, (other, "Фасады"), at(4)).await.unwrap();
    dealers::delete(conn, &anna, dealer, at(5)).await.unwrap();
    renew_all(conn, 6).await;
    assert_eq!(proposed(conn, known).await.unwrap().1, Rule::Turn);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_dealer_who_becomes_part_of_another_leaves_him_his_names_and_his_measurer(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    let mut made = Vec::new();
    for (name, measurer) in [("Окна", Some(ivan)), ("Окна Плюс", None), ("Окна и двери", Some(petr))]
    {
        let id = dealers::create(conn, &anna, name, at(1)).await.unwrap();
        if let Some(user) = measurer {
            dealers::give(conn, &anna, (id, user.id), at(1)).await.unwrap();
        }
        made.push(id);
    }
    let [first, second, third] = made[..] else { panic!() };
    let id = deal(conn, 1, (None, Some("окна")), 2).await;

    dealers::merge(conn, &anna, (first, second), at(3)).await.unwrap();
    renew_all(conn, 4).await;
    assert_eq!(proposed(conn, id).await, Some((ivan.id, Rule::Dealer)), "the other one had nobody");
    dealers::merge(conn, &anna, (second, third), at(5)).await.unwrap();
    renew_all(conn, 6).await;
    assert_eq!(proposed(conn, id).await, Some((petr.id, Rule::Dealer)), "the other one keeps his own");
    let view = dealers::measurers(conn, &anna, third, 0).await.unwrap();
    assert_eq!(view.spellings, ["Окна", "Окна Плюс"]);

    for gone in [(first, third), (third, second), (third, third)] {
        assert_eq!(refused(dealers::merge(conn, &anna, gone, at(7)).await), Refused::Unknown);
    }
    assert_eq!(dealers::create(conn, &anna, "ОКНА", at(8)).await.unwrap(), third, "it is one of his names");
    let other = dealers::create(conn, &anna, "Фасад", at(8)).await.unwrap();
    let taken = refused(dealers::rename(conn, &anna, (other, "окна плюс"), at(8)).await);
    assert_eq!(taken, Refused::DealerTaken("окна плюс".into()));
    dealers::rename(conn, &anna, (third, "Окна Плюс"), at(9)).await.unwrap();
    assert_eq!(dealers::measurers(conn, &anna, third, 0).await.unwrap().spellings, ["Окна"]);
    let others = dealers::others(conn, &anna, other, 0).await.unwrap();
    assert_eq!(others.rows, [(third, "Окна Плюс".to_owned())]);
    let last = audit::list(conn, None, None, 9).await.unwrap().into_iter().map(|line| line.change);
    let merged = |from: &str, into: &str| Change::DealerMerged { from: from.into(), into: into.into() };
    let wanted = [merged("Окна Плюс", "Окна и двери"), merged("Окна", "Окна Плюс")];
    assert_eq!(last.filter(|line| line.as_str() == "dealer_merged").collect::<Vec<_>>(), wanted);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_declined_or_left_is_not_proposed_again(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    let id = deal(conn, 1, (None, None), 1).await;
    confirm(conn, &anna, (id, 0), 1, at(2)).await.unwrap();
    transit(conn, &ivan, (id, 1), Transition::Decline(DeclineReason::Far), at(3)).await.unwrap();
    let proposal = proposals::find(conn, id).await.unwrap().unwrap().proposal.unwrap();
    assert_eq!((proposal.measurer, proposal.passed), (petr.id, vec![(ivan.id, WhyNot::Declined)]));
    disable(conn, &anna, petr.id, None, &[], at(4)).await.unwrap();
    renew_all(conn, 5).await;
    assert_eq!(proposed(conn, id).await, None, "nobody is left");
    let oleg = person(conn, "Олег", Role::Measurer).await;
    proposals::basis_changed(conn).await.unwrap();
    renew_all(conn, 6).await;
    assert_eq!(proposed(conn, id).await, Some((oleg.id, Rule::Turn)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_rule_that_assigns_at_once_does_and_says_so(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boss = person(conn, "Борис", Role::Supervisor).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let waited = deal(conn, 1, (None, None), 1).await;
    let assign = DispatchChange::Mode { rule: Rule::Turn, mode: Mode::Assign };
    let not_his = settings_of::change(conn, &boss, assign, at(2)).await;
    assert!(matches!(not_his, Err(ActionError::Refused(Refused::Denied(_)))));
    settings_of::change(conn, &anna, assign, at(2)).await.unwrap();
    let again = settings_of::change(conn, &anna, assign, at(3)).await;
    assert!(matches!(again, Err(ActionError::Refused(Refused::AlreadyDone))));
    drain(conn).await;

    let id = deal(conn, 2, (None, None), 4).await;
    renew_all(conn, 5).await;
    for id in [waited, id] {
        let measurement = measurements::find(conn, id).await.unwrap().unwrap();
        let assignment = measurement.status().assignment().copied().unwrap();
        assert_eq!((assignment.measurer, assignment.by), (ivan.id, None));
        let last = history::list(conn, id).await.unwrap().pop().unwrap();
        assert_eq!((last.author, last.what.as_str()), (Author::System, "assigned"));
    }
    let told: Vec<_> = waiting(conn).await.into_iter().filter(|(user, _)| *user == ivan.id.0).collect();
    assert_eq!(told, vec![(ivan.id.0, "assigned_to_you".to_owned()); 2]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_person_has_taken_back_is_proposed_and_not_assigned_until_he_moves_it_on(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let id = deal(conn, 1, (None, None), 1).await;
    let assign = DispatchChange::Mode { rule: Rule::Turn, mode: Mode::Assign };
    settings_of::change(conn, &anna, assign, at(2)).await.unwrap();
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(3)).await.unwrap();
    transit(conn, &anna, (id, 1), Transition::Undo, at(4)).await.unwrap();
    let petr = person(conn, "Пётр", Role::Measurer).await;
    for round in 0..2 {
        let waiting = measurements::find(conn, id).await.unwrap().unwrap();
        assert_eq!((waiting.status().kind(), waiting.step()), (StatusKind::Pending, 2), "{round}");
        assert_eq!(proposed(conn, id).await, Some((ivan.id, Rule::Turn)), "{round}");
        set_away(conn, &anna, petr.id, Some(at(90_000 + round)), at(5)).await.unwrap();
        renew_all(conn, 6).await;
    }
    let last = history::list(conn, id).await.unwrap().pop().unwrap();
    assert_eq!(last.what, What::Proposed { to: ivan.id, rule: Rule::Turn, name: None });

    transit(conn, &anna, (id, 2), Transition::Cancel(CancelReason::Mistake), at(7)).await.unwrap();
    transit(conn, &anna, (id, 3), Transition::Undo, at(8)).await.unwrap();
    assert_eq!(proposed(conn, id).await, Some((ivan.id, Rule::Turn)));
    confirm(conn, &anna, (id, 4), 1, at(9)).await.unwrap();
    transit(conn, &ivan, (id, 5), Transition::Decline(DeclineReason::Far), at(10)).await.unwrap();
    set_away(conn, &anna, petr.id, None, at(11)).await.unwrap();
    renew_all(conn, 12).await;
    let given = measurements::find(conn, id).await.unwrap().unwrap();
    assert_eq!(given.measurer(), Some(petr.id), "who declines takes nothing back");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_moves_to_another_zone_is_proposed_anew(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    for (name, user) in [("Север", ivan.id), ("Юг", petr.id)] {
        let zone = zones::create(conn, &anna, name, at(1)).await.unwrap();
        zones::give(conn, &anna, (zone, user), at(1)).await.unwrap();
    }
    let id = deal(conn, 1, (Some("Север"), None), 2).await;
    let taken = TakenFacts {
        source: Source::AmoCrm,
        facts: facts(Some("Юг"), None),
        client: Linked::Known,
        company: Linked::Known,
        place: Place::Trigger,
        is_handed_over: false,
    };
    take_facts(conn, LeadId(1), &taken, at(3)).await.unwrap();
    let stored = proposals::find(conn, id).await.unwrap().unwrap();
    assert_eq!((stored.number, stored.before), (2, Some(ivan.id)));
    assert_eq!(proposed(conn, id).await, Some((petr.id, Rule::Zone)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn deals_that_come_at_once_are_proposed_one_after_the_other(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    for name in ["Иван", "Пётр", "Олег"] {
        person(conn, name, Role::Measurer).await;
    }
    let opening = (1..=9).map(|lead| {
        let db = db.clone();
        async move {
            let mut transaction = db.begin().await.unwrap();
            deal(&mut transaction, lead, (None, None), lead).await;
            transaction.commit().await.unwrap();
        }
    });
    futures_util::future::join_all(opening).await;
    let shares: Vec<i64> = sqlx::query_scalar("select count(*) from proposals group by measurer_id")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    assert_eq!(shares, [3, 3, 3]);
}
