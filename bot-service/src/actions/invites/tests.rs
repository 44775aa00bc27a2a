use std::time::Duration;

use chrono::TimeDelta;
use sqlx::PgPool;
use tokio::time::timeout;

use super::*;
use crate::domain::user::{Language, Name};
use crate::testing::{at, drain, person, somebody_waits, waiting};

async fn usual(
    conn: &mut PgConnection,
    actor: &Actor,
    role: Role,
    random: [u8; 16],
    now: DateTime<Utc>,
) -> Result<Code, ActionError> {
    create(conn, actor, role, Terms::USUAL, random, now).await.map(|(code, _)| code)
}

fn guest(name: &str) -> NewUser {
    let name = Name { first: name.into(), last: None };
    NewUser { name, username: None, language: Language::Ru }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_link_lets_one_person_in_and_tells_the_admins(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let code = usual(conn, &anna, Role::Measurer, [7; 16], at(1)).await.unwrap();
    let first = open(conn, ChatId(1), &guest("Иван"), Some(&code), at(2)).await.unwrap();
    let Opened::Accepted { user, role: Role::Measurer } = first else { panic!("{first:?}") };
    assert!(user.roles.has(Role::Measurer));
    let told = [(user.id.0, "commands".into()), (anna.id.0, "alert".into())];
    assert_eq!(waiting(conn).await, told);
    drain(conn).await;

    let second = open(conn, ChatId(2), &guest("Пётр"), Some(&code), at(3)).await.unwrap();
    assert_eq!(second, Opened::Refused(InviteRefusal::Used));
    let member = open(conn, ChatId(1), &guest("Иван"), Some(&code), at(4)).await.unwrap();
    assert!(matches!(member, Opened::Member(known) if known.id == user.id));
    assert_eq!(waiting(conn).await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_second_tap_makes_no_second_link(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Admin).await;
    let code = usual(conn, &anna, Role::Measurer, [7; 16], at(1)).await.unwrap();
    let again = usual(conn, &anna, Role::Measurer, [8; 16], at(2)).await;
    assert!(matches!(again, Err(ActionError::Refused(Refused::AlreadyDone))));
    usual(conn, &anna, Role::Manager, [9; 16], at(2)).await.unwrap();
    usual(conn, &boris, Role::Measurer, [10; 16], at(2)).await.unwrap();
    open(conn, ChatId(1), &guest("Иван"), Some(&code), at(2)).await.unwrap();
    usual(conn, &anna, Role::Measurer, [11; 16], at(2)).await.expect("the first one is spent");
    usual(conn, &anna, Role::Measurer, [12; 16], at(4)).await.expect("no double tap any more");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_who_open_a_link_at_once_one_comes_in_and_the_other_reads_that_it_is_used(db: PgPool) {
    let anna = person(&mut db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    let code = usual(&mut db.acquire().await.unwrap(), &anna, Role::Measurer, [7; 16], at(1)).await.unwrap();
    let (mut first, mut second) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    let (ivan, petr) = (guest("Иван"), guest("Пётр"));
    let faster = open(&mut first, ChatId(1), &ivan, Some(&code), at(2)).await.unwrap();
    let commit = async {
        somebody_waits(&db).await;
        first.commit().await.unwrap();
    };
    let slower = open(&mut second, ChatId(2), &petr, Some(&code), at(2));
    let both = timeout(Duration::from_secs(10), async { tokio::join!(slower, commit) });
    let (slower, ()) = both.await.unwrap();
    assert!(matches!(faster, Opened::Accepted { .. }), "{faster:?}");
    assert_eq!(slower.unwrap(), Opened::Refused(InviteRefusal::Used));
    second.commit().await.unwrap();
    let measurers = users::list_ids_by_role(&mut db.acquire().await.unwrap(), Role::Measurer).await;
    assert_eq!(measurers.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_link_gives_nothing_to_the_late_the_lost_and_the_disabled(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let code = usual(conn, &anna, Role::Admin, [7; 16], at(1)).await.unwrap();
    let late = at(1) + Terms::USUAL.lifetime() + TimeDelta::seconds(1);
    let opened = open(conn, ChatId(1), &guest("Иван"), Some(&code), late).await.unwrap();
    assert_eq!(opened, Opened::Refused(InviteRefusal::Expired));
    for unknown in [None, Some(Code::from_random([9; 16]))] {
        let opened = open(conn, ChatId(1), &guest("Иван"), unknown.as_ref(), at(2)).await.unwrap();
        assert_eq!(opened, Opened::Refused(InviteRefusal::Unknown));
    }
    let gone = person(conn, "Пётр", Role::Measurer).await;
    users::set_disabled(conn, gone.id, Some(at(2))).await.unwrap();
    let opened = open(conn, ChatId(gone.id.0 + 1_000), &guest("Пётр"), Some(&code), at(3)).await.unwrap();
    assert_eq!(opened, Opened::Disabled);
    let by_measurer = usual(conn, &gone, Role::Admin, [1; 16], at(4)).await;
    assert!(matches!(by_measurer, Err(ActionError::Refused(_))));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_link_for_several_lets_so_many_in_and_shows_them(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let terms = Terms { max_uses: Some(5), days: 7 };
    let (code, id) = create(conn, &anna, Role::Measurer, terms, [7; 16], at(1)).await.unwrap();
    for number in 1..=5 {
        let opened = open(conn, ChatId(number), &guest("Иван"), Some(&code), at(number)).await.unwrap();
        assert!(matches!(opened, Opened::Accepted { .. }), "{number}: {opened:?}");
    }
    let late = open(conn, ChatId(6), &guest("Пётр"), Some(&code), at(6)).await.unwrap();
    assert_eq!(late, Opened::Refused(InviteRefusal::Used));
    let view = view(conn, &anna, id, at(7)).await.unwrap();
    assert_eq!((view.row.uses, view.row.over, view.used_by.len()), (5, Some(InviteRefusal::Used), 5));
    assert!(!view.can_be_revoked);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_link_that_was_taken_back_lets_nobody_in(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let boris = person(conn, "Борис", Role::Supervisor).await;
    let terms = Terms { max_uses: None, days: 30 };
    let (code, id) = create(conn, &anna, Role::Admin, terms, [7; 16], at(1)).await.unwrap();
    let by_supervisor = revoke(conn, &boris, id, at(2)).await;
    assert!(matches!(by_supervisor, Err(ActionError::Refused(Refused::Denied(_)))), "{by_supervisor:?}");
    revoke(conn, &anna, id, at(3)).await.unwrap();
    let twice = revoke(conn, &anna, id, at(4)).await;
    assert!(matches!(twice, Err(ActionError::Refused(Refused::AlreadyDone))), "{twice:?}");
    let opened = open(conn, ChatId(1), &guest("Иван"), Some(&code), at(5)).await.unwrap();
    assert_eq!(opened, Opened::Refused(InviteRefusal::Revoked));
    let listed = list(conn, &boris, None, at(5)).await.unwrap();
    assert_eq!(listed.rows.iter().map(|row| row.over).collect::<Vec<_>>(), [Some(InviteRefusal::Revoked)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_what_is_offered_can_be_asked_for(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let forged = Terms { max_uses: Some(5), days: 36_500 };
    let made = create(conn, &anna, Role::Measurer, forged, [7; 16], at(1)).await;
    assert!(matches!(made, Err(ActionError::Refused(Refused::Unknown))));
}
