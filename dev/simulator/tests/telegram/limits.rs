//! Flood control on a clock that stands still.

use chrono::{DateTime, TimeDelta};
use serde_json::json;
use simulator::clock::Clock;
use simulator::telegram::{Group, GroupKind, Limits, Options, Person, Simulator};

use crate::raw::{ANNA, call, request, sent, telegram};

async fn limited() -> Simulator {
    telegram(Options::default().clock(Clock::manual(DateTime::UNIX_EPOCH))).await
}

/// How many of `count` messages pass before the first 429.
async fn pass(telegram: &Simulator, chat: i64, count: usize) -> usize {
    for passed in 0..count {
        let (status, _) = call(telegram, "sendMessage", json!({ "chat_id": chat, "text": "x" })).await;
        if status != 200 {
            assert_eq!(status, 429);
            return passed;
        }
    }
    count
}

#[tokio::test]
async fn a_chat_takes_a_burst_of_three_and_then_one_a_second() {
    let telegram = limited().await;

    assert_eq!(pass(&telegram, ANNA, 10).await, 3);
    telegram.advance(TimeDelta::seconds(1));
    assert_eq!(pass(&telegram, ANNA, 10).await, 1);
    assert_eq!(telegram.flood_refusals(), 2);
}

#[tokio::test]
async fn a_refusal_says_how_long_to_wait() {
    let telegram = limited().await;
    pass(&telegram, ANNA, 3).await;

    let response =
        request(&telegram, "sendMessage", &json!({ "chat_id": ANNA, "text": "x" })).send().await.unwrap();

    assert_eq!(response.headers()["retry-after"], "1");
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["description"], "Too Many Requests: retry after 1");
    assert_eq!(body["parameters"]["retry_after"], 1);
}

#[tokio::test]
async fn all_chats_together_take_thirty_a_second() {
    let telegram = limited().await;
    let mut passed = 0;
    for id in 2000..2040 {
        telegram.add_person(Person::new(id, "Кто-то"));
        telegram.starts(id, None).unwrap();
        passed += pass(&telegram, id, 1).await;
    }
    assert_eq!(passed, 30);
}

#[tokio::test]
async fn a_group_takes_twenty_a_minute() {
    let limits = Limits { chat_burst: 100, ..Limits::default() };
    let options = Options::default().clock(Clock::manual(DateTime::UNIX_EPOCH)).limits(limits);
    let telegram = telegram(options).await;
    let group = Group { id: -7, title: "Цех".to_owned(), kind: GroupKind::Group };
    telegram.add_bot_to_group(group, ANNA).unwrap();

    assert_eq!(pass(&telegram, -7, 30).await, 20);
    telegram.advance(TimeDelta::seconds(3));
    assert_eq!(pass(&telegram, -7, 30).await, 1);
}

#[tokio::test]
async fn a_chat_takes_twenty_edits_a_minute() {
    let limits = Limits { chat_burst: 100, ..Limits::default() };
    let options = Options::default().clock(Clock::manual(DateTime::UNIX_EPOCH)).limits(limits);
    let telegram = telegram(options).await;
    let id = sent(&telegram, "x").await;
    let mut statuses = vec![];
    for number in 0..21 {
        statuses.push(edit(&telegram, id, number).await);
    }
    assert_eq!((statuses[19], statuses[20]), (200, 429));
}

/// The status of an edit to a text that is new.
async fn edit(telegram: &Simulator, id: i64, number: usize) -> u16 {
    let edit = json!({ "chat_id": ANNA, "message_id": id, "text": format!("{number}") });
    call(telegram, "editMessageText", edit).await.0
}

#[tokio::test]
async fn an_edit_counts_as_a_message_of_its_chat() {
    let telegram = limited().await;
    let id = sent(&telegram, "x").await;
    let edits = [edit(&telegram, id, 1).await, edit(&telegram, id, 2).await, edit(&telegram, id, 3).await];
    assert_eq!(edits, [200, 200, 429]);
    assert_eq!(pass(&telegram, ANNA, 1).await, 0);

    telegram.advance(TimeDelta::seconds(1));
    assert_eq!((edit(&telegram, id, 4).await, pass(&telegram, ANNA, 1).await), (200, 0));
}
