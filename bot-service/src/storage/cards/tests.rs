use sqlx::PgPool;

use super::*;
use crate::domain::ids::CardId;
use crate::domain::user::{Actor, Role};
use crate::testing::{at, measurement, person};

struct Scene {
    anna: Actor,
    chat: ChatId,
    measurement: MeasurementId,
}

async fn scene(conn: &mut PgConnection) -> Scene {
    let anna = person(conn, "Анна", Role::Admin).await;
    let measurement = measurement(conn, 1).await;
    Scene { anna, chat: ChatId(1_000 + anna.id.0), measurement }
}

/// A card whose message Telegram has taken.
async fn card(conn: &mut PgConnection, scene: &Scene, message_id: i32) -> CardId {
    let id = create(conn, scene.chat, scene.anna.id, scene.measurement, at(1)).await.unwrap();
    sent(conn, id, message_id, 1, at(1)).await.unwrap();
    id
}

async fn read(conn: &mut PgConnection, id: CardId) -> Card {
    find(conn, id).await.unwrap().unwrap()
}

async fn next(conn: &mut PgConnection) -> Option<ToRedraw> {
    list_to_redraw(conn, &[], at(100)).await.unwrap().first().copied()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_is_drawn_until_it_shows_what_is_wanted(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let id = create(conn, scene.chat, scene.anna.id, scene.measurement, at(1)).await.unwrap();
    bump(conn, scene.measurement).await.unwrap();
    assert_eq!(next(conn).await, None, "its message is only being sent");
    sent(conn, id, 5, 1, at(1)).await.unwrap();
    let to_redraw = ToRedraw { id, chat: scene.chat, is_pressed: false };
    assert_eq!(next(conn).await, Some(to_redraw), "it changed meanwhile");

    let read_before = read(conn, id).await;
    bump_of_user(conn, scene.anna.id).await.unwrap();
    drawn(conn, &read_before, at(2)).await.unwrap();
    assert_eq!(next(conn).await, Some(to_redraw), "and once more while it was drawn");
    let current = read(conn, id).await;
    drawn(conn, &current, at(3)).await.unwrap();
    assert_eq!(next(conn).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_card_ends_the_older_which_is_drawn_once_more(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let older = card(conn, &scene, 5).await;
    let newer = card(conn, &scene, 6).await;
    assert!(!read(conn, older).await.is_live);
    assert_eq!(find_live(conn, scene.chat, scene.measurement).await.unwrap().unwrap().id, newer);
    assert_eq!(next(conn).await.map(|card| card.id), Some(older));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_face_lasts_until_the_next_transition(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let id = card(conn, &scene, 5).await;
    set_face(conn, scene.chat, 5, "confirm_cancel", at(2)).await.unwrap();
    assert!(next(conn).await.unwrap().is_pressed);
    bump_keeping_face(conn, scene.measurement).await.unwrap();
    assert_eq!(read(conn, id).await.face, "confirm_cancel");
    bump(conn, scene.measurement).await.unwrap();
    let current = read(conn, id).await;
    assert_eq!((current.face.as_str(), current.pressed_at), ("main", Some(at(2))));
    drawn(conn, &current, at(3)).await.unwrap();
    touch_pressed(conn, scene.chat, 5, at(4)).await.unwrap();
    assert!(next(conn).await.unwrap().is_pressed, "redrawn although nothing changed");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pressed_message_becomes_the_live_card(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let (chat, anna, measurement) = (scene.chat, scene.anna.id, scene.measurement);
    let live = async |conn: &mut PgConnection| find_live(conn, chat, measurement).await.unwrap().unwrap();

    let known = card(conn, &scene, 5).await;
    adopt(conn, chat, 77, anna, measurement, at(2)).await.unwrap();
    let unknown = live(conn).await;
    assert_eq!(unknown.message_id, Some(77));
    assert!(!read(conn, known).await.is_live);

    adopt(conn, chat, 5, anna, measurement, at(3)).await.unwrap();
    assert_eq!(live(conn).await.id, known, "an ended card comes back to life");
    adopt(conn, chat, 5, anna, measurement, at(4)).await.unwrap();
    assert_eq!(live(conn).await.id, known, "and stays alive");
    assert!(!read(conn, unknown.id).await.is_live);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_before_the_answer_came_finds_the_card_that_is_being_sent(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let id = create(conn, scene.chat, scene.anna.id, scene.measurement, at(1)).await.unwrap();
    adopt(conn, scene.chat, 5, scene.anna.id, scene.measurement, at(2)).await.unwrap();
    sent(conn, id, 5, 1, at(3)).await.unwrap();
    let card = find_live(conn, scene.chat, scene.measurement).await.unwrap().unwrap();
    assert_eq!((card.id, card.message_id, card.wanted_version), (id, Some(5), 2));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_shows_something_else_is_not_drawn_again(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let left = card(conn, &scene, 5).await;
    bump(conn, scene.measurement).await.unwrap();
    end(conn, scene.chat, 5, at(2)).await.unwrap();
    bump(conn, scene.measurement).await.unwrap();
    assert!(!read(conn, left).await.is_live);
    let lost = card(conn, &scene, 6).await;
    bump(conn, scene.measurement).await.unwrap();
    lose(conn, lost, "message to edit not found", at(3)).await.unwrap();
    assert_eq!(next(conn).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn older_messages_become_stubs_once(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let older = card(conn, &scene, 5).await;
    card(conn, &scene, 6).await;
    let current = read(conn, older).await;
    drawn(conn, &current, at(2)).await.unwrap();
    stub_ended(conn, scene.chat, scene.measurement).await.unwrap();
    assert_eq!(next(conn).await.map(|card| card.id), Some(older));
    let current = read(conn, older).await;
    drawn(conn, &current, at(3)).await.unwrap();
    stub_ended(conn, scene.chat, scene.measurement).await.unwrap();
    assert_eq!(next(conn).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_became_another_screen_does_not_become_a_stub(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    card(conn, &scene, 5).await;
    end(conn, scene.chat, 5, at(2)).await.unwrap();
    stub_ended(conn, scene.chat, scene.measurement).await.unwrap();
    bump(conn, scene.measurement).await.unwrap();
    bump_of_user(conn, scene.anna.id).await.unwrap();
    assert_eq!(next(conn).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_change_reaches_older_messages_where_there_is_no_live_card(db: PgPool) {
    for of_user in [false, true] {
        let conn = &mut *db.acquire().await.unwrap();
        let scene = scene(conn).await;
        let older = card(conn, &scene, 5).await;
        let newer = card(conn, &scene, 6).await;
        for id in [older, newer] {
            let current = read(conn, id).await;
            drawn(conn, &current, at(2)).await.unwrap();
        }
        let change = async |conn: &mut PgConnection| {
            let changed = if of_user {
                bump_of_user(conn, scene.anna.id).await
            } else {
                bump(conn, scene.measurement).await
            };
            changed.unwrap();
        };
        change(conn).await;
        assert_eq!(next(conn).await.map(|card| card.id), Some(newer), "the live one alone");
        lose(conn, newer, "message to edit not found", at(3)).await.unwrap();
        assert_eq!(next(conn).await, None);
        change(conn).await;
        assert_eq!(next(conn).await.map(|card| card.id), Some(older));
        sqlx::query("truncate cards, measurements cascade").execute(conn).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_that_failed_waits_and_one_of_a_silent_chat_too(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let id = card(conn, &scene, 5).await;
    bump(conn, scene.measurement).await.unwrap();
    postpone(conn, id, at(200), "no connection").await.unwrap();
    assert_eq!((next(conn).await, read(conn, id).await.attempts), (None, 1));
    postpone(conn, id, at(50), "no connection").await.unwrap();
    assert!(next(conn).await.is_some());
    assert_eq!(list_to_redraw(conn, &[scene.chat.0], at(100)).await.unwrap(), []);
    crate::storage::outbox::mark_unreachable(conn, scene.chat, at(1)).await.unwrap();
    assert_eq!(next(conn).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_older_cards_of_a_person_follow_as_the_newer_ones_are_drawn(db: PgPool) {
    const CARDS: i64 = 250;
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    for lead in 2..=CARDS + 1 {
        let measurement = measurement(conn, lead).await;
        let id = create(conn, scene.chat, scene.anna.id, measurement, at(1)).await.unwrap();
        sent(conn, id, i32::try_from(lead).unwrap(), 1, at(1)).await.unwrap();
    }
    let waiting = async |conn: &mut PgConnection| -> Vec<i64> {
        sqlx::query_scalar("select id from cards where shown_version < wanted_version order by id desc")
            .fetch_all(conn)
            .await
            .unwrap()
    };
    bump_of_user(conn, scene.anna.id).await.unwrap();
    let mut drawn_so_far = Vec::new();
    for portion in [100, 100, 50] {
        let raised = waiting(conn).await;
        assert_eq!(raised.len(), portion);
        assert!(!go_on(conn).await.unwrap(), "those before are to be drawn first");
        sqlx::query("update cards set shown_version = wanted_version").execute(&mut *conn).await.unwrap();
        drawn_so_far.extend(raised);
        crate::storage::outbox::mark_unreachable(conn, scene.chat, at(2)).await.unwrap();
        assert!(!go_on(conn).await.unwrap(), "nobody reads them");
        sqlx::query("update chats set unreachable_at = null").execute(&mut *conn).await.unwrap();
        assert_eq!(go_on(conn).await.unwrap(), portion == 100);
    }
    assert!(drawn_so_far.is_sorted_by(|newer, older| newer > older), "the newest first, and each once");
    assert_eq!(drawn_so_far.len(), usize::try_from(CARDS).unwrap());
}
