//! What people say about a measurement, and what of it is kept and told.

use super::*;
use crate::domain::comment::{Attachment, COPIED_UP_TO, FileKind, Place, TEXT};
use crate::domain::history::What;
use crate::storage::comments::{self, Comment};
use crate::storage::{files, history};
use crate::testing::{drain, manager, waiting};
use incoming::{Brought, Media};
use shared::ids::AmoUserId;

fn place(id: i32, reply_to: Option<i32>) -> MessagePlace {
    MessagePlace { id, reply_to }
}

fn text(text: &str) -> IncomingKind {
    IncomingKind::Text(text.into())
}

fn file(kind: FileKind, size: i64, text: Option<&str>, album: Option<&str>) -> IncomingKind {
    let attachment = Attachment {
        kind,
        file_id: "AgAC".into(),
        file_unique_id: "AQAD".into(),
        name: None,
        mime: None,
        size: Some(size),
    };
    let text = text.map(Into::into);
    IncomingKind::Media(Media { text, what: Brought::File(attachment), album: album.map(Into::into) })
}

fn photo(text: Option<&str>, album: Option<&str>) -> IncomingKind {
    file(FileKind::Photo, 12_345, text, album)
}

impl Scene {
    async fn comments(&self) -> Vec<Comment> {
        let conn = &mut *self.app.db.acquire().await.unwrap();
        comments::list_latest(conn, self.id, 9).await.unwrap()
    }

    /// The words of the answer to Anna.
    async fn answer(&self) -> String {
        self.screen(chat(self.anna)).await.text
    }

    /// Anna answers a message.
    async fn replies(&self, id: i32, to: i32, kind: IncomingKind) {
        self.serve_message(chat(self.anna), Some(place(id, Some(to))), kind).await;
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_to_a_card_is_a_comment_and_everybody_concerned_hears_of_it(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    person(conn, "Олеся", Role::Observer).await;
    drain(conn).await;
    scene.replies(50, MESSAGE, text(" Домофон 12 ")).await;
    assert_eq!(scene.comments().await[0].text.as_deref(), Some("Домофон 12"));
    assert!(scene.answer().await.contains("сохранён"), "{}", scene.answer().await);
    let told: Vec<_> = waiting(conn).await.into_iter().filter(|(_, kind)| kind == "commented").collect();
    let expected = [scene.ivan, olga, scene.boris].map(|actor| (actor.id.0, "commented".to_owned()));
    assert_eq!(told, expected, "not Anna, who said it, and no observer");
    let lines = history::list(conn, scene.id).await.unwrap();
    let comment = scene.comments().await[0].id;
    assert_eq!(lines.last().unwrap().what, What::Commented { comment, role: Role::Admin });
    let card = cards::find_live(conn, chat(scene.anna), scene.id).await.unwrap().unwrap();
    assert!(card.wanted_version > 1, "the cards show it");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_is_handled_again_is_the_same_comment(db: PgPool) {
    let scene = Scene::new(db).await;
    for _ in 0..2 {
        scene.replies(50, MESSAGE, photo(Some("Вход"), None)).await;
        scene.replies(51, MESSAGE, text("Вход")).await;
    }
    let comments = scene.comments().await;
    assert_eq!(comments.iter().map(|comment| comment.files).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(scene.screens().await, 2, "answered once each");
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    assert_eq!(history::list(conn, scene.id).await.unwrap().len(), 4);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_parts_of_an_album_are_one_comment_told_after_quiet(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.replies(50, MESSAGE, photo(None, Some("77"))).await;
    // Not every part says what it answers, and one of them may be handled twice.
    for (id, words) in [(51, Some("Подъезд")), (52, None), (52, None), (53, Some("и двор"))] {
        scene.serve_message(chat(scene.anna), Some(place(id, None)), photo(words, Some("77"))).await;
    }
    let comments = scene.comments().await;
    assert_eq!((comments.len(), comments[0].files), (1, 4));
    assert_eq!(comments[0].text.as_deref(), Some("Подъезд\nи двор"));
    assert_eq!(scene.screens().await, 1, "answered once");
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let sql = "select next_attempt_at from outbox where kind = 'commented' and user_id = $1";
    let told: Vec<chrono::DateTime<chrono::Utc>> =
        sqlx::query_scalar(sql).bind(scene.boris.id.0).fetch_all(&mut *conn).await.unwrap();
    assert_eq!(told, [scene.app.now() + chrono::TimeDelta::seconds(3)]);
    let counts = files::count(conn, scene.id).await.unwrap();
    assert_eq!((counts.all, counts.waiting, counts.failed), (4, 4, 0));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn after_the_button_the_next_message_is_the_comment_whatever_it_is(db: PgPool) {
    let scene = Scene::new(db).await;
    let button = Callback::Comment(scene.id).encode();
    let here = IncomingKind::Media(Media {
        text: None,
        what: Brought::Place(Place { latitude: 55.75, longitude: 37.62 }),
        album: None,
    });
    for (id, kind) in [(50, text("Код 12")), (52, file(FileKind::Voice, 99, None, None)), (54, here)] {
        scene.send(scene.anna, &button).await;
        assert!(scene.answer().await.contains("Что сказать"), "{}", scene.answer().await);
        scene.serve_message(chat(scene.anna), Some(place(id, None)), kind).await;
        assert!(scene.answer().await.contains("сохранён"), "{}", scene.answer().await);
    }
    let comments = scene.comments().await;
    assert_eq!(comments.len(), 3);
    assert_eq!(comments[0].place, Some(Place { latitude: 55.75, longitude: 37.62 }));
    // The question is answered; what comes now is about nothing.
    scene.serve_message(chat(scene.anna), Some(place(56, None)), photo(None, None)).await;
    assert!(scene.answer().await.starts_with("К какому замеру"), "{}", scene.answer().await);
    assert_eq!(scene.comments().await.len(), 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_command_ends_the_question_and_a_sticker_does_not(db: PgPool) {
    let scene = Scene::new(db).await;
    let button = Callback::Comment(scene.id).encode();
    scene.send(scene.anna, &button).await;
    scene.serve_message(chat(scene.anna), Some(place(50, None)), IncomingKind::Other).await;
    assert!(scene.answer().await.starts_with("Это к замеру не приложить"), "{}", scene.answer().await);
    scene.serve_message(chat(scene.anna), Some(place(51, None)), text("Код 12")).await;
    assert_eq!(scene.comments().await.len(), 1);
    scene.send(scene.anna, &button).await;
    scene.serve_message(chat(scene.anna), Some(place(52, None)), text("/menu")).await;
    scene.serve_message(chat(scene.anna), Some(place(53, None)), text("Код 13")).await;
    assert_eq!(scene.comments().await.len(), 1, "it was looked for instead");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_too_long_or_too_big_is_said_and_the_rest_is_kept(db: PgPool) {
    let scene = Scene::new(db).await;
    let words = "ж".repeat(TEXT + 5);
    scene.replies(50, MESSAGE, file(FileKind::Video, COPIED_UP_TO + 1, Some(&words), None)).await;
    let answer = scene.answer().await;
    assert!(answer.contains("сохранён") && answer.contains("2000") && answer.contains("20 МБ"), "{answer}");
    let comment = &scene.comments().await[0];
    assert_eq!((comment.text.as_ref().unwrap().chars().count(), comment.files), (TEXT, 1));
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let counts = files::count(conn, scene.id).await.unwrap();
    assert_eq!((counts.waiting, counts.failed), (0, 1));
    scene.replies(51, MESSAGE, file(FileKind::Video, COPIED_UP_TO, None, None)).await;
    assert_eq!(files::count(conn, scene.id).await.unwrap().waiting, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_does_not_see_a_measurement_says_nothing_of_it(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    // A card of before, when it was his.
    cards::adopt(conn, chat(scene.petr), 6, scene.petr.id, scene.id, at(1)).await.unwrap();
    for kind in [text("Я тут"), photo(None, None)] {
        scene.serve_message(chat(scene.petr), Some(place(50, Some(6))), kind).await;
        let answer = scene.screen(chat(scene.petr)).await.text;
        assert!(answer.contains("это не ваш замер"), "{answer}");
    }
    let refused = alert(scene.send(scene.petr, &Callback::Comment(scene.id).encode()).await);
    assert!(refused.contains("это не ваш замер"), "{refused}");
    assert!(scene.comments().await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_closed_one_can_be_asked_about_and_a_notice_be_answered(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    transit(conn, &scene.ivan, (scene.id, 1), Transition::Complete, at(11)).await.unwrap();
    // Anna answers a notice, which is message 60 in her chat; in others that number is something else.
    let notice = "insert into outbox_attempts (outbox_id, at, message_id, outcome)
                  select id, now(), 60, 'delivered' from outbox where measurement_id = $1 and chat_id = $2 limit 1";
    let told =
        sqlx::query(notice).bind(scene.id.0).bind(chat(scene.anna).0).execute(&mut *conn).await.unwrap();
    assert_eq!(told.rows_affected(), 1);
    scene.replies(50, 60, text("Почему так быстро?")).await;
    assert_eq!(scene.comments().await.len(), 1);
    scene.serve_message(chat(scene.ivan), Some(place(50, Some(60))), text("Почему так быстро?")).await;
    assert_eq!(scene.comments().await.len(), 1, "his message 60 is about nothing");
}
