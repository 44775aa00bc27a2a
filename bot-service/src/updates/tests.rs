use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Mutex;

use super::*;
use crate::storage::telegram_updates::Raw;
use crate::telegram::incoming::{Answer, Incoming, IncomingKind};
use crate::test_app::app;

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
            assert_eq!(turn::take(&app, &clerk, ChatId(chat)).await, Turn::Failed);
            assert!(clerk.heard.lock().await.is_empty(), "the next one waits");
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
