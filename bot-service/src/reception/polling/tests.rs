use simulator::telegram::{Fault, FaultRule, Options, Person, Refusal, Simulator};
use sqlx::PgPool;
use tokio::time::timeout;

use super::webhook::asked_for;
use super::*;
use crate::domain::reception::{RECEPTION, ReceptionTrouble};
use crate::domain::user::Role;
use crate::storage::{leases, settings};
use crate::telegram::sender::hook;
use crate::test_app;

const ANNA: i64 = 1001;
const SOON: Duration = Duration::from_secs(15);

async fn telegram() -> Simulator {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    telegram.add_person(Person::new(ANNA, "Анна"));
    telegram
}

/// Polls until Telegram has seen what is waited for.
async fn polled(app: &App, fence: &Fence, telegram: &Simulator, what: impl Fn(&Simulator) -> bool) {
    let over = CancellationToken::new();
    let seen = async {
        telegram.wait_until("it was polled", SOON, |it| what(it).then_some(())).await.unwrap();
        over.cancel();
    };
    timeout(SOON, async { tokio::join!(run(app, fence, &over), seen) }).await.unwrap();
}

async fn stored(app: &App) -> Vec<(i64, String)> {
    let query = "select chat_id, convert_from(body, 'UTF8') from telegram_updates order by update_id";
    sqlx::query_as(query).fetch_all(&app.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn updates_are_confirmed_once_they_are_stored_as_they_came(db: PgPool) {
    let telegram = telegram().await;
    let app = test_app::with_telegram(db, &telegram);
    let fence = test_app::fence(&app).await;
    telegram.deliver_twice(1);
    telegram.says(ANNA, "первое").unwrap();
    telegram.says(ANNA, "второе").unwrap();
    polled(&app, &fence, &telegram, |it| it.pending_updates() == 0).await;

    let stored = stored(&app).await;
    assert_eq!(stored.len(), 2, "what came twice is kept once");
    assert!(stored.iter().all(|(chat, body)| *chat == ANNA && body.starts_with("{\"")));
    assert!(stored[0].1.contains("первое") && stored[1].1.contains("второе"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_leader_goes_on_where_the_old_one_stopped_and_the_old_one_stores_nothing(db: PgPool) {
    let telegram = telegram().await;
    let app = test_app::with_telegram(db, &telegram);
    let old = test_app::fence(&app).await;
    telegram.says(ANNA, "раз").unwrap();
    Poller::new(&app, &old).once().await.unwrap();
    assert_eq!(telegram.pending_updates(), 1, "stored, but not confirmed yet");

    let mut late = Poller::new(&app, &old);
    let conn = &mut *app.db.acquire().await.unwrap();
    sqlx::query("update leases set expires_at = '-infinity'").execute(&mut *conn).await.unwrap();
    let new = test_app::fence(&app).await;
    telegram.says(ANNA, "два").unwrap();
    assert!(late.once().await.is_err(), "it polls, but may not commit");
    assert_eq!(late.offset, None, "and confirms nothing");
    assert_eq!(stored(&app).await.len(), 1);
    polled(&app, &new, &telegram, |it| it.pending_updates() == 0).await;
    assert_eq!(stored(&app).await.len(), 2);
    assert_eq!(leases::take(conn, uuid::Uuid::new_v4(), SOON).await.unwrap(), None, "the new one leads on");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn telegram_is_left_alone_for_as_long_as_it_asks(db: PgPool) {
    let telegram = telegram().await;
    let app = test_app::with_telegram(db, &telegram);
    let fence = test_app::fence(&app).await;
    telegram.fault(FaultRule::on("getUpdates", Fault::too_many_requests(60)));
    let started = Instant::now();
    let mut poller = Poller::new(&app, &fence);
    let too_many = poller.once().await.unwrap_err();
    assert_eq!(asked_for(&too_many), Duration::from_mins(1));
    assert!(started.elapsed() < Duration::from_secs(10), "the wait is the loop's, which gives signs of life");
    telegram.fault(FaultRule::on("getUpdates", Fault::BadGateway));
    let gateway = poller.once().await.unwrap_err();
    assert_eq!(asked_for(&gateway), Duration::ZERO);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn trouble_is_waited_out(db: PgPool) {
    let telegram = telegram().await;
    let app = test_app::with_telegram(db, &telegram);
    let fence = test_app::fence(&app).await;
    let conflict =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    for fault in [Fault::BadGateway, Fault::Disconnect, Fault::Refuse(Refusal::new(409, conflict))] {
        telegram.fault(FaultRule::on("getUpdates", fault));
    }
    telegram.says(ANNA, "всё равно").unwrap();
    polled(&app, &fence, &telegram, |it| it.pending_updates() == 0 && it.faults().is_empty()).await;
    assert_eq!(stored(&app).await.len(), 1);
}

const HOST: &str = "zamer.example.ru";
const URL: &str = "https://zamer.example.ru/webhook/telegram";

/// Telegram posts to an address, as another mode or another program has told it to.
async fn posts_to(telegram: &Simulator, url: &str) {
    telegram.resolve(HOST, Vec::<String>::new());
    let set = format!("{}/bot{}/setWebhook", telegram.url(), telegram.token());
    let answer = reqwest::Client::new().post(set).json(&serde_json::json!({ "url": url })).send().await;
    assert!(answer.unwrap().status().is_success());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn after_a_webhook_what_it_did_not_deliver_is_asked_for_though_newer_ones_are_stored(db: PgPool) {
    let telegram = telegram().await;
    let app = test_app::with_telegram_and(db, &telegram, &[("TELEGRAM_WEBHOOK_URL", URL)]);
    let fence = test_app::fence(&app).await;
    for text in ["не доставлено", "доставлено"] {
        telegram.says(ANNA, text).unwrap();
    }
    let both = direct::updates(&app.bot, None, Duration::ZERO).await.unwrap();
    let newer = read::raw(both[1].get().as_bytes()).unwrap();
    Poller::new(&app, &fence).store(&[newer]).await.unwrap();
    posts_to(&telegram, URL).await;

    polled(&app, &fence, &telegram, |it| it.pending_updates() == 0).await;
    assert_eq!(telegram.webhook_url(), None, "ours was taken away");
    let stored = stored(&app).await;
    assert_eq!(stored.len(), 2, "each is there once");
    assert!(stored[0].1.contains("не доставлено"), "{stored:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_webhook_of_somebody_else_stays_and_is_told_once_and_so_is_its_end(db: PgPool) {
    let telegram = telegram().await;
    let app = test_app::with_telegram_and(db, &telegram, &[("TELEGRAM_WEBHOOK_URL", URL)]);
    let fence = test_app::fence(&app).await;
    let anna = crate::testing::person(&mut app.db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    posts_to(&telegram, "https://zamer.example.ru/other").await;
    let mut poller = Poller::new(&app, &fence);
    for _ in 0..2 {
        assert!(poller.once().await.is_err());
    }
    assert!(telegram.webhook_url().is_some(), "it is not ours to delete");
    let found = async || {
        let mut conn = app.db.acquire().await.unwrap();
        settings::find::<Reception>(&mut conn, RECEPTION).await.unwrap().unwrap().trouble
    };
    assert_eq!(found().await, Some(ReceptionTrouble::Foreign { host: HOST.into() }));

    hook::delete(&app.bot).await.unwrap();
    poller.once().await.unwrap();
    assert_eq!(found().await, None);
    let waiting = crate::testing::waiting(&mut app.db.acquire().await.unwrap()).await;
    assert_eq!(waiting, vec![(anna.id.0, "alert".to_owned()); 2]);
}
