use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

use super::*;
use crate::domain::facts::{Field, FieldChange};
use crate::domain::history::{Author, What};
use crate::domain::ids::{ChatId, HistoryId, MeasurementId, OutboxId};
use crate::domain::notices::NoticeKind;
use crate::domain::user::{Actor, Language, Role};
use crate::storage::history;
use crate::testing::{at, measurement, person, waiting};

struct Scene {
    ivan: Actor,
    chat: ChatId,
    measurement: MeasurementId,
}

async fn scene(conn: &mut PgConnection) -> Scene {
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let measurement = measurement(conn, 1).await;
    Scene { ivan, chat: ChatId(1_000 + ivan.id.0), measurement }
}

async fn line(conn: &mut PgConnection, scene: &Scene, what: &What) -> HistoryId {
    history::append(conn, scene.measurement, 1, Author::AmoCrm, what, at(1)).await.unwrap()
}

async fn notice(conn: &mut PgConnection, scene: &Scene, kind: NoticeKind, second: i64) -> OutboxId {
    let line = line(conn, scene, &What::Started).await;
    enqueue_notice(conn, scene.ivan.id, kind, line, scene.measurement, at(second)).await.unwrap();
    last(conn).await
}

async fn last(conn: &mut PgConnection) -> OutboxId {
    OutboxId(sqlx::query_scalar("select max(id) from outbox").fetch_one(conn).await.unwrap())
}

async fn state(conn: &mut PgConnection, id: OutboxId) -> String {
    sqlx::query_scalar("select state from outbox where id = $1").bind(id.0).fetch_one(conn).await.unwrap()
}

async fn next(conn: &mut PgConnection, now: DateTime<Utc>) -> Option<OutboxId> {
    list_due(conn, &[], now).await.unwrap().first().map(|due| due.id)
}

fn changed(field: Field) -> What {
    What::FactsChanged { changes: vec![FieldChange { field, from: None, to: None }] }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_notice_is_kept_once_per_person_line_and_kind(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let line = line(conn, &scene, &What::Started).await;
    for _ in 0..2 {
        let (user, measurement) = (scene.ivan.id, scene.measurement);
        enqueue_notice(conn, user, NoticeKind::StatusChanged, line, measurement, at(1)).await.unwrap();
    }
    assert_eq!(waiting(conn).await, [(scene.ivan.id.0, "status_changed".into())]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changes_of_facts_wait_for_quiet_and_become_one(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    for (second, field) in [(0, Field::Phone), (10, Field::Address), (15, Field::Phone)] {
        let line = line(conn, &scene, &changed(field)).await;
        let (user, measurement) = (scene.ivan.id, scene.measurement);
        enqueue_notice(conn, user, NoticeKind::FactsChanged, line, measurement, at(second)).await.unwrap();
    }
    assert_eq!(next(conn, at(34)).await, None);
    let id = next(conn, at(35)).await.unwrap();
    let mut fields: Vec<Field> =
        serde_json::from_value(find_pending(conn, id).await.unwrap().unwrap().payload["fields"].clone())
            .unwrap();
    fields.sort();
    assert_eq!(fields, [Field::Address, Field::Phone]);
    assert_eq!(waiting(conn).await.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn lanes_come_in_their_order_and_a_failing_row_lets_others_pass(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let first = notice(conn, &scene, NoticeKind::StatusChanged, 1).await;
    let second = notice(conn, &scene, NoticeKind::StatusChanged, 1).await;
    let urgent = notice(conn, &scene, NoticeKind::AssignedToYou, 1).await;
    enqueue_card(conn, scene.chat, scene.ivan.id, scene.measurement, at(0), at(1)).await.unwrap();
    let reply = last(conn).await;
    assert_eq!(next(conn, at(1)).await, Some(reply));
    end(conn, reply, End::Sent, at(2)).await.unwrap();
    assert_eq!(next(conn, at(2)).await, Some(urgent));
    end(conn, urgent, End::Sent, at(2)).await.unwrap();
    postpone(conn, first, at(9)).await.unwrap();
    assert_eq!(next(conn, at(2)).await, Some(second));
    assert_eq!(next(conn, at(9)).await, Some(first));
    assert_eq!(list_due(conn, &[scene.chat.0], at(9)).await.unwrap(), []);
    pause_chat(conn, scene.chat, at(20)).await.unwrap();
    assert_eq!((next(conn, at(19)).await, next(conn, at(20)).await), (None, Some(first)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_attempt_without_an_outcome_counts_as_told(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let (ivan, measurement) = (scene.ivan.id, scene.measurement);
    let id = notice(conn, &scene, NoticeKind::AssignedToYou, 1).await;
    assert!(!was_told(conn, ivan, measurement).await.unwrap());
    let attempt = begin_attempt(conn, id, Some("Вам назначен"), at(1)).await.unwrap();
    assert!(was_told(conn, ivan, measurement).await.unwrap());
    finish_attempt(conn, attempt, "retry", None, Some("no connection")).await.unwrap();
    assert!(!was_told(conn, ivan, measurement).await.unwrap());
    let attempt = begin_attempt(conn, id, Some("Вам назначен"), at(2)).await.unwrap();
    finish_attempt(conn, attempt, "delivered", Some(7), None).await.unwrap();
    assert!(was_told(conn, ivan, measurement).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn taken_off_and_back_before_he_heard_of_it_is_nothing_new(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let told = notice(conn, &scene, NoticeKind::AssignedToYou, 1).await;
    let attempt = begin_attempt(conn, told, None, at(1)).await.unwrap();
    finish_attempt(conn, attempt, "delivered", Some(7), None).await.unwrap();
    end(conn, told, End::Sent, at(1)).await.unwrap();

    let again = notice(conn, &scene, NoticeKind::AssignedToYou, 2).await;
    let row = find_pending(conn, again).await.unwrap().unwrap();
    assert!(!never_knew_he_was_off(conn, &row).await.unwrap(), "cancelled and given to him once more");
    end(conn, again, End::Superseded, at(2)).await.unwrap();

    let off = notice(conn, &scene, NoticeKind::TakenOffYou, 3).await;
    let back = notice(conn, &scene, NoticeKind::AssignedToYou, 4).await;
    let row = find_pending(conn, back).await.unwrap().unwrap();
    assert!(never_knew_he_was_off(conn, &row).await.unwrap());
    assert!(!has_newer_assignment(conn, &row).await.unwrap());
    begin_attempt(conn, off, None, at(5)).await.unwrap();
    assert!(!never_knew_he_was_off(conn, &row).await.unwrap(), "he may have heard of it");
    notice(conn, &scene, NoticeKind::AssignedToYou, 6).await;
    assert!(has_newer_assignment(conn, &row).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_cannot_be_reached_is_tried_for_a_visit_alone(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let waits = notice(conn, &scene, NoticeKind::AssignedToYou, 1).await;
    assert!(mark_unreachable(conn, scene.chat, at(2)).await.unwrap());
    assert!(!mark_unreachable(conn, scene.chat, at(3)).await.unwrap(), "no news");
    assert_eq!(end_unreachable(conn, scene.chat, at(3)).await.unwrap(), [scene.measurement]);
    assert_eq!(state(conn, waits).await, "unreachable");

    let status = notice(conn, &scene, NoticeKind::StatusChanged, 4).await;
    enqueue_alert(conn, scene.ivan.id, &json!({ "alert": "amo_crm_blocked" }), at(4)).await.unwrap();
    let alert = last(conn).await;
    let visit = notice(conn, &scene, NoticeKind::AssignedToYou, 4).await;
    enqueue_commands(conn, scene.chat, at(4)).await.unwrap();
    assert_eq!(last(conn).await, visit, "no commands");
    let states = [state(conn, status).await, state(conn, alert).await, state(conn, visit).await];
    assert_eq!(states, ["unreachable", "unreachable", "pending"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_screen_gives_way_to_a_later_one_of_the_same_message(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let mut ids = Vec::new();
    for edit in [Some(5), Some(6), None, Some(5)] {
        enqueue_screen(conn, scene.chat, &json!({ "text": "Меню" }), edit, at(1)).await.unwrap();
        ids.push(last(conn).await);
    }
    let mut states = Vec::new();
    for id in &ids {
        states.push(state(conn, *id).await);
    }
    assert_eq!(states, ["superseded", "pending", "pending", "pending"]);
    send_anew(conn, ids[3]).await.unwrap();
    assert_eq!(find_pending(conn, ids[3]).await.unwrap().unwrap().edit_message_id, None);
    assert!(find_pending(conn, ids[0]).await.unwrap().is_none());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_will_never_be_sent_keeps_no_words(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    let screen = json!({ "text": "г. Химки, ул. Ленина, д. 5" });
    for edit in [Some(5), Some(5), None] {
        enqueue_screen(conn, scene.chat, &screen, edit, at(1)).await.unwrap();
    }
    mark_unreachable(conn, scene.chat, at(2)).await.unwrap();
    end_unreachable(conn, scene.chat, at(2)).await.unwrap();
    enqueue_alert(conn, scene.ivan.id, &json!({ "name": "Пётр Сидоров" }), at(3)).await.unwrap();
    let ended: Vec<(String, String)> = sqlx::query_as(
        "select state, payload::text from outbox where kind in ('screen', 'alert') order by id",
    )
    .fetch_all(conn)
    .await
    .unwrap();
    let states = ["superseded", "unreachable", "unreachable", "unreachable"];
    assert_eq!(ended, states.map(|state| (state.to_owned(), "{}".to_owned())));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn unsent_new_measurements_are_those_that_still_wait(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let chat = ChatId(1_000 + anna.id.0);
    let first = measurement(conn, 1).await;
    measurement(conn, 2).await;
    assert_eq!(list_unsent_new(conn, chat).await.unwrap().len(), 2);
    let assign = crate::domain::measurement::Transition::Assign(ivan.id);
    crate::actions::measurements::transit(conn, &anna, (first, 0), assign, at(2)).await.unwrap();
    assert_eq!(list_unsent_new(conn, chat).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_commands_of_a_chat_are_remembered(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let scene = scene(conn).await;
    assert_eq!(commands_shown(conn, scene.chat).await.unwrap(), None);
    set_commands_shown(conn, scene.chat, "ru:measurer").await.unwrap();
    assert_eq!(commands_shown(conn, scene.chat).await.unwrap().as_deref(), Some("ru:measurer"));
    assert_eq!(language(conn, scene.chat).await.unwrap(), Language::Ru);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_transaction_announces_what_it_queued(db: PgPool) {
    let mut listener = sqlx::postgres::PgListener::connect_with(&db).await.unwrap();
    listener.listen(CHANNEL).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let scene = scene(&mut tx).await;
    enqueue_card(&mut tx, scene.chat, scene.ivan.id, scene.measurement, at(0), at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let heard = tokio::time::timeout(TimeDelta::seconds(5).to_std().unwrap(), listener.recv()).await;
    assert_eq!(heard.unwrap().unwrap().channel(), CHANNEL);
}
