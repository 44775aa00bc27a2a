use chrono::TimeDelta;
use simulator::telegram::{Fault, FaultRule, Options, Person, Simulator};
use sqlx::PgPool;
use tokio::time::timeout;

use super::*;
use crate::domain::user::Role;
use crate::test_app;

const HOST: &str = "zamer.example.ru";
const URL: &str = "https://zamer.example.ru/webhook/telegram";
const SECRET: (&str, &str) = ("TELEGRAM_WEBHOOK_SECRET", "0012300123001230");
const ANNA: i64 = 1001;

/// Telegram knows the host, where nobody listens yet.
async fn telegram() -> Simulator {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    telegram.add_person(Person::new(ANNA, "Анна"));
    telegram.resolve(HOST, Vec::<String>::new());
    telegram
}

fn app_with(db: &PgPool, telegram: &Simulator, secret: (&str, &str)) -> App {
    let ours = [("TELEGRAM_MODE", "webhook"), ("TELEGRAM_WEBHOOK_URL", URL), secret];
    test_app::with_telegram_and(db.clone(), telegram, &ours)
}

fn sets(telegram: &Simulator) -> usize {
    let done = |call: &simulator::telegram::Call| call.outcome == simulator::telegram::Outcome::Done;
    telegram.calls_of("setWebhook").iter().filter(|call| done(call)).count()
}

async fn set_by_hand(telegram: &Simulator, body: serde_json::Value) {
    // Telegram takes one a second.
    telegram.advance(TimeDelta::seconds(2));
    let address = format!("{}/bot{}/setWebhook", telegram.url(), telegram.token());
    let answer = reqwest::Client::new().post(address).json(&body).send().await.unwrap();
    assert!(answer.status().is_success());
    telegram.advance(TimeDelta::seconds(2));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_webhook_is_set_once_and_nothing_that_waits_is_dropped(db: PgPool) {
    let telegram = telegram().await;
    telegram.says(ANNA, "до вебхука").unwrap();
    let app = app_with(&db, &telegram, SECRET);
    let fence = test_app::fence(&app).await;
    for _ in 0..3 {
        look(&app, &fence).await.unwrap();
    }
    assert_eq!((telegram.webhook_url().as_deref(), sets(&telegram)), (Some(URL), 1));
    assert_eq!(telegram.pending_updates(), 1);
    let set = telegram.calls_of("setWebhook");
    assert_eq!(set[0].params["secret_token"], SECRET.1);
    assert!(!set[0].params.contains_key("drop_pending_updates"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whatever_differs_is_set_again(db: PgPool) {
    let telegram = telegram().await;
    let app = app_with(&db, &telegram, SECRET);
    let fence = test_app::fence(&app).await;
    look(&app, &fence).await.unwrap();
    let wanted = ["message", "callback_query", "my_chat_member"];
    for (number, body) in [
        serde_json::json!({ "url": "https://zamer.example.ru/other", "max_connections": 20 }),
        serde_json::json!({ "url": URL, "allowed_updates": ["message"], "max_connections": 20 }),
        serde_json::json!({ "url": URL, "allowed_updates": wanted, "max_connections": 1 }),
    ]
    .into_iter()
    .enumerate()
    {
        set_by_hand(&telegram, body).await;
        let before = sets(&telegram);
        look(&app, &fence).await.unwrap();
        look(&app, &fence).await.unwrap();
        assert_eq!(sets(&telegram), before + 1, "difference {number}");
        assert_eq!(telegram.webhook_url().as_deref(), Some(URL));
    }

    telegram.advance(TimeDelta::seconds(2));
    let before = sets(&telegram);
    let app = app_with(&db, &telegram, (SECRET.0, "another-secret-of-ours"));
    look(&app, &fence).await.unwrap();
    look(&app, &fence).await.unwrap();
    assert_eq!(sets(&telegram), before + 1, "Telegram does not tell that the secret is another one");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_address_that_telegram_does_not_take_is_told_once_and_tried_on(db: PgPool) {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    let app = app_with(&db, &telegram, SECRET);
    let fence = test_app::fence(&app).await;
    let anna = crate::testing::person(&mut db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    for _ in 0..2 {
        assert!(look(&app, &fence).await.is_err(), "it is looked at again soon");
    }
    let found = async || {
        let mut conn = db.acquire().await.unwrap();
        settings::find::<Reception>(&mut conn, RECEPTION).await.unwrap().unwrap()
    };
    let trouble = found().await.trouble;
    let Some(ReceptionTrouble::Refused { reason }) = trouble else { panic!("{trouble:?}") };
    assert_eq!(reason, "bad webhook: Failed to resolve host: Name or service not known");

    telegram.resolve(HOST, Vec::<String>::new());
    look(&app, &fence).await.unwrap();
    assert_eq!(found().await.trouble, None);
    let waiting = crate::testing::waiting(&mut db.acquire().await.unwrap()).await;
    assert_eq!(waiting, vec![(anna.id.0, "alert".to_owned()); 2]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_may_pass_by_itself_is_told_to_nobody(db: PgPool) {
    let telegram = telegram().await;
    let app = app_with(&db, &telegram, SECRET);
    let fence = test_app::fence(&app).await;
    crate::testing::person(&mut db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    for (method, fault) in [
        ("getWebhookInfo", Fault::BadGateway),
        ("setWebhook", Fault::LoseAnswer),
        ("setWebhook", Fault::too_many_requests(1)),
    ] {
        telegram.advance(TimeDelta::seconds(2));
        telegram.fault(FaultRule::on(method, fault));
        assert!(look(&app, &fence).await.is_err());
    }
    telegram.advance(TimeDelta::seconds(2));
    look(&app, &fence).await.unwrap();
    assert_eq!(crate::testing::waiting(&mut db.acquire().await.unwrap()).await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_webhook_stays_when_the_leader_stops_and_an_old_leader_notes_nothing(db: PgPool) {
    let telegram = telegram().await;
    let app = app_with(&db, &telegram, SECRET);
    let fence = test_app::fence(&app).await;
    let over = CancellationToken::new();
    let stopping = async {
        let set = |it: &Simulator| it.webhook_url().map(|_| ());
        telegram.wait_until("the webhook is set", Duration::from_secs(15), set).await.unwrap();
        over.cancel();
    };
    timeout(Duration::from_secs(20), async { tokio::join!(run(&app, &fence, &over), stopping) })
        .await
        .unwrap();
    assert!(telegram.calls_of("deleteWebhook").is_empty());
    assert_eq!(telegram.webhook_url().as_deref(), Some(URL));

    telegram.advance(TimeDelta::seconds(2));
    let other = app_with(&db, &telegram, (SECRET.0, "another-secret-of-ours"));
    assert!(look(&other, &Fence::new(-1)).await.is_err(), "what it learned is not kept");
}
