//! Playing people over HTTP.

use serde_json::{Value, json};
use simulator::telegram::{Options, Simulator};

use crate::raw::{ANNA, BLOCKER, call, done, telegram};

async fn post(telegram: &Simulator, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/control/{path}", telegram.url());
    let response = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn look(telegram: &Simulator, path: &str) -> String {
    reqwest::get(format!("{}/control{path}", telegram.url())).await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_new_person_starts_presses_and_reads() {
    let telegram = telegram(Options::unlimited()).await;
    post(&telegram, "people", json!({ "id": 7, "first_name": "Вера" })).await;
    post(&telegram, "people/7/start", json!({ "payload": "invite" })).await;
    let markup = json!({ "inline_keyboard": [[{ "text": "Да", "callback_data": "yes" }]] });
    done(&telegram, "sendMessage", json!({ "chat_id": 7, "text": "Вопрос", "reply_markup": markup })).await;

    let press = tokio::spawn({
        let telegram = telegram.clone();
        async move { post(&telegram, "people/7/press", json!({ "label": "Да" })).await }
    });
    answer_the_next_press(&telegram).await;

    let (status, pressed) = press.await.unwrap();
    assert_eq!((status, &pressed["answer"]["text"]), (200, &json!("Готово")));
    let transcript = look(&telegram, "/chats/7/transcript").await;
    assert_eq!(transcript, "Вера: /start invite\n🤖: Вопрос\n   [Да]\nВера ▸ [Да] → Готово\n");
    assert!(look(&telegram, "/people").await.contains("Вера"));
    assert!(look(&telegram, "/calls?method=sendMessage").await.contains("Вопрос"));
}

/// What a bot does: waits for the press and answers it.
async fn answer_the_next_press(telegram: &Simulator) {
    let wanted = json!({ "timeout": 5, "allowed_updates": ["callback_query"] });
    let mut offset = json!(-1);
    loop {
        let mut params = wanted.clone();
        params["offset"] = offset;
        let updates = done(telegram, "getUpdates", params).await;
        let last = updates.as_array().unwrap().last().expect("a press within five seconds").clone();
        if let Some(id) = last["callback_query"]["id"].as_str() {
            done(telegram, "answerCallbackQuery", json!({ "callback_query_id": id, "text": "Готово" })).await;
            return;
        }
        offset = json!(last["update_id"].as_i64().unwrap() + 1);
    }
}

#[tokio::test]
async fn what_a_person_cannot_do_is_explained() {
    let telegram = telegram(Options::unlimited()).await;

    let (status, body) = post(&telegram, &format!("people/{BLOCKER}/say"), json!({ "text": "x" })).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().unwrap().contains("Blocked"), "{body}");
    let (_, body) = post(&telegram, &format!("people/{ANNA}/press"), json!({ "label": "Да" })).await;
    assert!(body["error"].as_str().unwrap().contains("[Да]"), "{body}");
}

#[tokio::test]
async fn faults_and_time_are_set_by_hand() {
    let telegram = telegram(Options::unlimited()).await;
    let before = telegram.clock().now();
    post(&telegram, "faults", json!({ "method": "getMe", "fault": "bad_gateway" })).await;
    post(&telegram, "faults", json!({ "fault": { "refuse": { "code": 500, "description": "x" } } })).await;
    post(&telegram, "clock", json!({ "advance_seconds": 3600 })).await;

    assert_eq!(call(&telegram, "getChat", json!({ "chat_id": ANNA })).await.0, 500);
    assert!((telegram.clock().now() - before).num_seconds() >= 3600);
    assert!(look(&telegram, "/status").await.contains("\"faults\":1"));
    assert!(look(&telegram, "").await.contains("/control/people"));
}
