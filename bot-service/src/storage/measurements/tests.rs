use sqlx::PgPool;

use super::lists::{From, Which, Whose, count, list, list_waiting, list_work};
use super::*;
use crate::domain::measurement::{By, CancelReason, DealEnd, Origin, StatusKind, Transition};
use crate::domain::user::{Actor, Language, Name, Role, Roles};
use crate::storage::users::{self, NewUser};

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

async fn person(conn: &mut PgConnection, name: &str, role: Role) -> Actor {
    let name = Name { first: name.into(), last: None };
    let new = NewUser { name, username: None, language: Language::Ru };
    let id = users::insert(conn, &new, at(0)).await.unwrap();
    users::grant(conn, id, role, at(0)).await.unwrap();
    Actor { id, roles: Roles::NONE.with(role), amo_user_id: None }
}

async fn open(conn: &mut PgConnection, lead: i64, second: i64) -> Measurement {
    let facts = Facts { lead_name: format!("Сделка {lead}"), ..Facts::default() };
    let new = NewRow {
        lead_id: LeadId(lead),
        origin: Origin::AmoCrm,
        previous_id: None,
        responsible: Some(AmoUserId(7)),
        facts: &facts,
        moved_on_to: None,
        is_provisional: false,
    };
    let id = insert(conn, &new, at(second)).await.unwrap();
    find(conn, id).await.unwrap().unwrap()
}

async fn moved(
    conn: &mut PgConnection,
    measurement: Measurement,
    transition: Transition,
    by: By,
    second: i64,
) -> Measurement {
    let moved = measurement.apply(transition, &by, at(second)).unwrap().measurement;
    save_status(conn, &moved, Some(at(second))).await.unwrap();
    let stored = find(conn, moved.id).await.unwrap().unwrap();
    assert_eq!(stored, moved, "what is read is what was saved");
    stored
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn every_state_is_read_as_it_was_saved(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let admin = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let (by_admin, by_ivan) = (By::Person(admin), By::Person(ivan));

    let first = open(conn, 1, 1).await;
    let first = moved(conn, first, Transition::Assign(ivan.id), by_admin, 2).await;
    let first = moved(conn, first, Transition::Start, by_ivan, 3).await;
    let first = moved(conn, first, Transition::Complete, by_ivan, 4).await;
    assert_eq!((first.status().kind(), first.step()), (StatusKind::Completed, 3));

    let second = open(conn, 2, 1).await;
    let second = moved(conn, second, Transition::Assign(ivan.id), by_admin, 2).await;
    let second = moved(conn, second, Transition::EndWithDeal(DealEnd::Deleted), By::AmoCrm, 3).await;
    assert_eq!(second.measurer(), Some(ivan.id), "a cancelled one keeps its measurer");
    let second = moved(conn, second, Transition::Restore, by_admin, 4).await;
    let second = moved(conn, second, Transition::Cancel(CancelReason::Mistake), by_admin, 5).await;
    assert_eq!(second.status().kind(), StatusKind::Cancelled);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_row_whose_columns_do_not_fit_its_status_is_refused(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let id = open(conn, 1, 1).await.id.0;
    for change in [
        "status = 'assigned'",
        "started_at = now()",
        "status = 'cancelled', cancelled_at = now()",
        "status = 'completed', completed_at = now()",
        "status = 'lost'",
        "origin = 'thin air'",
    ] {
        let sql = format!("update measurements set {change} where id = {id}");
        let result = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await;
        assert!(result.is_err(), "{change} was accepted");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_has_one_open_measurement(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let first = open(conn, 1, 1).await;
    let facts = Facts::default();
    let again = NewRow {
        lead_id: LeadId(1),
        origin: Origin::AmoCrm,
        previous_id: Some(first.id),
        responsible: None,
        facts: &facts,
        moved_on_to: None,
        is_provisional: true,
    };
    let refused = insert(conn, &again, at(2)).await.unwrap_err();
    assert_eq!(refused.constraint(), Some("measurements_one_open_per_lead"));
    moved(conn, first, Transition::EndWithDeal(DealEnd::Closed), By::AmoCrm, 3).await;
    let second = insert(conn, &again, at(4)).await.unwrap();
    assert_eq!(find_last_of_lead(conn, LeadId(1)).await.unwrap(), Some(second));
    assert_eq!(find_open_of_lead(conn, LeadId(1)).await.unwrap(), Some(second));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn people_may_ask_for_more_visits_of_a_deal_one_after_each(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let first = open(conn, 1, 1).await;
    let facts = Facts::default();
    let after = |previous| NewRow {
        lead_id: LeadId(1),
        origin: Origin::Person,
        previous_id: Some(previous),
        responsible: None,
        facts: &facts,
        moved_on_to: None,
        is_provisional: false,
    };
    let second = insert(conn, &after(first.id), at(2)).await.unwrap();
    let twice = insert(conn, &after(first.id), at(3)).await.unwrap_err();
    assert_eq!(twice.constraint(), Some("measurements_one_open_follow_up"));
    let third = insert(conn, &after(second), at(4)).await.unwrap();
    let other = open(conn, 2, 5).await.id;
    assert_eq!(find_follow_up(conn, second).await.unwrap().map(|found| found.id), Some(third));
    let ids = |found: Vec<Measurement>| found.into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(lock_open_of_lead(conn, LeadId(1)).await.unwrap()), [first.id, second, third]);
    let page = ids(list_open_of_deals(conn, LeadId(0), 1).await.unwrap());
    assert_eq!(page, [first.id, second, third], "a page has all of a deal");
    assert_eq!(ids(list_open_of_deals(conn, LeadId(1), 1).await.unwrap()), [other]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_transition_from_an_older_step_is_not_saved(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let old = open(conn, 1, 1).await;
    let ended = |measurement: Measurement| {
        measurement.apply(Transition::EndWithDeal(DealEnd::Closed), &By::AmoCrm, at(2)).unwrap().measurement
    };
    save_status(conn, &ended(old.clone()), Some(at(2))).await.unwrap();
    let refused = save_status(conn, &ended(old), Some(at(2))).await.unwrap_err();
    assert!(matches!(refused, StorageError::Unmatched { table: "measurements", rows: 0 }));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn lists_page_by_key_in_both_orders_and_both_ways(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let mut ids = Vec::new();
    for lead in 1..=5 {
        ids.push(open(conn, lead, lead).await.id);
    }
    let pending = Which { statuses: &[StatusKind::Pending], ..Which::default() };
    let places = |rows: Vec<lists::Listed>| {
        let places = rows.iter().map(|row| ids.iter().position(|id| *id == row.id).unwrap());
        places.collect::<Vec<_>>()
    };
    for (from, newest, waiting) in [
        (From::Start, [4, 3].as_slice(), [0, 1].as_slice()),
        (From::After(ids[3]), &[2, 1], &[4]),
        (From::After(ids[1]), &[0], &[2, 3]),
        (From::Before(ids[1]), &[3, 2], &[0]),
        (From::Before(ids[3]), &[4], &[1, 2]),
    ] {
        assert_eq!(places(list(conn, pending, from, 2).await.unwrap()), newest, "{from:?}");
        assert_eq!(places(list_waiting(conn, from, 2).await.unwrap()), waiting, "{from:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_list_keeps_to_its_conditions_and_counts_up_to_the_cap(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let admin = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    for lead in 1..=4 {
        let measurement = open(conn, lead, lead).await;
        if lead > 1 {
            let assigned =
                moved(conn, measurement, Transition::Assign(ivan.id), By::Person(admin), 10 - lead).await;
            if lead == 3 {
                moved(conn, assigned, Transition::Start, By::Person(ivan), 20).await;
            }
        }
    }
    let mine = Which { whose: Whose::Measurer(ivan.id), ..Which::default() };
    let work: Vec<_> =
        list_work(conn, ivan.id, From::Start, 10).await.unwrap().into_iter().map(|row| row.id.0).collect();
    assert_eq!(work, [3, 4, 2], "in progress first, then the oldest assignment");
    let foreign = Which { whose: Whose::Manager(AmoUserId(8)), ..Which::default() };
    let counts = [
        count(conn, mine, 100).await.unwrap(),
        count(conn, foreign, 100).await.unwrap(),
        count(conn, Which::default(), 2).await.unwrap(),
    ];
    assert_eq!(counts, [3, 0, 2]);
    let rows = list(conn, mine, From::Start, 1).await.unwrap();
    assert_eq!(rows[0].measurer.as_ref().unwrap().first, "Иван");
    assert_eq!(rows[0].since, at(6));
}

#[sqlx::test(migrations = false)]
async fn the_place_in_the_queue_is_taken_over_from_the_history(db: PgPool) {
    const GROWTH: i64 = 20_261_124_001_500;
    let earlier = crate::MIGRATOR.iter().filter(|migration| migration.version < GROWTH).cloned().collect();
    sqlx::migrate::Migrator::with_migrations(earlier).run(&db).await.unwrap();
    let conn = &mut *db.acquire().await.unwrap();
    for statement in [
        "insert into measurements (lead_id, origin, status, lead_name, created_at)
         select lead, 'amocrm', 'pending', '', $1 from generate_series(1, 2) as lead",
        "insert into measurement_history (measurement_id, step, at, actor, what)
         select 2, step, $1::timestamptz + step * interval '1 second', 'system', what
         from (values (1, 'returned'), (3, 'restored'), (5, 'facts_changed')) as line (step, what)",
    ] {
        sqlx::query(statement).bind(at(0)).execute(&mut *conn).await.unwrap();
    }
    crate::MIGRATOR.run(&db).await.unwrap();
    let waiting: Vec<DateTime<Utc>> =
        sqlx::query_scalar("select waiting_since from measurements order by id")
            .fetch_all(conn)
            .await
            .unwrap();
    assert_eq!(waiting, [at(0), at(3)]);
}
