//! What each role, and who has none, gets for everything that can be asked.

use std::fmt::Write as _;

use insta::assert_snapshot;
use shared::ids::AmoUserId;

use super::*;
use crate::testing::manager;
use screens::{Screen, Target};

const COMMANDS: [&str; 12] = [
    "/start",
    "/menu",
    "/help",
    "/pending",
    "/all",
    "/measurers",
    "/failures",
    "/status",
    "/my",
    "/orders",
    "/find",
    "/find 4567",
];

const STRANGER: ChatId = ChatId(777_000);

impl Scene {
    /// What is queued for a chat: kinds, and screens by their payload.
    async fn queued(&self, chat: ChatId) -> Vec<(String, serde_json::Value)> {
        let sql = "select kind, payload from outbox where chat_id = $1 order by id";
        sqlx::query_as(sql).bind(chat.0).fetch_all(&self.app.db).await.unwrap()
    }

    /// The screen that is queued last.
    pub(super) async fn screen(&self, chat: ChatId) -> Screen {
        let last = self.queued(chat).await.into_iter().rfind(|(kind, _)| kind == "screen");
        serde_json::from_value(last.unwrap().1).unwrap()
    }

    async fn title(&self, chat: ChatId) -> String {
        self.screen(chat).await.text.lines().next().unwrap_or_default().to_owned()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn each_command_is_for_its_roles(db: PgPool) {
    let scene = Scene::new(db).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let mut table = String::new();
    for (role, person) in [("admin", scene.anna), ("measurer", scene.ivan), ("manager", olga)] {
        for command in COMMANDS {
            scene.serve(chat(person), IncomingKind::Text(command.into())).await;
            writeln!(table, "{role} {command}: {}", scene.title(chat(person)).await).unwrap();
        }
    }
    assert_snapshot!(table, @"
    admin /start: <b>⌂ Меню</b>
    admin /menu: <b>⌂ Меню</b>
    admin /help: 👑 Новые замеры приходят сюда карточками: нажмите на замерщика, и он получит замер. Сменить замерщика или отменить замер можно на той же карточке.
    admin /pending: <b>⏳ Ожидают назначения · 1</b>
    admin /all: <b>📋 Все замеры · 1</b>
    admin /measurers: <b>👷 Замерщики</b>
    admin /failures: <b>⚠️ Сбои</b>
    admin /status: <b>📊 Состояние</b>
    admin /my: ⛔ Это для замерщиков
    admin /orders: ⛔ Это для менеджеров
    admin /find: 🔎 Напишите, что найти: последние цифры телефона, имя или фамилию, часть адреса, номер заказа, №12 или ссылку на сделку.
    admin /find 4567: <b>🔎 Найден 1 замер</b>
    measurer /start: <b>⌂ Меню</b>
    measurer /menu: <b>⌂ Меню</b>
    measurer /help: 👷 Назначенный вам замер приходит карточкой. Нажмите «🔄 Начать выполнение», когда начали, и «✅ Завершить», когда закончили.
    measurer /pending: ⛔ Нет прав: это делает администратор
    measurer /all: ⛔ Нет прав: это делает администратор
    measurer /measurers: ⛔ Нет прав: это делает администратор
    measurer /failures: ⛔ Нет прав: это делает администратор
    measurer /status: ⛔ Нет прав: это делает администратор
    measurer /my: Активных замеров нет. Когда вам назначат замер, он придёт сюда.
    measurer /orders: ⛔ Это для менеджеров
    measurer /find: 🔎 Напишите, что найти: последние цифры телефона, имя или фамилию, часть адреса, номер заказа, №12 или ссылку на сделку.
    measurer /find 4567: Ничего не найдено. Попробуйте короче: конец телефона, фамилию или улицу.
    manager /start: <b>⌂ Меню</b>
    manager /menu: <b>⌂ Меню</b>
    manager /help: 💼 О замерах по вашим сделкам бот пишет сам: кто назначен, когда начал и закончил.
    manager /pending: ⛔ Нет прав: это делает администратор
    manager /all: ⛔ Нет прав: это делает администратор
    manager /measurers: ⛔ Нет прав: это делает администратор
    manager /failures: ⛔ Нет прав: это делает администратор
    manager /status: ⛔ Нет прав: это делает администратор
    manager /my: ⛔ Это для замерщиков
    manager /orders: <b>💼 Мои заказы · 1</b>
    manager /find: 🔎 Напишите, что найти: последние цифры телефона, имя или фамилию, часть адреса, номер заказа, №12 или ссылку на сделку.
    manager /find 4567: <b>🔎 Найден 1 замер</b>
    ");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn each_button_of_a_menu_leads_where_it_says(db: PgPool) {
    let scene = Scene::new(db).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    scene.assigned(scene.ivan, 0).await;
    let mut table = String::new();
    for person in [scene.anna, scene.ivan, olga] {
        scene.serve(chat(person), IncomingKind::Text("/menu".into())).await;
        for button in scene.screen(chat(person)).await.rows.into_iter().flatten() {
            let Target::Press(data) = button.target else { panic!("{button:?}") };
            assert_eq!(scene.send(person, &data).await, None, "navigation is answered empty");
            writeln!(table, "{} → {}", button.label, scene.title(chat(person)).await).unwrap();
        }
    }
    assert_snapshot!(table, @"
    ⏳ Новые замеры → Новых замеров нет. Карточка придёт сюда сама.
    📋 Все замеры → <b>📋 Все замеры · 1</b>
    👷 Замерщики → <b>👷 Замерщики</b>
    👥 Сотрудники → <b>👥 Сотрудники</b>
    🗺 Зоны → <b>🗺 Зоны</b>
    🏢 Дилеры → <b>🏢 Дилеры</b>
    ➕ Пригласить → Кого пригласить?
    ⚠️ Сбои → <b>⚠️ Сбои</b>
    ⚙️ Настройки → <b>⚙️ Настройки</b>
    📊 Состояние → <b>📊 Состояние</b>
    📋 Мои активные замеры · 1 → <b>📋 Мои активные замеры · 1</b>
    🗂 Выполненные → Выполненных замеров пока нет.
    💼 Мои заказы · 1 → <b>💼 Мои заказы · 1</b>
    🗂 Завершённые → Завершённых заказов пока нет.
    ");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_has_no_access_gets_that_answer_and_nothing_else(db: PgPool) {
    let scene = Scene::new(db).await;
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let gone = person(conn, "Вера", Role::Measurer).await;
    scene.assigned(gone, 0).await;
    users::set_disabled(conn, gone.id, Some(at(20))).await.unwrap();
    sqlx::query("delete from outbox").execute(conn).await.unwrap();
    let typed = COMMANDS.map(Into::into).into_iter().chain(["Здравствуйте".to_owned(), "/nothing".into()]);
    let sent = typed.map(IncomingKind::Text).chain([IncomingKind::Other]).collect::<Vec<_>>();
    let card = |step, press| Callback::Card { id: scene.id, step, press };
    let presses = [
        Callback::Menu,
        Callback::Open(scene.id),
        Callback::List { kind: ListKind::All(Filter::Everything), cursor: Cursor::First },
        Callback::List { kind: ListKind::My, cursor: Cursor::First },
        Callback::InviteAs(Role::Admin),
        card(1, CardPress::Start),
        card(1, CardPress::Cancel(CancelReason::Duplicate)),
        card(1, CardPress::AssignTo(scene.petr.id)),
    ];
    for (who, expected) in [
        (STRANGER, "У вас пока нет доступа. Попросите у администратора ссылку-приглашение."),
        (chat(gone), "Ваш доступ отключён. Обратитесь к администратору."),
    ] {
        for kind in &sent {
            assert_eq!(scene.serve(who, kind.clone()).await, None);
        }
        let queued = scene.queued(who).await;
        assert_eq!(queued.len(), sent.len(), "each is answered");
        for (kind, payload) in &queued {
            assert_eq!((kind.as_str(), payload["text"].as_str()), ("screen", Some(expected)));
        }
        for callback in presses {
            let text = alert(scene.serve(who, press(&callback.encode())).await);
            assert_eq!(text, "⛔ Нет доступа", "{callback:?}");
        }
        assert_eq!(scene.queued(who).await, queued, "a press brings no message");
        assert_eq!(scene.state().await, (Face::Main, StatusKind::Assigned, 1));
    }
}
