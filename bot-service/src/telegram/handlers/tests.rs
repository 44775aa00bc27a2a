//! What people send, served as from Telegram; what they get is read from the outbox.

use chrono::TimeDelta;
use sqlx::PgPool;

use super::*;
use crate::actions::measurements::transit;
use crate::actions::people::ensure_admins;
use crate::domain::history::What;
use crate::domain::measurement::{DeclineReason, Transition};
use crate::domain::user::Role;
use crate::storage::{history, users};
use crate::telegram;
use crate::telegram::callback::{Callback, CardPress};
use crate::telegram::incoming::{Contact, Incoming, IncomingKind};
use crate::telegram::screens::{Keyboard, Target};
use crate::test_app;
use crate::testing::{measurement, person};

/// Of `ADMIN_IDS`.
const ANNA: ChatId = ChatId(1_001);

struct World {
    app: App,
}

impl World {
    /// Anna is an admin and has not started the bot.
    async fn new(db: PgPool) -> Self {
        let app = test_app::app(db, &[]);
        ensure_admins(&mut app.db.acquire().await.unwrap(), &[ANNA.0], app.now()).await.unwrap();
        Self { app }
    }

    /// Telegram has not told the bot's name yet.
    async fn nameless(db: PgPool) -> Self {
        let App { config, db, clock, bot, store, .. } = Self::new(db).await.app;
        Self { app: App::new((*config).clone(), db, clock, bot, store) }
    }

    async fn conn(&self) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
        self.app.db.acquire().await.unwrap()
    }

    async fn serve(&self, kind: IncomingKind) -> Option<Toast> {
        self.try_to_serve(kind).await.unwrap()
    }

    /// Commits what comes of it, or nothing.
    async fn try_to_serve(&self, kind: IncomingKind) -> anyhow::Result<Option<Toast>> {
        let person = Sender {
            telegram_id: ANNA.0,
            first_name: "Анна".into(),
            last_name: None,
            username: None,
            language_code: None,
        };
        let incoming = Incoming { update_id: 1, chat_id: ANNA, person, message: None, kind };
        let mut transaction = self.app.db.begin().await.unwrap();
        let answer = telegram::handle(&self.app, &mut transaction, &incoming).await?;
        transaction.commit().await?;
        Ok(answer.toast)
    }

    async fn types(&self, text: &str) -> Screen {
        self.serve(IncomingKind::Text(text.into())).await;
        self.screen().await
    }

    /// Presses a button of the newest screen.
    async fn presses(&self, label: &str) -> Option<Toast> {
        let press = self.button(label).await;
        self.serve(press).await
    }

    async fn button(&self, label: &str) -> IncomingKind {
        let screen = self.screen().await;
        let button = screen.rows.iter().flatten().find(|button| button.label.contains(label));
        let Some(Target::Press(data)) = button.map(|button| button.target.clone()) else {
            panic!("there is no {label} on {screen:?}");
        };
        let callback_id = "1".to_owned();
        IncomingKind::Press { callback_id, message_id: Some(5), data: Some(data) }
    }

    async fn screen(&self) -> Screen {
        let sql =
            "select payload from outbox where chat_id = $1 and kind = 'screen' order by id desc limit 1";
        let payload = sqlx::query_scalar(sql).bind(ANNA.0).fetch_one(&self.app.db).await.unwrap();
        serde_json::from_value(payload).unwrap()
    }
}

fn labels(screen: &Screen) -> Vec<&str> {
    screen.rows.iter().flatten().map(|button| button.label.as_str()).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admin_reads_on_his_first_start_what_waits(db: PgPool) {
    let world = World::new(db).await;
    measurement(&mut *world.conn().await, 1).await;
    let menu = world.types("/start").await;
    assert!(labels(&menu).contains(&"⏳ Новые замеры · 1"), "{menu:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn access_is_taken_by_a_second_press_and_given_back_by_one(db: PgPool) {
    let world = World::new(db).await;
    let ivan = person(&mut *world.conn().await, "Иван Петров", Role::Measurer).await;
    let has_access = async || {
        let user = users::find(&mut *world.conn().await, ivan.id).await.unwrap().unwrap();
        user.actor().roles.has(Role::Measurer)
    };
    world.types("/measurers").await;
    assert_eq!(world.presses("Иван Петров").await, None);
    assert_eq!(world.presses("⛔ Отключить доступ").await, None);
    assert!(has_access().await, "it was a question");
    assert_eq!(world.presses("Да, отключить").await.unwrap().text, "⛔ Доступ отключён: Иван Петров");
    assert!(!has_access().await);

    assert_eq!(world.presses("✅ Вернуть доступ").await.unwrap().text, "✅ Доступ возвращён: Иван Петров");
    assert!(has_access().await);
    assert!(labels(&world.screen().await).contains(&"⛔ Отключить доступ"), "his card as he is now");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_second_tap_opens_no_second_card(db: PgPool) {
    let world = World::new(db).await;
    measurement(&mut *world.conn().await, 1).await;
    let cards = async || {
        let count = sqlx::query_scalar::<_, i64>("select count(*) from outbox where kind = 'card'");
        count.fetch_one(&world.app.db).await.unwrap()
    };
    let sent = async || {
        let sql = "update outbox set state = 'sent', finished_at = now() where kind = 'card'";
        sqlx::query(sql).execute(&world.app.db).await.unwrap();
    };
    world.types("/pending").await;
    let list = world.button("№1").await;
    let done_already = Some("Уже сделано".to_owned());
    for (seconds, toast, count) in [(0, None, 1), (60, done_already.clone(), 1)] {
        world.app.clock.advance(TimeDelta::seconds(seconds));
        assert_eq!(
            world.serve(list.clone()).await.map(|toast| toast.text),
            toast,
            "it has not been sent yet"
        );
        assert_eq!(cards().await, count);
    }
    sent().await;
    assert_eq!(world.serve(list.clone()).await, None, "asked for again after a minute");
    sent().await;
    world.app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(world.serve(list.clone()).await.map(|toast| toast.text), done_already);
    assert_eq!(cards().await, 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_second_tap_on_a_role_says_that_it_is_done(db: PgPool) {
    let world = World::new(db).await;
    world.types("/menu").await;
    world.presses("➕ Пригласить").await;
    let role = world.button("👷 Замерщик").await;
    assert_eq!(world.serve(role.clone()).await, None);
    let link = world.screen().await;
    assert!(link.text.contains("https://t.me/measurements_bot?start="), "{link:?}");
    assert_eq!(world.serve(role).await.unwrap().text, "Уже сделано");
    assert_eq!(world.screen().await, link);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_link_is_made_before_the_bots_name_is_known(db: PgPool) {
    let world = World::nameless(db).await;
    world.types("/menu").await;
    world.presses("➕ Пригласить").await;
    let role = world.button("👷 Замерщик").await;
    assert!(world.try_to_serve(role.clone()).await.is_err(), "so it is tried again");
    let links = sqlx::query_scalar::<_, i64>("select count(*) from invites");
    assert_eq!(links.fetch_one(&world.app.db).await.unwrap(), 0);
    world.app.set_bot_username("measurements_bot".into());
    assert_eq!(world.serve(role).await, None);
    assert!(world.screen().await.text.contains("https://t.me/measurements_bot?start="));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn ones_own_number_is_kept_and_nobody_elses(db: PgPool) {
    let world = World::new(db).await;
    let sends = |phone: &str, is_own| IncomingKind::Contact(Contact { phone: phone.into(), is_own });
    let phone = async || {
        users::find_by_chat(&mut *world.conn().await, ANNA).await.unwrap().and_then(|user| user.phone)
    };
    world.serve(sends("79160000001", false)).await;
    assert_eq!((phone().await, world.screen().await.keyboard), (None, Keyboard::Kept));
    world.serve(sends("12", true)).await;
    assert_eq!((phone().await, world.screen().await.keyboard), (None, Keyboard::Removed));
    world.serve(sends("79160000001", true)).await;
    assert_eq!(phone().await.as_deref(), Some("+79160000001"));
    assert_eq!(world.screen().await.text, "Спасибо, номер сохранён.");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_declines_gets_his_own_keyboard_and_the_menu(db: PgPool) {
    let world = World::new(db).await;
    for answer in ["Не сейчас", "Not now"] {
        let menu = world.types(answer).await;
        assert!(!menu.rows.is_empty(), "{menu:?}");
    }
    let removed = "select count(*) from outbox where payload -> 'keyboard' = '\"removed\"'";
    let removed: i64 = sqlx::query_scalar(removed).fetch_one(&world.app.db).await.unwrap();
    assert_eq!(removed, 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_employee_is_found_by_words_until_something_else_is_asked_for(db: PgPool) {
    let world = World::new(db).await;
    let olga = person(&mut *world.conn().await, "Ольга", Role::Manager).await;
    let names = "insert into amo_users (amo_user_id, name, email, is_active, seen_at) values
        (7, 'Смирнова О.', 'olga@okna.ru', true, now()), (8, 'Антон Белов', null, true, now())";
    sqlx::query(names).execute(&mut *world.conn().await).await.unwrap();
    let asks = || IncomingKind::Press {
        callback_id: "1".into(),
        message_id: Some(5),
        data: Some(Callback::FindEmployee(olga.id).encode()),
    };
    for words in ["смирн", "OKNA"] {
        world.serve(asks()).await;
        let found = world.types(words).await;
        assert_eq!(found.rows[0][0].label, "Смирнова О.");
    }
    world.serve(asks()).await;
    let nobody = world.types("%").await;
    assert_eq!(nobody.text, "Свободных пользователей AmoCRM нет.");
    assert!(world.types("смирн").await.text.starts_with("Ничего не найдено"), "the question is answered");
    world.serve(asks()).await;
    world.types("/menu").await;
    assert!(world.types("смирн").await.text.starts_with("Ничего не найдено"), "a command ends it");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurer_says_in_his_own_words_why_he_cannot_go(db: PgPool) {
    let world = World::new(db).await;
    let (conn, now) = (&mut *world.conn().await, world.app.now());
    let anna = users::find_by_chat(conn, ANNA).await.unwrap().unwrap();
    users::grant(conn, anna.id, Role::Measurer, now).await.unwrap();
    let id = measurement(conn, 1).await;
    transit(conn, &anna.actor(), (id, 0), Transition::Assign(anna.id), now).await.unwrap();
    let other = CardPress::Decline(DeclineReason::Other);
    let press = IncomingKind::Press {
        callback_id: "1".into(),
        message_id: Some(5),
        data: Some(Callback::Card { id, step: 1, press: other }.encode()),
    };
    world.serve(press).await;
    assert!(world.screen().await.text.starts_with("Напишите, почему не можете"));
    assert_eq!(world.types("сломалась\nмашина").await.text, "🙅 Замер вернулся в очередь");
    let line = history::last_transition(conn, id).await.unwrap().unwrap();
    let text = Some("сломалась машина".to_owned());
    assert_eq!(line.what, What::Declined { from: anna.id, reason: DeclineReason::Other, text });
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_person_chooses_what_he_reads(db: PgPool) {
    let world = World::new(db).await;
    let choice = world.types("/language").await;
    assert_eq!(labels(&choice), ["🇷🇺 Русский", "🇬🇧 English", "⌂ Меню"]);
    world.presses("English").await;
    assert!(labels(&world.screen().await).contains(&"⏳ New measurements"), "the menu answers in it");
    assert!(world.types("/menu").await.text.starts_with("<b>⌂ Menu"), "and so does all that comes");
    let anna = users::find_by_chat(&mut *world.conn().await, ANNA).await.unwrap().unwrap();
    assert_eq!(anna.language, Language::En);
}
