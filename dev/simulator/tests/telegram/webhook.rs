//! Updates posted to the bot: order, retries, and what shuts out what.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::TimeDelta;
use serde_json::{Value, json};
use simulator::telegram::{Options, Simulator};

use crate::raw::{ANNA, call, done, refused, telegram};

const SOON: Duration = Duration::from_secs(5);
const HOST: &str = "bot.example";
const URL: &str = "https://bot.example/hook";

/// A bot that answers with these codes in turn, then 200, and keeps what came with its secret.
#[derive(Clone, Default)]
struct Bot {
    codes: Arc<Mutex<VecDeque<u16>>>,
    heard: Arc<Mutex<Vec<(Value, String)>>>,
}

impl Bot {
    /// Listens and returns its address.
    async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(Self::take)).with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        address
    }

    #[expect(clippy::unused_async, reason = "a handler is async")]
    async fn take(
        State(bot): State<Self>,
        headers: HeaderMap,
        axum::Json(update): axum::Json<Value>,
    ) -> (StatusCode, [(&'static str, &'static str); 1]) {
        let secret = headers.get("X-Telegram-Bot-Api-Secret-Token").map(|it| it.to_str().unwrap().to_owned());
        bot.heard.lock().unwrap().push((update, secret.unwrap_or_default()));
        let code = bot.codes.lock().unwrap().pop_front().unwrap_or(200);
        (StatusCode::from_u16(code).unwrap(), [("retry-after", "1")])
    }

    fn fails(&self, codes: &[u16]) {
        self.codes.lock().unwrap().extend(codes);
    }

    fn texts(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let text = |(update, _): &(Value, String)| {
            let what = update["message"]["text"].as_str().or(update["callback_query"]["data"].as_str());
            what.unwrap_or_default().to_owned()
        };
        heard.iter().map(text).collect()
    }
}

/// A simulator whose name leads to this bot. Anna's `/start` waits.
async fn started() -> (Simulator, Bot) {
    let (telegram, bot) = (telegram(Options::unlimited()).await, Bot::default());
    telegram.resolve(HOST, [bot.listen().await]);
    (telegram, bot)
}

async fn all_taken(telegram: &Simulator) {
    telegram.wait_until("all is taken", SOON, |it| (it.pending_updates() == 0).then_some(())).await.unwrap();
}

#[tokio::test]
async fn what_waits_and_what_comes_is_posted_with_the_secret() {
    let (telegram, bot) = started().await;
    let waiting = telegram.pending_updates();
    done(&telegram, "setWebhook", json!({ "url": URL, "secret_token": "s-3_cret" })).await;
    telegram.says(ANNA, "привет").unwrap();
    all_taken(&telegram).await;
    assert_eq!(bot.heard.lock().unwrap().len(), waiting + 1);
    assert_eq!(bot.texts().last().unwrap(), "привет");
    assert!(bot.heard.lock().unwrap().iter().all(|(_, secret)| secret == "s-3_cret"));
}

#[tokio::test]
async fn what_is_not_taken_comes_again_and_holds_up_its_own_lane_alone() {
    let (telegram, bot) = started().await;
    done(&telegram, "setWebhook", json!({ "url": URL })).await;
    all_taken(&telegram).await;
    bot.heard.lock().unwrap().clear();
    bot.fails(&[503]);
    for text in ["1", "2"] {
        telegram.says(ANNA, text).unwrap();
    }
    telegram
        .wait_until("1 is refused", SOON, |it| (it.deliveries().last()?.status? == 503).then_some(()))
        .await
        .unwrap();
    telegram.press_data(ANNA, 1, "press").unwrap();
    all_taken(&telegram).await;
    let texts = bot.texts();
    assert_eq!(texts.iter().filter(|text| *text != "press").collect::<Vec<_>>(), ["1", "1", "2"]);
    assert!(texts.iter().position(|text| text == "press") < texts.iter().position(|text| text == "2"));
    let info = done(&telegram, "getWebhookInfo", json!({})).await;
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 503 Service Unavailable");
    assert!(info["last_error_date"].is_i64());
}

#[tokio::test]
async fn an_update_can_be_posted_twice_and_nobody_at_the_address_is_an_error() {
    let (telegram, bot) = started().await;
    done(&telegram, "setWebhook", json!({ "url": URL })).await;
    all_taken(&telegram).await;
    telegram.deliver_twice(1);
    telegram.says(ANNA, "дважды").unwrap();
    all_taken(&telegram).await;
    assert_eq!(bot.texts().iter().filter(|text| *text == "дважды").count(), 2);

    telegram.resolve(HOST, Vec::<String>::new());
    telegram.says(ANNA, "никому").unwrap();
    let failed = |it: &Simulator| (it.deliveries().last()?.status.is_none()).then_some(());
    telegram.wait_until("it failed", SOON, failed).await.unwrap();
    let info = done(&telegram, "getWebhookInfo", json!({})).await;
    assert_eq!(
        (&info["last_error_message"], &info["pending_update_count"]),
        (&json!("Connection refused"), &json!(1))
    );
}

#[tokio::test]
async fn a_webhook_and_polling_shut_each_other_out_and_nothing_is_lost_between() {
    let (telegram, bot) = started().await;
    done(&telegram, "getUpdates", json!({ "offset": -1 })).await;
    let last = done(&telegram, "getUpdates", json!({})).await[0]["update_id"].as_i64().unwrap();
    let waiting = tokio::spawn({
        let telegram = telegram.clone();
        async move { call(&telegram, "getUpdates", json!({ "timeout": 30, "offset": last + 1 })).await }
    });
    telegram.wait_until("somebody polls", SOON, |it| it.is_polled().then_some(())).await.unwrap();
    telegram.resolve(HOST, Vec::<String>::new());
    done(&telegram, "setWebhook", json!({ "url": URL })).await;
    let (status, body) = tokio::time::timeout(SOON, waiting).await.unwrap().unwrap();
    assert_eq!((status, &body["description"]), (409, &json!("Conflict: terminated by setWebhook request")));

    let refusal = refused(&telegram, "getUpdates", json!({})).await;
    assert!(refusal.starts_with("409 Conflict: can't use getUpdates method while webhook is active"));
    telegram.says(ANNA, "между").unwrap();
    done(&telegram, "deleteWebhook", json!({})).await;
    let kept = done(&telegram, "getUpdates", json!({})).await;
    assert_eq!(kept[0]["message"]["text"], "между");
    assert!(bot.heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_telegram_does_not_take_as_a_webhook_is_refused() {
    let (telegram, _bot) = started().await;
    let said = async |params: Value| refused(&telegram, "setWebhook", params).await;
    assert_eq!(
        said(json!({ "url": "http://bot.example/hook" })).await,
        "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    );
    assert_eq!(
        said(json!({ "url": "https://bot.example:8001/hook" })).await,
        "400 Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    );
    assert!(said(json!({ "url": "https://nobody.example/" })).await.contains("Failed to resolve host"));
    assert!(said(json!({ "url": URL, "secret_token": "a b" })).await.contains("unallowed characters"));
    let long = "a".repeat(257);
    assert!(said(json!({ "url": URL, "secret_token": long })).await.contains("too long"));
    assert_eq!(telegram.webhook_url(), None);

    done(&telegram, "setWebhook", json!({ "url": URL, "max_connections": 7 })).await;
    assert!(said(json!({ "url": URL })).await.starts_with("429"), "once a second");
    telegram.advance(TimeDelta::seconds(1));
    let info = done(&telegram, "getWebhookInfo", json!({})).await;
    assert_eq!((&info["url"], &info["max_connections"]), (&json!(URL), &json!(7)));
    done(&telegram, "setWebhook", json!({ "url": URL, "allowed_updates": ["message"] })).await;
    let info = done(&telegram, "getWebhookInfo", json!({})).await;
    assert_eq!((&info["max_connections"], &info["allowed_updates"]), (&json!(40), &json!(["message"])));
}
