//! Confirmation, retention and rivals.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use simulator::telegram::{Options, Simulator};

use crate::raw::{ANNA, call, done, telegram};

const SOON: Duration = Duration::from_secs(5);

async fn get(telegram: &Simulator, params: Value) -> Vec<Value> {
    done(telegram, "getUpdates", params).await.as_array().unwrap().clone()
}

/// A simulator whose queue holds nothing but what the test puts there.
async fn quiet() -> Simulator {
    let telegram = telegram(Options::unlimited()).await;
    get(&telegram, json!({ "offset": -1 })).await;
    let last = get(&telegram, json!({})).await;
    get(&telegram, json!({ "offset": last[0]["update_id"].as_i64().unwrap() + 1 })).await;
    telegram
}

#[tokio::test]
async fn updates_stay_until_they_are_confirmed() {
    let telegram = quiet().await;
    for text in ["1", "2", "3"] {
        telegram.says(ANNA, text).unwrap();
    }

    let first = get(&telegram, json!({ "limit": 2 })).await;
    assert_eq!(first.len(), 2);
    assert_eq!(get(&telegram, json!({})).await.len(), 3, "nothing was confirmed");

    let next = first[1]["update_id"].as_i64().unwrap() + 1;
    let rest = get(&telegram, json!({ "offset": next })).await;
    assert_eq!((rest.len(), &rest[0]["message"]["text"]), (1, &json!("3")));
    assert_eq!(telegram.pending_updates(), 1);
}

#[tokio::test]
async fn an_update_can_be_delivered_twice() {
    let telegram = quiet().await;
    telegram.deliver_twice(1);
    telegram.says(ANNA, "x").unwrap();

    let id = get(&telegram, json!({})).await[0]["update_id"].as_i64().unwrap();
    let again = get(&telegram, json!({ "offset": id + 1 })).await;
    assert_eq!(again[0]["update_id"], id);
    assert!(get(&telegram, json!({ "offset": id + 1 })).await.is_empty());
}

#[tokio::test]
async fn presses_are_kept_for_minutes_and_messages_for_a_day() {
    let telegram = quiet().await;
    telegram.says(ANNA, "x").unwrap();
    telegram.press_data(ANNA, 1, "x").unwrap();

    telegram.advance(TimeDelta::seconds(151));
    let kept = get(&telegram, json!({})).await;
    assert_eq!((kept.len(), kept[0]["message"].is_object()), (1, true));

    telegram.advance(TimeDelta::hours(24));
    assert!(get(&telegram, json!({})).await.is_empty());
}

#[tokio::test]
async fn a_second_poller_ends_the_first() {
    let telegram = quiet().await;
    let first = tokio::spawn({
        let telegram = telegram.clone();
        async move { call(&telegram, "getUpdates", json!({ "timeout": 30 })).await }
    });
    telegram.wait_until("somebody polls", SOON, |it| it.is_polled().then_some(())).await.unwrap();

    assert!(get(&telegram, json!({})).await.is_empty());

    let (status, body) = tokio::time::timeout(SOON, first).await.unwrap().unwrap();
    assert_eq!(status, 409);
    let expected =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    assert_eq!(body["description"], expected);
}

#[tokio::test]
async fn a_group_is_heard_only_when_it_speaks_to_the_bot() {
    let telegram = quiet().await;
    let group = serde_json::from_value(json!({ "id": -7, "title": "Цех" })).unwrap();
    telegram.add_bot_to_group(group, ANNA).unwrap();
    let before = telegram.pending_updates();

    telegram.says_in_group(-7, ANNA, "всем привет").unwrap();
    assert_eq!(telegram.pending_updates(), before);
    telegram.says_in_group(-7, ANNA, "/menu").unwrap();
    assert_eq!(telegram.pending_updates(), before + 1);
}
