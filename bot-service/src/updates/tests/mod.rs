use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use serde_json::json;
use simulator::telegram::{CallbackId, Options, Person, Simulator};
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Mutex, Semaphore};

use super::*;
use crate::domain::user::Language;
use crate::storage::chats;
use crate::storage::telegram_updates::Raw;
use crate::telegram::incoming::{Answer, Incoming, IncomingKind};
use crate::telegram::read;
use crate::telegram::sender::direct;
use crate::telegram::toasts::Toast;
use crate::test_app::{self, app};

mod database;

const LIMIT: Duration = Duration::from_secs(20);

/// Writes down what it is given; a text that begins with a command breaks it in its own way.
#[derive(Default)]
struct Clerk {
    heard: Mutex<Vec<String>>,
    calls: AtomicUsize,
}

impl Handler for Clerk {
    async fn handle(&self, _: &App, conn: &mut PgConnection, incoming: &Incoming) -> anyhow::Result<Answer> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let IncomingKind::Text(text) = &incoming.kind else { return Ok(Answer::default()) };
        // A write of the handler's own: it must share the fate of the update.
        sqlx::query("insert into settings (name, value, changed_at) values ($1, '1', now())")
            .bind(text)
            .execute(conn)
            .await?;
        match text.as_str() {
            "fail" => anyhow::bail!("asked to fail"),
            "panic" => panic!("asked to panic"),
            _ => {}
        }
        self.heard.lock().await.push(text.clone());
        Ok(Answer::default())
    }
}

async fn came(app: &App, update_id: i64, chat: i64, text: &str) {
    let person = json!({ "id": chat, "is_bot": false, "first_name": "Анна" });
    let body = json!({ "update_id": update_id, "message": {
        "message_id": update_id, "date": 1, "from": person, "text": text,
        "chat": { "id": chat, "type": "private", "first_name": "Анна" } } });
    let raw = Raw { update_id, chat: ChatId(chat), body: body.to_string().into_bytes() };
    let mut conn = app.db.acquire().await.unwrap();
    telegram_updates::store(&mut conn, 42, &[raw], app.now()).await.unwrap();
}

async fn written(app: &App) -> Vec<String> {
    sqlx::query_scalar("select name from settings order by name").fetch_all(&app.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_chat_is_served_in_its_order(db: PgPool) {
    let (app, clerk) = (app(db, &[]), Clerk::default());
    for (id, text) in [(3, "c"), (1, "a"), (2, "b")] {
        came(&app, id, 1, text).await;
    }
    assert_eq!(turn::take(&app, &clerk, ChatId(1)).await, Turn::Done);
    assert_eq!(*clerk.heard.lock().await, ["a", "b", "c"]);
    assert_eq!(turn::take(&app, &clerk, ChatId(1)).await, Turn::Done);
    assert_eq!(clerk.calls.load(Ordering::SeqCst), 3, "each once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_fails_five_times_is_parked_told_and_leaves_no_trace(db: PgPool) {
    for text in ["fail", "panic"] {
        let (app, clerk) = (app(db.clone(), &[]), Clerk::default());
        let chat = if text == "fail" { 1 } else { 2 };
        came(&app, chat * 10, chat, text).await;
        came(&app, chat * 10 + 1, chat, &format!("after {text}")).await;
        for _ in 0..5 {
            assert!(clerk.heard.lock().await.is_empty(), "the next one waits");
            turn::take(&app, &clerk, ChatId(chat)).await;
            app.clock.advance(TimeDelta::seconds(11));
        }
        assert_eq!(turn::take(&app, &clerk, ChatId(chat)).await, Turn::Done);
        assert_eq!(*clerk.heard.lock().await, [format!("after {text}")]);
    }
    let app = app(db, &[]);
    assert_eq!(written(&app).await, ["after fail", "after panic"]);
    let told: i64 = sqlx::query_scalar("select count(*) from outbox where kind = 'screen'")
        .fetch_one(&app.db)
        .await
        .unwrap();
    assert_eq!(told, 2, "each person reads that it did not work");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failing_chat_does_not_hold_up_another(db: PgPool) {
    let (app, clerk, stop) = (app(db, &[]), Arc::new(Clerk::default()), CancellationToken::new());
    came(&app, 1, 1, "panic").await;
    came(&app, 2, 2, "well").await;
    let mut running = JoinSet::new();
    running.spawn(run(app.clone(), clerk.clone(), stop.clone()));
    let heard = async {
        while clerk.heard.lock().await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, heard).await.unwrap();
    stop.cancel();
    timeout(LIMIT, running.join_next()).await.unwrap().unwrap().unwrap();
    assert_eq!(written(&app).await, ["well"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_cannot_be_read_is_passed_over(db: PgPool) {
    let (app, clerk) = (app(db, &[]), Clerk::default());
    let raw = Raw { update_id: 1, chat: ChatId(1), body: b"\xff\x00 not JSON".to_vec() };
    let mut conn = app.db.acquire().await.unwrap();
    telegram_updates::store(&mut conn, 42, &[raw], app.now()).await.unwrap();
    drop(conn);
    came(&app, 2, 1, "next").await;
    assert_eq!(turn::take(&app, &clerk, ChatId(1)).await, Turn::Done);
    assert_eq!(*clerk.heard.lock().await, ["next"]);
}

/// Serves a press when it is allowed to; the first so many fail.
struct Slow {
    /// A permit for each press that it has begun to serve.
    begun: Semaphore,
    allowed: Semaphore,
    failures: AtomicUsize,
}

impl Slow {
    fn failing(times: usize) -> Self {
        Self { begun: Semaphore::new(0), allowed: Semaphore::new(0), failures: AtomicUsize::new(times) }
    }
}

impl Handler for Slow {
    async fn handle(
        &self,
        app: &App,
        conn: &mut PgConnection,
        incoming: &Incoming,
    ) -> anyhow::Result<Answer> {
        chats::contact(conn, incoming.chat_id, Language::Ru, app.now()).await?;
        if !matches!(incoming.kind, IncomingKind::Press { .. }) {
            return Ok(Answer::default());
        }
        if self.failures.load(Ordering::SeqCst) > 0 {
            self.failures.fetch_sub(1, Ordering::SeqCst);
            anyhow::bail!("asked to fail");
        }
        self.begun.add_permits(1);
        self.allowed.acquire().await?.forget();
        Ok(Answer { toast: Some(Toast { text: "✅ Готово".into(), is_alert: false }) })
    }
}

/// Anna has started the bot and presses a button.
async fn pressed(db: PgPool) -> (App, Simulator, CallbackId) {
    let (app, telegram, [press]) = pressed_often(db).await;
    (app, telegram, press)
}

/// So many buttons one after the other.
async fn pressed_often<const N: usize>(db: PgPool) -> (App, Simulator, [CallbackId; N]) {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    telegram.add_person(Person::new(1, "Анна"));
    telegram.starts(1, None).unwrap();
    let presses = std::array::from_fn(|_| telegram.press_data(1, 1, "x").unwrap());
    let app = test_app::with_telegram(db, &telegram);
    take_in(&app, &telegram).await;
    (app, telegram, presses)
}

fn raw(update: &str) -> Raw {
    read::raw(update.as_bytes()).unwrap()
}

/// Stores what has come from Telegram.
pub async fn take_in(app: &App, telegram: &Simulator) {
    let came = direct::updates(&app.bot, None, Duration::ZERO).await.unwrap();
    let raw = came.iter().map(|update| raw(update.get()));
    let (raw, mut conn) = (raw.collect::<Vec<_>>(), app.db.acquire().await.unwrap());
    telegram_updates::store(&mut conn, telegram.bot_id(), &raw, app.now()).await.unwrap();
}

async fn messages(app: &App) -> Vec<String> {
    let query = "select payload ->> 'text' from outbox where kind = 'screen' order by id";
    sqlx::query_scalar(query).fetch_all(&app.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_is_answered_with_what_came_of_it(db: PgPool) {
    let (app, telegram, press) = pressed(db).await;
    let slow = Slow::failing(0);
    slow.allowed.add_permits(1);
    assert_eq!(turn::take(&app, &slow, ChatId(1)).await, Turn::Done);
    assert_eq!(telegram.answer_to(&press).unwrap().text, "✅ Готово");
    assert!(messages(&app).await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_that_takes_long_is_answered_meanwhile_and_its_result_is_a_message(db: PgPool) {
    let (app, telegram, press) = pressed(db).await;
    let slow = Slow::failing(0);
    let meanwhile = async {
        let answer = telegram.answer_of(&press, LIMIT).await.unwrap();
        assert!(messages(&app).await.is_empty());
        slow.allowed.add_permits(1);
        answer.text
    };
    let (turn, answer) = tokio::join!(turn::take(&app, &slow, ChatId(1)), meanwhile);
    assert_eq!((turn, answer.as_str()), (Turn::Done, "Секунду…"));
    assert_eq!(messages(&app).await, ["✅ Готово"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_that_has_waited_is_answered_at_once(db: PgPool) {
    let (app, telegram, press) = pressed(db).await;
    app.clock.advance(TimeDelta::seconds(2));
    let slow = Slow::failing(0);
    slow.allowed.add_permits(1);
    assert_eq!(turn::take(&app, &slow, ChatId(1)).await, Turn::Done);
    let answer = telegram.answer_to(&press).unwrap().text;
    assert!(["Секунду…", "✅ Готово"].contains(&answer.as_str()), "whichever was faster: {answer}");
    assert_eq!(messages(&app).await.is_empty(), answer == "✅ Готово");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_that_fails_is_not_left_unanswered_until_it_works(db: PgPool) {
    let (app, telegram, press) = pressed(db).await;
    let slow = Slow::failing(1);
    slow.allowed.add_permits(1);
    let turn = turn::take(&app, &slow, ChatId(1)).await;
    assert_eq!(turn, Turn::Again(Duration::from_millis(300)));
    assert_eq!(telegram.answer_to(&press).unwrap().text, "Секунду…");
    app.clock.advance(TimeDelta::milliseconds(300));
    assert_eq!(turn::take(&app, &slow, ChatId(1)).await, Turn::Done);
    assert_eq!(messages(&app).await, ["✅ Готово"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_behind_one_that_fails_is_answered_once_before_its_turn(db: PgPool) {
    let (app, telegram, [first, second, third]) = pressed_often(db).await;
    let (slow, stop) = (Arc::new(Slow::failing(1)), CancellationToken::new());
    let mut running = JoinSet::new();
    for _ in 0..2 {
        running.spawn(run(app.clone(), slow.clone(), stop.clone()));
    }
    // The clock stands still: the first one is not tried again, and the others have not waited long.
    assert_eq!(telegram.answer_of(&first, LIMIT).await.unwrap().text, "Секунду…");
    assert!(telegram.answer_to(&second).is_none());
    app.clock.advance(TimeDelta::milliseconds(701));
    for press in [&second, &third] {
        assert_eq!(telegram.answer_of(press, LIMIT).await.unwrap().text, "Секунду…");
    }
    // By now the first one may be tried again.
    app.clock.advance(TimeDelta::seconds(1));
    slow.allowed.add_permits(3);
    let ended = async {
        while messages(&app).await.len() < 3 {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, ended).await.unwrap();
    stop.cancel();
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
    assert_eq!(messages(&app).await, ["✅ Готово"; 3], "what came of them follows");
    assert_eq!(telegram.calls_of("answerCallbackQuery").len(), 3);
}

/// What came, without what is no press.
async fn presses(app: &App) -> Vec<Raw> {
    let came = direct::updates(&app.bot, None, Duration::ZERO).await.unwrap();
    let pressed = came.iter().filter(|update| update.get().contains("callback_query"));
    pressed.map(|update| raw(update.get())).collect()
}

/// How many chats are being served.
async fn served(app: &App) -> i64 {
    let sql = "select count(*) from pg_locks join pg_database on pg_database.oid = database
               where locktype = 'advisory' and datname = current_database()";
    sqlx::query_scalar(sql).fetch_one(&app.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_in_a_chat_for_which_there_is_no_room_is_answered_all_the_same(db: PgPool) {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    let people = 1..=i64::try_from(CHATS).unwrap() + 1;
    let pressed = people.map(|person| {
        telegram.add_person(Person::new(person, "Анна"));
        telegram.starts(person, None).unwrap();
        telegram.press_data(person, 1, "x").unwrap()
    });
    let pressed = pressed.collect::<Vec<_>>();
    // A test's own pool is too small for so many chats at once.
    let options = PgPoolOptions::new().max_connections(20);
    let wide = options.connect_with((*db.connect_options()).clone()).await.unwrap();
    let app = test_app::with_telegram(wide.clone(), &telegram);
    let (raw, mut conn) = (presses(&app).await, app.db.acquire().await.unwrap());
    assert_eq!(raw.len(), CHATS + 1);
    telegram_updates::store(&mut conn, telegram.bot_id(), &raw, app.now()).await.unwrap();

    let (slow, stop) = (Arc::new(Slow::failing(0)), CancellationToken::new());
    let mut running = JoinSet::new();
    running.spawn(run(app.clone(), slow.clone(), stop.clone()));
    let full = async {
        while served(&app).await < i64::try_from(CHATS).unwrap() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, full).await.unwrap();
    app.clock.advance(TimeDelta::milliseconds(1501));
    assert_eq!(telegram.answer_of(&pressed[CHATS], LIMIT).await.unwrap().text, "Секунду…");
    slow.allowed.add_permits(CHATS + 1);
    let ended = async {
        while messages(&app).await.len() <= CHATS {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, ended).await.unwrap();
    stop.cancel();
    timeout(LIMIT, running.join_next()).await.unwrap().unwrap().unwrap();
    assert_eq!(telegram.calls_of("answerCallbackQuery").len(), CHATS + 1, "each once");
    drop(conn);
    wide.close().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_answer_in_between_is_in_the_language_of_the_chat(db: PgPool) {
    let (app, telegram, press) = pressed(db).await;
    let conn = &mut *app.db.acquire().await.unwrap();
    chats::contact(conn, ChatId(1), Language::En, app.now()).await.unwrap();
    turn::take(&app, &Slow::failing(1), ChatId(1)).await;
    assert_eq!(telegram.answer_to(&press).unwrap().text, "One moment…");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_chat_that_another_replica_serves_is_left_to_it(db: PgPool) {
    let (app, clerk) = (app(db, &[]), Clerk::default());
    came(&app, 1, 1, "a").await;
    let mut elsewhere = app.db.begin().await.unwrap();
    assert!(telegram_updates::try_lock_chat(&mut elsewhere, ChatId(1)).await.unwrap());
    assert!(matches!(turn::take(&app, &clerk, ChatId(1)).await, Turn::Again(_)));
    elsewhere.rollback().await.unwrap();
    assert_eq!(turn::take(&app, &clerk, ChatId(1)).await, Turn::Done);
    assert_eq!(clerk.calls.load(Ordering::SeqCst), 1);
}
