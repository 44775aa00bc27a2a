use sqlx::PgPool;

use super::*;
use crate::actions::measurements::transit;
use crate::domain::measurement::{StatusKind, Transition};
use crate::domain::permissions::Refusal;
use crate::domain::user::Roles;
use crate::storage::measurements;
use crate::testing::{at, drain, manager, measurement, person, refused, waiting};

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
    disable(conn, &first.actor(), second.id, None, &[77], at(3)).await.unwrap();
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

    let (_, returned) = disable(conn, &anna, ivan.id, None, &[], at(7)).await.unwrap();
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
    assert_eq!(refused(disable(conn, &anna, ivan.id, None, &[], at(8)).await), Refused::AlreadyDone);

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
    assert_eq!(refused(disable(conn, &anna, anna.id, None, &protected, at(1)).await), Refused::Protected);
    assert_eq!(refused(disable(conn, &anna, boris.id, None, &protected, at(1)).await), Refused::Protected);
    let denied = refused(disable(conn, &ivan, anna.id, None, &protected, at(1)).await);
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
    assert!(rows[0].is_likely && !rows[1].is_likely);
    for (column, value) in
        [("phone", "+79160000001"), ("email", "olga.smi@okna.ru"), ("name", "Смирнова Ольга")]
    {
        let like = format!("update amo_users set {column} = $1 where amo_user_id = 8");
        sqlx::query(sqlx::AssertSqlSafe(like)).bind(value).execute(&mut *conn).await.unwrap();
        sqlx::query("update users set phone = '+79160000001', username = 'Olga_Smi' where id = $1")
            .bind(olga.id.0)
            .execute(&mut *conn)
            .await
            .unwrap();
        let rows = employees_for(conn, &anna, olga.id, 0).await.unwrap().rows;
        assert!(rows.iter().all(|row| row.is_likely), "{column}");
        let unlike =
            "update amo_users set phone = null, email = null, name = 'Антон Белов' where amo_user_id = 8";
        sqlx::query(unlike).execute(&mut *conn).await.unwrap();
    }

    link(conn, &anna, olga.id, AmoUserId(7), at(2)).await.unwrap();
    let oleg = manager(conn, "Олег", AmoUserId(9)).await;
    let taken = refused(link(conn, &anna, oleg.id, AmoUserId(7), at(2)).await);
    assert_eq!(taken, Refused::EmployeeTaken(Name { first: "Ольга".into(), last: Some("Смирнова".into()) }));
    let free = employees_for(conn, &anna, oleg.id, 0).await.unwrap().rows;
    assert_eq!(free.iter().map(|row| row.amo_user_id.0).collect::<Vec<_>>(), [8]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn visits_are_handed_over_to_one_other_with_or_without_the_access(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let vera = person(conn, "Вера", Role::Measurer).await;
    let (first, second) = (measurement(conn, 1).await, measurement(conn, 2).await);
    for id in [first, second] {
        transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(5)).await.unwrap();
    }
    drain(conn).await;
    let itself = hand_over(conn, &anna, ivan.id, Some(ivan.id), at(6)).await;
    assert_eq!(refused(itself), Refused::MeasurerUnavailable);
    let no_measurer = hand_over(conn, &anna, ivan.id, Some(anna.id), at(6)).await;
    assert_eq!(refused(no_measurer), Refused::MeasurerUnavailable);

    let (_, visits) = hand_over(conn, &anna, ivan.id, Some(petr.id), at(7)).await.unwrap();
    assert_eq!(visits, 2);
    let told = waiting(conn).await;
    let of = |who: Actor, kind: &str| told.iter().filter(|told| **told == (who.id.0, kind.into())).count();
    assert_eq!((of(ivan, "taken_off_you"), of(petr, "assigned_to_you")), (2, 2), "{told:?}");
    assert_eq!(refused(hand_over(conn, &anna, ivan.id, None, at(8)).await), Refused::AlreadyDone);

    let (_, visits) = disable(conn, &anna, petr.id, Some(vera.id), &[], at(9)).await.unwrap();
    assert_eq!(visits, 2);
    for id in [first, second] {
        let measurement = measurements::find(conn, id).await.unwrap().unwrap();
        assert_eq!(measurement.measurer(), Some(vera.id));
    }
    let told = changes(conn, &anna, Some(petr.id), None).await.unwrap().rows;
    assert_eq!(told[0].change, Change::Disabled { visits: 2, to: Some(vera.id) });
    assert_eq!(told[0].to.as_ref().map(Name::full), Some("Вера".into()));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn roles_are_given_and_taken_and_nobody_is_left_without(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Supervisor).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let protected = [anna.id.0 + 1_000];
    let both = give(conn, &boris, (ivan.id, Role::Manager), at(1)).await.unwrap();
    assert_eq!(both.roles, Roles::NONE.with(Role::Measurer).with(Role::Manager));
    assert_eq!(refused(give(conn, &boris, (ivan.id, Role::Manager), at(2)).await), Refused::AlreadyDone);
    let admin = refused(give(conn, &boris, (ivan.id, Role::Admin), at(2)).await);
    assert_eq!(admin, Refused::Denied(Refusal::AdminsByAdmin));
    let choices = roles(conn, &boris, ivan.id).await.unwrap().choices;
    assert!(choices.iter().all(|choice| choice.role != Role::Admin), "so the button is not shown");

    let id = measurement(conn, 1).await;
    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(5)).await.unwrap();
    let busy = take(conn, &boris, (ivan.id, Role::Measurer), &protected, at(6)).await;
    assert_eq!(refused(busy), Refused::HasVisits(1));
    hand_over(conn, &boris, ivan.id, None, at(7)).await.unwrap();
    take(conn, &boris, (ivan.id, Role::Measurer), &protected, at(8)).await.unwrap();
    let last = take(conn, &boris, (ivan.id, Role::Manager), &protected, at(9)).await;
    assert_eq!(refused(last), Refused::LastRole);
    for (actor, role) in [(anna, Role::Admin), (boris, Role::Admin)] {
        let taken = take(conn, &actor, (anna.id, role), &protected, at(10)).await;
        assert!(matches!(refused(taken), Refused::Protected | Refused::Denied(_)));
    }
    let told = changes(conn, &boris, Some(ivan.id), None).await.unwrap().rows;
    let kinds: Vec<_> = told.iter().map(|row| row.change.as_str()).collect();
    assert_eq!(kinds, ["role_taken", "handed_over", "role_given"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_manager_is_recognised_by_his_number_where_it_is_one_employees_alone(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let olga = person(conn, "Ольга", Role::Manager).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    employee(conn, 7, "Смирнова О.").await;
    employee(conn, 8, "Другая").await;
    let number = "update amo_users set phone = '+79160000001' where amo_user_id = any($1)";
    sqlx::query(number).bind([7_i64, 8]).execute(&mut *conn).await.unwrap();
    assert!(take_phone(conn, &olga, "79160000001", at(1)).await.unwrap());
    assert_eq!(waiting(conn).await, [], "two employees have this number");

    sqlx::query("update amo_users set phone = null where amo_user_id = 8").execute(&mut *conn).await.unwrap();
    assert!(take_phone(conn, &ivan, "79160000001", at(2)).await.unwrap());
    assert_eq!(waiting(conn).await, [], "a measurer has no deals");
    assert!(take_phone(conn, &olga, "+79160000001", at(3)).await.unwrap());
    assert_eq!(waiting(conn).await, [(anna.id.0, "alert".into())]);
}
