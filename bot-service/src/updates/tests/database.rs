//! While the database is away, silent, locked, or chooses somebody else.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use super::*;
use crate::actions::measurements::transit;
use crate::database;
use crate::domain::ids::MeasurementId;
use crate::domain::measurement::{CancelReason, Transition};
use crate::domain::user::{Actor, Role};
use crate::storage::cards;
use crate::telegram::callback::{Callback, CardPress};
use crate::test_relay::{Commit, Relay};
use crate::testing::{measurement, person, somebody_waits};

/// Anna's press comes to an app that reaches its database through a relay.
struct Scene {
    app: App,
    /// Without the relay.
    direct: App,
    relay: Relay,
    telegram: Simulator,
    press: CallbackId,
}

impl Scene {
    async fn new(db: PgPool) -> Self {
        let (direct, telegram, press) = pressed(db).await;
        // Her /start is none of our business.
        sqlx::query(
            "delete from telegram_updates where update_id < (select max(update_id) from telegram_updates)",
        )
        .execute(&direct.db)
        .await
        .unwrap();
        let relay = Relay::before(&direct.db).await;
        let mut app = direct.clone();
        app.db = database::pool(relay.options());
        Self { app, direct, relay, telegram, press }
    }

    /// A turn during which something happens once the handler is at work.
    async fn turn_while(&self, handler: &Slow, happens: impl FnOnce()) -> Turn {
        let happening = async {
            handler.begun.acquire().await.unwrap().forget();
            happens();
            handler.allowed.add_permits(1);
        };
        let turn = async { tokio::join!(turn::take(&self.app, handler, ChatId(1)), happening).0 };
        timeout(3 * LIMIT, turn).await.expect("a turn comes to its end")
    }

    /// How often the update has failed, and whether it is handled or given up.
    async fn counted(&self) -> (i32, bool, bool) {
        sqlx::query_as("select attempts, handled_at is not null, parked_at is not null from telegram_updates")
            .fetch_one(&self.direct.db)
            .await
            .unwrap()
    }

    /// What the person read of the result: the answer itself, or a message.
    async fn told(&self) -> Vec<String> {
        let answer = self.telegram.answer_to(&self.press).map(|answer| answer.text);
        let mut told: Vec<_> = answer.into_iter().filter(|text| text != "Секунду…").collect();
        told.extend(messages(&self.direct).await);
        told
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_is_not_given_up_because_the_database_went_away_again_and_again(db: PgPool) {
    let (scene, slow) = (Scene::new(db).await, Slow::failing(0));
    for _ in 0..6 {
        let turn = scene.turn_while(&slow, || scene.relay.cut()).await;
        assert!(matches!(turn, Turn::Away(_)), "{turn:?}");
        scene.app.clock.advance(TimeDelta::seconds(11));
        let over = async {
            while served(&scene.direct).await > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(LIMIT, over).await.unwrap();
    }
    assert_eq!(scene.counted().await, (0, false, false));
    assert_eq!(scene.telegram.answer_to(&scene.press).unwrap().text, "Секунду…");
    slow.allowed.add_permits(1);
    assert_eq!(turn::take(&scene.app, &slow, ChatId(1)).await, Turn::Done);
    assert_eq!((scene.counted().await, scene.told().await), ((0, true, false), vec!["✅ Готово".into()]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_whose_commit_had_no_answer_is_done_once_and_told_of(db: PgPool) {
    let (scene, slow) = (Scene::new(db).await, Slow::failing(0));
    let turn = scene.turn_while(&slow, || scene.relay.on_next_commit(Commit::Lost)).await;
    assert!(matches!(turn, Turn::Away(_)), "{turn:?}");
    assert_eq!(scene.counted().await, (0, false, false), "nothing is done");

    scene.app.clock.advance(TimeDelta::seconds(2));
    let turn = scene.turn_while(&slow, || scene.relay.on_next_commit(Commit::AnswerLost)).await;
    assert!(scene.relay.has_met_the_commit());
    assert_eq!(turn, Turn::Done);
    assert_eq!((scene.counted().await, scene.told().await), ((0, true, false), vec!["✅ Готово".into()]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_on_a_connection_that_goes_silent_is_done_within_a_minute(db: PgPool) {
    let (scene, slow) = (Scene::new(db).await, Slow::failing(0));
    let began = Instant::now();
    let turn = scene.turn_while(&slow, || scene.relay.silence()).await;
    assert!(matches!(turn, Turn::Away(_)), "{turn:?}");
    assert_eq!(scene.telegram.answer_to(&scene.press).unwrap().text, "Секунду…");
    scene.app.clock.advance(TimeDelta::seconds(20));
    slow.allowed.add_permits(1);
    // The server keeps the chat for the silent session until it has rested for too long.
    while turn::take(&scene.app, &slow, ChatId(1)).await != Turn::Done {
        assert!(began.elapsed() < Duration::from_mins(1));
    }
    assert_eq!((scene.counted().await, scene.told().await), ((0, true, false), vec!["✅ Готово".into()]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_that_meets_a_lock_is_answered_in_time_and_done_when_the_lock_is_gone(db: PgPool) {
    let (scene, slow) = (Scene::new(db).await, Slow::failing(0));
    slow.allowed.add_permits(1);
    chats::contact(&mut scene.direct.db.acquire().await.unwrap(), ChatId(1), Language::Ru, scene.app.now())
        .await
        .unwrap();
    let mut locking = scene.direct.db.begin().await.unwrap();
    sqlx::query("select from chats for update").execute(&mut *locking).await.unwrap();

    let began = Instant::now();
    let answered = async {
        scene.telegram.answer_of(&scene.press, LIMIT).await.unwrap();
        began.elapsed()
    };
    let (turn, answered) = tokio::join!(turn::take(&scene.app, &slow, ChatId(1)), answered);
    assert_eq!(turn, Turn::Again(Duration::from_millis(300)));
    assert!(answered < Duration::from_secs(3), "people wait no longer: {answered:?}");
    for _ in 0..5 {
        scene.app.clock.advance(TimeDelta::seconds(9));
        assert!(matches!(turn::take(&scene.app, &slow, ChatId(1)).await, Turn::Again(_)));
    }
    assert_eq!(scene.counted().await, (0, false, false), "the lock is not the person's fault");
    scene.app.clock.advance(TimeDelta::seconds(20));
    assert!(matches!(turn::take(&scene.app, &slow, ChatId(1)).await, Turn::Again(_)));
    assert_eq!(scene.counted().await.0, 1, "but he is told in the end if it is held for ever");

    locking.rollback().await.unwrap();
    scene.app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(turn::take(&scene.app, &slow, ChatId(1)).await, Turn::Done);
    assert_eq!((scene.counted().await, scene.told().await), ((1, true, false), vec!["✅ Готово".into()]));
    assert_eq!(scene.telegram.calls_of("answerCallbackQuery").len(), 1);
}

/// What serves people in the running service, and how often it did.
#[derive(Default)]
struct Telegram(AtomicUsize);

impl Telegram {
    fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Handler for Telegram {
    async fn handle(
        &self,
        app: &App,
        conn: &mut PgConnection,
        incoming: &Incoming,
    ) -> anyhow::Result<Answer> {
        self.0.fetch_add(1, Ordering::SeqCst);
        crate::telegram::handle(app, conn, incoming).await
    }
}

/// An admin's card, and a measurer to be given the measurement by a press on it.
async fn card(app: &App, telegram: &Simulator) -> (MeasurementId, Actor, CallbackId) {
    let conn = &mut *app.db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let id = measurement(conn, 1).await;
    let chat = 1_000 + anna.id.0;
    cards::adopt(conn, ChatId(chat), 1, anna.id, id, app.now()).await.unwrap();
    telegram.add_person(Person::new(chat, "Анна"));
    telegram.starts(chat, None).unwrap();
    let assign = Callback::Card { id, step: 0, press: CardPress::AssignTo(ivan.id) };
    let press = telegram.press_data(chat, 1, &assign.encode()).unwrap();
    let raw = presses(app).await;
    telegram_updates::store(conn, telegram.bot_id(), &raw, app.now()).await.unwrap();
    (id, anna, press)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_that_is_chosen_to_end_a_deadlock_is_done_again_at_once(db: PgPool) {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    let mut app = test_app::with_telegram(db.clone(), &telegram);
    let (id, anna, press) = card(&app, &telegram).await;
    // The press looks for deadlocks before its own patience with locks ends, and long before the other one does.
    let options = (*db.connect_options()).clone();
    app.db = database::pool(options.clone().options([("deadlock_timeout", "900ms")]));
    let mut other =
        PgConnection::connect_with(&options.options([("deadlock_timeout", "1min")])).await.unwrap();
    let mut crosswise = other.begin().await.unwrap();
    sqlx::query("select from cards for update").execute(&mut *crosswise).await.unwrap();
    let crossing = async {
        somebody_waits(&db).await;
        sqlx::query("select from measurements for update").execute(&mut *crosswise).await.unwrap();
        crosswise.rollback().await.unwrap();
    };
    let (chat, served) = (ChatId(1_000 + anna.id.0), Telegram::default());
    let both = async { tokio::join!(turn::take(&app, &served, chat), crossing).0 };
    assert_eq!(timeout(LIMIT, both).await.unwrap(), Turn::Done);
    telegram.answer_of(&press, LIMIT).await.unwrap();
    assert_eq!(served.times(), 2, "there was a deadlock");
    let attempts: i32 =
        sqlx::query_scalar("select attempts from telegram_updates").fetch_one(&db).await.unwrap();
    assert_eq!(attempts, 0);
    let lines: i64 = sqlx::query_scalar("select count(*) from measurement_history where what = 'assigned'")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(lines, 1, "the measurement {id} is given once");
    app.db.close().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_press_that_cannot_be_serialised_is_done_again_at_once(db: PgPool) {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    let mut app = test_app::with_telegram(db.clone(), &telegram);
    let (id, anna, _) = card(&app, &telegram).await;
    let strict = [("default_transaction_isolation", "serializable")];
    app.db = database::pool((*db.connect_options()).clone().options(strict));
    let mut other = db.begin().await.unwrap();
    transit(&mut other, &anna, (id, 0), Transition::Cancel(CancelReason::Mistake), app.now()).await.unwrap();
    let committing = async {
        somebody_waits(&db).await;
        other.commit().await.unwrap();
    };
    let (chat, served) = (ChatId(1_000 + anna.id.0), Telegram::default());
    let both = async { tokio::join!(turn::take(&app, &served, chat), committing).0 };
    assert_eq!(timeout(LIMIT, both).await.unwrap(), Turn::Done);
    let (attempts, is_handled): (i32, bool) =
        sqlx::query_as("select attempts, handled_at is not null from telegram_updates")
            .fetch_one(&db)
            .await
            .unwrap();
    assert_eq!(served.times(), 2);
    assert_eq!((attempts, is_handled), (0, true), "it is refused as stale, and not as a failure");
    app.db.close().await;
}
