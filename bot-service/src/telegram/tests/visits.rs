//! The work on a visit, as people press it: accepted, in trouble, repeated, taken back.

use chrono::TimeDelta;

use super::*;
use crate::domain::measurement::{DeclineReason, ProblemReason};

fn passing(toast: Option<Toast>) -> String {
    toast.filter(|toast| !toast.is_alert).expect("it is done").text
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurer_accepts_once(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    assert_eq!(passing(scene.press(scene.ivan, 1, CardPress::Accept).await), "👌 Замер принят");
    assert_eq!(passing(scene.press(scene.ivan, 1, CardPress::Accept).await), "Уже сделано");
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 2));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_problem_in_ones_own_words_is_settled_by_the_office(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    assert_eq!(scene.press(scene.ivan, 1, CardPress::AskProblem).await, None);
    assert_eq!(scene.press(scene.ivan, 1, CardPress::ReportProblem(ProblemReason::Other)).await, None);
    assert!(scene.screen(chat(scene.ivan)).await.text.starts_with("Напишите, что мешает на замере №1"));
    scene.serve(chat(scene.ivan), IncomingKind::Text("злая собака".into())).await;
    assert_eq!(scene.screen(chat(scene.ivan)).await.text, "⚠️ Администратор узнает о проблеме");
    let stale = alert(scene.press(scene.anna, 1, CardPress::AskCancel).await);
    assert!(stale.starts_with("Замер изменился: проблема"), "{stale}");
    let settled = scene.press(scene.anna, 2, CardPress::ClearProblem).await;
    assert_eq!(passing(settled), "🔁 Проблема снята, замер в силе");
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 3));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_done_is_opened_again_by_the_second_press(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    scene.press(scene.ivan, 1, CardPress::Complete).await;
    assert_eq!(scene.press(scene.anna, 2, CardPress::AskRestore).await, None);
    assert_eq!(scene.state().await, (Face::Restore, StatusKind::Completed, 2), "it was a question");
    scene.press(scene.anna, 2, CardPress::Restore).await;
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Pending, 3));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_asks_for_another_visit_gets_its_card_once(db: PgPool) {
    let scene = Scene::new(db).await;
    assert_eq!(scene.press(scene.anna, 0, CardPress::AskFollowUp).await, None);
    assert_eq!(scene.state().await, (Face::FollowUp, StatusKind::Pending, 0), "it was a question");
    assert_eq!(passing(scene.press(scene.anna, 0, CardPress::FollowUp).await), "➕ Открыт замер №2");
    assert_eq!(passing(scene.press(scene.anna, 0, CardPress::FollowUp).await), "Уже сделано");
    let sent = "select user_id, kind from outbox where measurement_id = 2 order by id";
    let sent: Vec<(i64, String)> = sqlx::query_as(sent).fetch_all(&scene.app.db).await.unwrap();
    assert_eq!(
        sent,
        [(scene.boris.id.0, "new_measurement".to_owned()), (scene.anna.id.0, "card".to_owned())]
    );
    scene.app.clock.advance(TimeDelta::minutes(1));
    let text = alert(scene.press(scene.boris, 0, CardPress::FollowUp).await);
    assert_eq!(text, "По этой сделке уже открыт замер №2");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_gave_a_visit_back_takes_that_back_though_he_does_not_see_it(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    scene.press(scene.ivan, 1, CardPress::Decline(DeclineReason::Far)).await;
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Pending, 2));
    assert_eq!(passing(scene.press(scene.ivan, 2, CardPress::Undo).await), "↩️ Действие отменено");
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 3));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_button_of_what_was_done_long_ago_says_that_it_is_too_late(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.press(scene.anna, 0, CardPress::AssignTo(scene.ivan.id)).await;
    let others = alert(scene.press(scene.boris, 1, CardPress::Undo).await);
    assert_eq!(others, "⛔ Отменить действие может только тот, кто его сделал");
    scene.app.clock.advance(TimeDelta::minutes(10) + TimeDelta::seconds(1));
    let late = alert(scene.press(scene.anna, 1, CardPress::Undo).await);
    assert_eq!(late, "Отменить действие можно в течение 10 минут");
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 1));
}
