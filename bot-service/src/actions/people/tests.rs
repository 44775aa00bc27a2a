use sqlx::PgPool;

use super::*;
use crate::actions::measurements::transit;
use crate::domain::measurement::{StatusKind, Transition};
use crate::domain::permissions::Refusal;
use crate::testing::{at, drain, manager, measurement, person, waiting};

fn refused<T: std::fmt::Debug>(result: Result<T, ActionError>) -> Refused {
    match result {
        Err(ActionError::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn employee(conn: &mut PgConnection, id: i64, name: &str) {
    sqlx::query("insert into amo_users (amo_user_id, name, is_active, seen_at) values ($1, $2, true, $3)")
        .bind(id)
        .bind(name)
        .bind(at(0))
        .execute(conn)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_configured_admins_are_admins_from_the_start_and_stay(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let ids = [77, ivan.id.0 + 1_000];
    ensure_admins(conn, &ids, at(1)).await.unwrap();
    ensure_admins(conn, &ids, at(2)).await.unwrap();
    let admins = users::list_ids_by_role(conn, Role::Admin).await.unwrap();
    assert_eq!(admins.len(), 2);
    assert!(admins.contains(&ivan.id), "who has another role gets this one too");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_taken_off_the_list_stays_admin_until_another_admin_removes_him(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    ensure_admins(conn, &[77, 78], at(1)).await.unwrap();
    ensure_admins(conn, &[77], at(2)).await.unwrap();
    let admins = users::list_ids_by_role(conn, Role::Admin).await.unwrap();
    assert_eq!(admins.len(), 2, "the list only adds");

    let first = users::find_by_chat(conn, ChatId(77)).await.unwrap().unwrap();
    let second = users::find_by_chat(conn, ChatId(78)).await.unwrap().unwrap();
    disable(conn, &first.actor(), second.id, &[77], at(3)).await.unwrap();
    ensure_admins(conn, &[77], at(4)).await.unwrap();
    assert_eq!(users::list_ids_by_role(conn, Role::Admin).await.unwrap(), [first.id]);
    ensure_admins(conn, &[77, 78], at(5)).await.unwrap();
    let admins = users::list_ids_by_role(conn, Role::Admin).await.unwrap();
    assert_eq!(admins, [first.id, second.id], "back on the list is back in");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn taking_access_puts_the_work_back_into_the_queue_at_once(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let (first, second) = (measurement(conn, 1).await, measurement(conn, 2).await);
    for id in [first, second] {
        transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(5)).await.unwrap();
    }
    transit(conn, &ivan, (second, 1), Transition::Start, at(6)).await.unwrap();
    drain(conn).await;

    let (_, returned) = disable(conn, &anna, ivan.id, &[], at(7)).await.unwrap();
    assert_eq!(returned, 2);
    for id in [first, second] {
        let measurement = measurements::find(conn, id).await.unwrap().unwrap();
        assert_eq!((measurement.status().kind(), measurement.measurer()), (StatusKind::Pending, None));
    }
    let told: Vec<_> = waiting(conn).await;
    let cards = told.iter().filter(|(who, kind)| *who == boris.id.0 && kind == "back_in_queue").count();
    assert_eq!(cards, 2, "the other admin gets both cards again: {told:?}");
    let gone = users::find(conn, ivan.id).await.unwrap().unwrap();
    assert!(gone.actor().roles.is_empty());
    assert_eq!(refused(disable(conn, &anna, ivan.id, &[], at(8)).await), Refused::AlreadyDone);

    let back = enable(conn, &anna, ivan.id, at(9)).await.unwrap();
    assert!(back.actor().roles.has(Role::Measurer), "with the roles he had");
    assert_eq!(refused(enable(conn, &anna, ivan.id, at(10)).await), Refused::AlreadyDone);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_disables_himself_or_a_configured_admin(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let protected = [boris.id.0 + 1_000];
    assert_eq!(refused(disable(conn, &anna, anna.id, &protected, at(1)).await), Refused::Protected);
    assert_eq!(refused(disable(conn, &anna, boris.id, &protected, at(1)).await), Refused::Protected);
    let denied = refused(disable(conn, &ivan, anna.id, &protected, at(1)).await);
    assert_eq!(denied, Refused::Denied(Refusal::AdminOnly));
    let view = super::person(conn, &anna, boris.id, &protected).await.unwrap();
    assert!(!view.can_be_disabled, "so the button is not shown");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_employee_is_one_person_and_the_same_name_comes_first(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let olga = person(conn, "Ольга Смирнова", Role::Manager).await;
    let unknown = employees_for(conn, &anna, olga.id, 0).await.unwrap();
    assert!(!unknown.is_known && unknown.rows.is_empty());
    employee(conn, 7, "ольга смирнова").await;
    employee(conn, 8, "Антон Белов").await;
    let rows = employees_for(conn, &anna, olga.id, 0).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.amo_user_id.0).collect::<Vec<_>>(), [7, 8]);
    assert!(rows[0].has_same_name && !rows[1].has_same_name);

    link(conn, &anna, olga.id, AmoUserId(7)).await.unwrap();
    let oleg = manager(conn, "Олег", AmoUserId(9)).await;
    let taken = refused(link(conn, &anna, oleg.id, AmoUserId(7)).await);
    assert_eq!(taken, Refused::EmployeeTaken(Name { first: "Ольга".into(), last: Some("Смирнова".into()) }));
    let free = employees_for(conn, &anna, oleg.id, 0).await.unwrap().rows;
    assert_eq!(free.iter().map(|row| row.amo_user_id.0).collect::<Vec<_>>(), [8]);
}
