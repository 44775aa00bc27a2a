//! Trouble on demand.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::telegram::{Fault, FaultRule, Options, Outcome, Refusal, Simulator};

use crate::raw::{ANNA, call, refused, request, telegram};

fn hello() -> Value {
    json!({ "chat_id": ANNA, "text": "привет" })
}

async fn send(telegram: &Simulator) -> reqwest::Result<reqwest::Response> {
    request(telegram, "sendMessage", &hello()).send().await
}

#[tokio::test]
async fn a_rule_catches_what_it_names_and_as_often_as_it_says() {
    let telegram = telegram(Options::unlimited()).await;
    let fault = Fault::Refuse(Refusal::bad_request("MESSAGE_TOO_LONG"));
    telegram.fault(FaultRule::on("sendMessage", fault).containing("ПРИВЕТ"));
    telegram.fault(FaultRule::on("sendMessage", Fault::too_many_requests(7)).chat(ANNA).times(2));

    for _ in 0..2 {
        assert_eq!(refused(&telegram, "sendMessage", hello()).await, "429 Too Many Requests: retry after 7");
    }
    assert_eq!(call(&telegram, "sendMessage", hello()).await.0, 200);
    assert_eq!(telegram.faults().len(), 1, "the rule for another text still waits");
    assert_eq!(telegram.flood_refusals(), 0);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_message_in_the_chat() {
    let telegram = telegram(Options::unlimited()).await;
    telegram.fault(FaultRule::on("sendMessage", Fault::LoseAnswer));

    assert!(send(&telegram).await.is_err());

    assert_eq!(telegram.bot_messages(ANNA).len(), 1);
    assert_eq!(telegram.calls_of("sendMessage")[0].outcome, Outcome::Lost);
}

#[tokio::test]
async fn a_broken_connection_leaves_nothing() {
    let telegram = telegram(Options::unlimited()).await;
    let hang = Fault::Hang(Duration::from_millis(10));
    for fault in [Fault::Disconnect, hang] {
        telegram.fault(FaultRule::any(fault));
        assert!(send(&telegram).await.is_err());
    }
    assert!(telegram.bot_messages(ANNA).is_empty());
    assert_eq!(telegram.calls_of("sendMessage")[1].outcome, Outcome::Broken);
}

#[tokio::test]
async fn a_gateway_answers_with_a_page() {
    let telegram = telegram(Options::unlimited()).await;
    telegram.fault(FaultRule::any(Fault::BadGateway).always());

    let response = send(&telegram).await.unwrap();
    assert_eq!(response.status().as_u16(), 502);
    assert!(response.text().await.unwrap().starts_with("<html>"));

    telegram.clear_faults();
    assert_eq!(send(&telegram).await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn a_stopped_server_answers_nobody() {
    let telegram = telegram(Options::unlimited()).await;
    let poll = tokio::spawn({
        let telegram = telegram.clone();
        async move { request(&telegram, "getUpdates", &json!({ "offset": i64::MAX, "timeout": 30 })).send().await }
    });
    let soon = Duration::from_secs(5);
    telegram.wait_until("somebody polls", soon, |it| it.is_polled().then_some(())).await.unwrap();

    telegram.stop();

    assert!(tokio::time::timeout(soon, poll).await.unwrap().unwrap().is_err());
    assert!(send(&telegram).await.is_err());
}
