//! A client without opinions: it sends what it is given and returns what it gets.

use serde_json::{Value, json};
use simulator::telegram::{Options, Person, Simulator};

pub const ANNA: i64 = 1001;
pub const STRANGER: i64 = 1002;
pub const BLOCKER: i64 = 1003;
pub const GONE: i64 = 1004;

/// People in every standing; Anna's chat holds message 1, her `/start`.
pub async fn telegram(options: Options) -> Simulator {
    let telegram = Simulator::start(options).await.unwrap();
    for (id, name) in [(ANNA, "Анна"), (STRANGER, "Олег"), (BLOCKER, "Пётр"), (GONE, "Иван")]
    {
        telegram.add_person(Person::new(id, name));
    }
    for id in [ANNA, BLOCKER, GONE] {
        telegram.starts(id, None).unwrap();
    }
    telegram.block(BLOCKER).unwrap();
    telegram.deactivate(GONE).unwrap();
    telegram
}

/// Status and body.
pub async fn call(telegram: &Simulator, method: &str, params: Value) -> (u16, Value) {
    let response = request(telegram, method, &params).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub fn request(telegram: &Simulator, method: &str, params: &Value) -> reqwest::RequestBuilder {
    let url = format!("{}/bot{}/{method}", telegram.url(), telegram.token());
    reqwest::Client::new().post(url).json(params)
}

/// The result of a call that must succeed.
pub async fn done(telegram: &Simulator, method: &str, params: Value) -> Value {
    let (status, mut body) = call(telegram, method, params).await;
    assert_eq!((status, &body["ok"]), (200, &json!(true)), "{body}");
    body["result"].take()
}

/// The description of a call that must be refused, with its code in front.
pub async fn refused(telegram: &Simulator, method: &str, params: Value) -> String {
    let (status, body) = call(telegram, method, params).await;
    assert_eq!((&body["ok"], &body["error_code"]), (&json!(false), &json!(status)), "{body}");
    format!("{status} {}", body["description"].as_str().unwrap())
}

/// Sends a text to Anna; returns its id.
pub async fn sent(telegram: &Simulator, text: &str) -> i64 {
    let message = done(telegram, "sendMessage", json!({ "chat_id": ANNA, "text": text })).await;
    message["message_id"].as_i64().unwrap()
}
