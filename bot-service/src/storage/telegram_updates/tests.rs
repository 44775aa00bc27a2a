use sqlx::{Connection, PgPool};

use super::*;
use crate::domain::user::Language;
use crate::storage::chats;
use crate::testing::at;

const ANNA: ChatId = ChatId(1);
const IVAN: ChatId = ChatId(2);

fn place(update_id: i64) -> Place {
    Place { bot_id: 42, update_id }
}

fn raw(update_id: i64, chat: ChatId) -> Raw {
    Raw { update_id, chat, body: vec![0, 0xff] }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_update_is_stored_once_and_each_chat_keeps_its_order(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    assert_eq!(store(conn, 42, &[raw(10, IVAN), raw(11, ANNA), raw(12, IVAN)], at(1)).await.unwrap(), 3);
    assert_eq!(store(conn, 42, &[raw(12, IVAN)], at(9)).await.unwrap(), 0);
    assert_eq!(list_chats(conn, 42, &[], at(2)).await.unwrap(), [IVAN, ANNA]);
    let due = oldest(conn, 42, IVAN, at(2)).await.unwrap().unwrap();
    let body = vec![0, 0xff];
    assert_eq!(due, Due { place: place(10), body, received_at: at(1), attempts: 0, is_answered: false });
    assert_eq!(list_chats(conn, 42, &[IVAN], at(2)).await.unwrap(), [ANNA]);
    assert_eq!(list_chats(conn, 43, &[], at(2)).await.unwrap(), [], "another bot's business");

    set_failed(conn, place(10), "broken", at(5)).await.unwrap();
    assert_eq!(list_chats(conn, 42, &[], at(4)).await.unwrap(), [ANNA], "the later one waits behind it");
    assert_eq!(oldest(conn, 42, IVAN, at(4)).await.unwrap(), None);
    park(conn, place(10), "broken", at(6)).await.unwrap();
    assert_eq!(oldest(conn, 42, IVAN, at(6)).await.unwrap().unwrap().place, place(12));
    set_handled(conn, place(12), at(7)).await.unwrap();
    assert!(set_handled(conn, place(12), at(8)).await.is_err(), "once");
    assert_eq!(count_unhandled(conn).await.unwrap(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_chat_has_one_handler_at_a_time(db: PgPool) {
    let (mut first, mut second) = (db.acquire().await.unwrap(), db.acquire().await.unwrap());
    let mut handling = first.begin().await.unwrap();
    assert!(try_lock_chat(&mut handling, ANNA).await.unwrap());
    let mut other = second.begin().await.unwrap();
    assert!(!try_lock_chat(&mut other, ANNA).await.unwrap());
    assert!(try_lock_chat(&mut other, IVAN).await.unwrap());
    handling.commit().await.unwrap();
    assert!(try_lock_chat(&mut other, ANNA).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_waits_behind_another_is_answered_once(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    chats::contact(conn, IVAN, Language::En, at(0)).await.unwrap();
    store(conn, 42, &[raw(1, ANNA), raw(2, IVAN), raw(3, IVAN)], at(1)).await.unwrap();
    store(conn, 42, &[raw(4, IVAN)], at(3)).await.unwrap();
    let waiting = Unanswered { body: vec![0, 0xff], language: Some(Language::En) };
    assert_eq!(claim_waiting(conn, 43, at(9), at(9), at(9)).await.unwrap(), [], "another bot's business");
    assert_eq!(
        claim_waiting(conn, 42, at(2), at(0), at(3)).await.unwrap(),
        std::slice::from_ref(&waiting),
        "the second of Ivan's"
    );
    assert_eq!(claim_waiting(conn, 42, at(2), at(0), at(3)).await.unwrap(), [], "once");
    assert_eq!(claim_answer(conn, place(3), at(3)).await.unwrap(), None);
    assert_eq!(claim_answer(conn, place(2), at(3)).await.unwrap(), Some(waiting));
    assert!(oldest(conn, 42, IVAN, at(3)).await.unwrap().unwrap().is_answered);
    assert!(set_handled(conn, place(2), at(4)).await.unwrap());
    assert!(!set_handled(conn, place(1), at(4)).await.unwrap(), "nobody answered Anna");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_waits_too_long_is_answered_although_nothing_is_before_him(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    store(conn, 42, &[raw(1, ANNA)], at(1)).await.unwrap();
    store(conn, 42, &[raw(2, IVAN)], at(2)).await.unwrap();
    assert_eq!(claim_waiting(conn, 42, at(9), at(1), at(9)).await.unwrap(), []);
    assert_eq!(claim_waiting(conn, 42, at(9), at(2), at(9)).await.unwrap().len(), 1, "Anna");
    assert!(set_handled(conn, place(1), at(9)).await.unwrap(), "and gets no other answer");
    assert!(!set_handled(conn, place(2), at(9)).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn old_bodies_are_erased_but_not_of_what_waits(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    store(conn, 42, &[raw(1, ANNA), raw(2, ANNA)], at(1)).await.unwrap();
    set_handled(conn, place(1), at(2)).await.unwrap();
    assert_eq!(erase_bodies(conn, at(1)).await.unwrap(), 0);
    assert_eq!(erase_bodies(conn, at(2)).await.unwrap(), 1);
    assert_eq!(oldest(conn, 42, ANNA, at(9)).await.unwrap().unwrap().body.len(), 2);
}
