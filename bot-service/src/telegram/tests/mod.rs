use sqlx::PgPool;

use super::*;
use crate::actions::measurements::transit;
use crate::actions::views::{Face, RecordedChoice};
use crate::domain::ids::{ChatId, MeasurementId};
use crate::domain::measurement::{CancelReason, ReassignReason, StatusKind, Transition};
use crate::domain::user::Actor;
use crate::storage::{cards, measurements};
use crate::test_app;
use crate::testing::{at, measurement, person};
use callback::CardPress;
use incoming::{MessagePlace, Sender};
use toasts::Toast;

mod asked;
mod comments;
mod failures;
mod find;
mod forged;
mod matrix;
mod visits;

/// The message in which everybody here has his card.
const MESSAGE: i32 = 5;

/// A measurement with two admins who look at it, and two measurers.
struct Scene {
    app: App,
    id: MeasurementId,
    anna: Actor,
    boris: Actor,
    ivan: Actor,
    petr: Actor,
}

impl Scene {
    async fn new(db: PgPool) -> Self {
        let app = test_app::app(db, &[]);
        let conn = &mut *app.db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let boris = person(conn, "Борис", Role::Admin).await;
        let ivan = person(conn, "Иван", Role::Measurer).await;
        let petr = person(conn, "Пётр", Role::Measurer).await;
        let id = measurement(conn, 1).await;
        cards::adopt(conn, chat(anna), MESSAGE, anna.id, id, at(1)).await.unwrap();
        Self { app, id, anna, boris, ivan, petr }
    }

    /// Presses a button of the card that was drawn for this step.
    async fn press(&self, actor: Actor, step: i32, press: CardPress) -> Option<Toast> {
        self.send(actor, &Callback::Card { id: self.id, step, press }.encode()).await
    }

    async fn send(&self, actor: Actor, data: &str) -> Option<Toast> {
        self.serve(chat(actor), press(data)).await
    }

    async fn serve(&self, chat_id: ChatId, kind: IncomingKind) -> Option<Toast> {
        self.serve_message(chat_id, None, kind).await
    }

    async fn serve_message(
        &self,
        chat_id: ChatId,
        message: Option<MessagePlace>,
        kind: IncomingKind,
    ) -> Option<Toast> {
        let person = self.sender(chat_id).await;
        let incoming = Incoming { update_id: 1, chat_id, person, message, kind };
        let mut transaction = self.app.db.begin().await.unwrap();
        let answer = handle(&self.app, &mut transaction, &incoming).await.unwrap();
        transaction.commit().await.unwrap();
        answer.toast
    }

    /// As the bot knows him, so that nothing changes by that he writes.
    async fn sender(&self, chat: ChatId) -> Sender {
        let known = users::find_by_chat(&mut self.app.db.acquire().await.unwrap(), chat).await.unwrap();
        Sender {
            telegram_id: chat.0,
            first_name: known.map_or_else(|| "Незнакомец".into(), |user| user.name.first),
            last_name: None,
            username: None,
            language_code: Some("ru".into()),
        }
    }

    async fn assigned(&self, to: Actor, step: i32) {
        let conn = &mut *self.app.db.acquire().await.unwrap();
        transit(conn, &self.boris, (self.id, step), Transition::Assign(to.id), at(10)).await.unwrap();
    }

    /// The face of Anna's card, the status and the step.
    async fn state(&self) -> (Face, StatusKind, i32) {
        let conn = &mut *self.app.db.acquire().await.unwrap();
        let card = cards::find_live(conn, chat(self.anna), self.id).await.unwrap().unwrap();
        let measurement = measurements::find(conn, self.id).await.unwrap().unwrap();
        (card.face.parse().unwrap(), measurement.status().kind(), measurement.step())
    }

    async fn screens(&self) -> i64 {
        let count = sqlx::query_scalar("select count(*) from outbox where kind = 'screen'");
        count.fetch_one(&self.app.db).await.unwrap()
    }
}

/// A button of the message in which everybody has his card.
fn press(data: &str) -> IncomingKind {
    IncomingKind::Press { callback_id: "1".into(), message_id: Some(MESSAGE), data: Some(data.to_owned()) }
}

fn chat(actor: Actor) -> ChatId {
    ChatId(1_000 + actor.id.0)
}

fn alert(toast: Option<Toast>) -> String {
    toast.filter(|toast| toast.is_alert).expect("it is refused").text
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_button_that_only_turns_the_card_gives_it_another_keyboard_and_changes_nothing(db: PgPool) {
    let scene = Scene::new(db).await;
    let pending = |face| (face, StatusKind::Pending, 0);
    for (press, face) in [
        (CardPress::Measurers(1), Face::Measurers(1)),
        (CardPress::Measurers(0), Face::Measurers(0)),
        (CardPress::AskCancel, Face::Cancel),
        (CardPress::Keep, Face::Main),
    ] {
        assert_eq!(scene.press(scene.anna, 0, press).await, None, "navigation is answered empty");
        assert_eq!(scene.state().await, pending(face), "{press:?}");
    }
    let early = alert(scene.press(scene.anna, 0, CardPress::Reassign).await);
    assert!(early.contains("⏳ Ожидает назначения"), "{early}");

    scene.assigned(scene.ivan, 0).await;
    for (press, face) in [
        (CardPress::Reassign, Face::Measurers(0)),
        (CardPress::Measurers(1), Face::Measurers(1)),
        (CardPress::AskCancel, Face::Cancel),
        (CardPress::Keep, Face::Main),
    ] {
        assert_eq!(scene.press(scene.anna, 1, press).await, None);
        assert_eq!(scene.state().await, (face, StatusKind::Assigned, 1), "{press:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_button_of_an_older_card_turns_nothing_and_says_what_happened_meanwhile(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    let turns = [CardPress::AskCancel, CardPress::Measurers(1), CardPress::Reassign, CardPress::Keep];
    for press in turns {
        let text = alert(scene.press(scene.anna, 0, press).await);
        assert!(text.starts_with("Уже назначено: Борис → Иван"), "{press:?}: {text}");
        assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 1), "{press:?}");
    }

    // She has been asked whether to cancel, and meanwhile another one was given the work.
    scene.press(scene.anna, 1, CardPress::AskCancel).await;
    scene.assigned(scene.petr, 1).await;
    for press in turns
        .into_iter()
        .chain([CardPress::Cancel(CancelReason::Duplicate), CardPress::AssignTo(scene.ivan.id)])
    {
        let text = alert(scene.press(scene.anna, 1, press).await);
        assert!(text.starts_with("Уже назначено: Борис → Пётр"), "{press:?}: {text}");
        assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 2), "{press:?}");
    }

    scene.press(scene.petr, 2, CardPress::Complete).await;
    for press in turns {
        let text = alert(scene.press(scene.anna, 2, press).await);
        assert!(text.starts_with("Замер уже выполнен: Пётр"), "{press:?}: {text}");
    }
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Completed, 3));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn after_a_change_of_the_measurer_the_card_asks_why_until_something_else_happens(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.press(scene.anna, 0, CardPress::AssignTo(scene.ivan.id)).await;
    assert_eq!(
        scene.state().await,
        (Face::Main, StatusKind::Assigned, 1),
        "a first assignment needs no reason"
    );
    let asked = (Face::Reassigned, StatusKind::Assigned, 2);
    for _ in 0..2 {
        scene.press(scene.anna, 1, CardPress::AssignTo(scene.petr.id)).await;
        assert_eq!(scene.state().await, asked, "the second of two taps takes nothing away");
    }
    let toast = scene.press(scene.anna, 2, CardPress::Explain(ReassignReason::Unable)).await.unwrap();
    assert_eq!((toast.text.as_str(), toast.is_alert), ("Причина записана", false));
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 2));

    scene.press(scene.anna, 2, CardPress::AssignTo(scene.ivan.id)).await;
    scene.press(scene.anna, 3, CardPress::Explain(ReassignReason::Other)).await;
    scene.serve(chat(scene.anna), IncomingKind::Text("Пётр заболел".into())).await;
    assert_eq!(scene.screen(chat(scene.anna)).await.text, "Причина записана");

    scene.press(scene.anna, 3, CardPress::AssignTo(scene.petr.id)).await;
    scene.press(scene.petr, 4, CardPress::Start).await;
    assert_eq!(scene.state().await, (Face::Main, StatusKind::InProgress, 5), "the question is gone");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurement_is_cancelled_for_a_reason_in_ones_own_words(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.press(scene.anna, 0, CardPress::AskCancel).await;
    assert_eq!(scene.press(scene.anna, 0, CardPress::Cancel(CancelReason::Other)).await, None);
    assert!(scene.screen(chat(scene.anna)).await.text.starts_with("Напишите, почему замер №1 отменяется"));
    assert_eq!(scene.state().await.1, StatusKind::Pending, "it was a question");
    scene.serve(chat(scene.anna), IncomingKind::Text("переехали".into())).await;
    assert_eq!(scene.screen(chat(scene.anna)).await.text, "❌ Замер отменен");
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Cancelled, 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admins_button_in_a_measurers_hands_is_refused(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    for press in [
        CardPress::AskCancel,
        CardPress::Cancel(CancelReason::Duplicate),
        CardPress::Measurers(0),
        CardPress::Reassign,
    ] {
        for measurer in [scene.ivan, scene.petr] {
            let text = alert(scene.press(measurer, 1, press).await);
            assert!(text.starts_with("⛔ Нет прав: "), "{press:?}: {text}");
        }
    }
    for kind in [ListKind::Pending, ListKind::All(Filter::Open), ListKind::All(Filter::Everything)] {
        let list = Callback::List { kind, cursor: Cursor::First };
        let text = alert(scene.send(scene.ivan, &list.encode()).await);
        assert_eq!(text, "⛔ Нет прав: это делает администратор", "{kind:?}");
    }
    assert_eq!(scene.screens().await, 0, "he is shown nothing");
    assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_question_about_old_deals_is_answered_once_and_by_admins(db: PgPool) {
    let scene = Scene::new(db).await;
    let statement = "insert into recorded_deals (lead_id, updated_at, recorded_at) values (7, $1, $1)";
    sqlx::query(statement).bind(at(0)).execute(&scene.app.db).await.unwrap();
    sqlx::query("insert into leads (lead_id, created_at) values (7, $1)")
        .bind(at(0))
        .execute(&scene.app.db)
        .await
        .unwrap();
    let press = |choice| Callback::Recorded { recording: at(0).timestamp(), choice }.encode();
    let text = alert(scene.send(scene.ivan, &press(RecordedChoice::OpenRecent)).await);
    assert_eq!(text, "⛔ Нет прав: это делает администратор");
    assert_eq!(scene.screens().await, 0);
    assert_eq!(scene.send(scene.anna, &press(RecordedChoice::OpenNone)).await, None);
    let second = scene.send(scene.boris, &press(RecordedChoice::OpenRecent)).await.unwrap();
    assert_eq!((second.text.as_str(), second.is_alert), ("Уже сделано", false));
    assert_eq!(scene.screens().await, 2, "under both messages the buttons are gone");
}
