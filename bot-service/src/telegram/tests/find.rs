use super::*;
use crate::storage::measurements::{find, save_facts};
use screens::{Screen, Target};

impl Scene {
    async fn types(&self, actor: Actor, text: &str) -> Screen {
        self.serve(chat(actor), IncomingKind::Text(text.into())).await;
        self.screen(chat(actor)).await
    }

    /// So many more of one client's, assigned to nobody.
    async fn more(&self, count: i64) {
        let conn = &mut *self.app.db.acquire().await.unwrap();
        for lead in 2..2 + count {
            measurement(conn, lead).await;
        }
    }
}

fn numbers(screen: &Screen) -> Vec<String> {
    let labels = screen.rows.iter().flatten().map(|button| button.label.as_str());
    let numbers = labels.filter_map(|label| label.strip_prefix('№')?.split(' ').next());
    numbers.map(ToOwned::to_owned).collect()
}

fn data(screen: &Screen, label: &str) -> String {
    let button = screen.rows.iter().flatten().find(|button| button.label == label);
    match &button.unwrap_or_else(|| panic!("{label} in {screen:?}")).target {
        Target::Press(data) => data.clone(),
        Target::Url(url) => panic!("{url}"),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whatever_is_typed_is_looked_for_and_its_pages_are_turned_in_place(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.more(8).await;
    let first = scene.types(scene.anna, "иванов").await;
    assert_eq!(numbers(&first), ["9", "8", "7", "6", "5", "4"]);
    assert_eq!(scene.types(scene.anna, "/find Ленина").await.text, first.text);
    let first = scene.screen(chat(scene.anna)).await;
    let next = data(&first, "Дальше ›");
    assert_eq!(scene.send(scene.anna, &next).await, None);
    let second = scene.screen(chat(scene.anna)).await;
    assert_eq!(numbers(&second), ["3", "2", "1"]);
    assert_eq!(scene.send(scene.anna, &data(&second, "‹ Назад")).await, None);
    assert_eq!(numbers(&scene.screen(chat(scene.anna)).await), numbers(&first));
    assert_eq!(scene.send(scene.anna, &data(&first, "№9 · Окна в детскую")).await, None, "it opens its card");

    let over = "Этот поиск уже закончен: напишите ещё раз, что найти";
    assert_eq!(alert(scene.send(scene.boris, &next).await), over, "it is another chat's");
    scene.types(scene.anna, "№1").await;
    assert_eq!(alert(scene.send(scene.anna, &next).await), over, "there was another one since");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn words_that_say_too_little_are_answered_as_before(db: PgPool) {
    let scene = Scene::new(db).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let vera = person(conn, "Вера", Role::Manager).await;
    for (actor, text) in
        [(scene.anna, "ок"), (scene.anna, "🙂🙂🙂"), (scene.anna, "/nothing"), (vera, "Иванов")]
    {
        assert!(scene.types(actor, text).await.text.starts_with("Не понял"), "{text}");
    }
    for text in ["/find", "/find ок"] {
        assert!(scene.types(scene.anna, text).await.text.starts_with("🔎 Напишите, что найти"), "{text}");
    }
    assert!(scene.types(vera, "/find Иванов").await.text.starts_with("Вы ещё не привязаны"));
    let kept: i64 = sqlx::query_scalar("select count(*) from searches").fetch_one(conn).await.unwrap();
    assert_eq!(kept, 1, "what was no search is not kept");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_was_taken_off_finds_no_more_on_the_next_page(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.more(7).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    for id in 1..=8 {
        let assign = Transition::Assign(scene.ivan.id);
        transit(conn, &scene.anna, (MeasurementId(id), 0), assign, at(10)).await.unwrap();
    }
    let first = scene.types(scene.ivan, "иванов").await;
    assert_eq!(numbers(&first), ["8", "7", "6", "5", "4", "3"]);
    transit(conn, &scene.anna, (MeasurementId(2), 1), Transition::Assign(scene.petr.id), at(11))
        .await
        .unwrap();
    scene.send(scene.ivan, &data(&first, "Дальше ›")).await;
    assert_eq!(numbers(&scene.screen(chat(scene.ivan)).await), ["1"]);
    users::set_disabled(conn, scene.ivan.id, Some(at(12))).await.unwrap();
    assert_eq!(alert(scene.send(scene.ivan, &data(&first, "Дальше ›")).await), "⛔ Нет доступа");
    assert!(scene.types(scene.ivan, "иванов").await.text.starts_with("Ваш доступ отключён"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_link_opens_the_card_for_who_sees_it(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.assigned(scene.ivan, 0).await;
    let link = format!("/start m_{}", scene.id);
    let cards = async |actor| {
        let sql = "select count(*) from outbox where chat_id = $1 and kind = 'card'";
        sqlx::query_scalar::<_, i64>(sql).bind(chat(actor).0).fetch_one(&scene.app.db).await.unwrap()
    };
    for (actor, expected) in [(scene.anna, 1), (scene.petr, 0)] {
        let before = cards(actor).await;
        scene.serve(chat(actor), IncomingKind::Text(link.clone())).await;
        assert_eq!(cards(actor).await - before, expected);
    }
    assert_eq!(scene.screen(chat(scene.petr)).await.text, "⛔ Нет прав: это не ваш замер");
    let unknown = scene.types(scene.anna, "/start m_999").await;
    assert!(!unknown.text.contains("⌂"), "{}", unknown.text);
    let stranger = ChatId(777_000);
    scene.serve(stranger, IncomingKind::Text(link)).await;
    assert!(scene.screen(stranger).await.text.starts_with("У вас пока нет доступа"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_client_of_another_name_is_found_by_that_one(db: PgPool) {
    let scene = Scene::new(db).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let mut renamed = find(conn, scene.id).await.unwrap().unwrap();
    renamed.facts.client_name = Some("Пётр Ёлкин".into());
    save_facts(conn, &renamed).await.unwrap();
    assert_eq!(numbers(&scene.types(scene.anna, "елкин петр").await), ["1"]);
    let none = scene.types(scene.anna, "иванов").await;
    assert!(none.text.starts_with("Ничего не найдено"), "{}", none.text);
}
