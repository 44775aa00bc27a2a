//! The rules of subscriptions: who may make them, how many there are, and when AmoCRM ends one.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use simulator::amocrm::{Deal, Fault, Options, Simulator, demo};

use crate::support::{Sink, account, call, get};

#[tokio::test]
async fn only_an_administrator_reads_and_changes_webhooks() {
    let mut options = Options::demo().without_limits();
    options.directory.account.current_user = demo::OLEG;
    let simulator = Simulator::start(options).await.unwrap();
    simulator.subscribe("https://example.ru/hook");
    let wanted = json!({ "destination": "https://example.ru/hook", "settings": ["add_lead"] });
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let body = (method != Method::GET).then(|| wanted.clone());
        let answer = call(&simulator, method, "webhooks", body).await;
        assert_eq!((answer.status, answer.kind.as_str()), (403, "application/problem+json"));
    }
    assert_eq!(simulator.webhooks().len(), 1);
    assert_eq!(get(&simulator, "leads/pipelines").await.status, 200, "the rest is open to him");
}

#[tokio::test]
async fn an_account_has_a_hundred_webhooks_at_most() {
    let (simulator, _) = account().await;
    let subscribe = async |n: usize| {
        let wanted = json!({ "destination": format!("https://example.ru/{n}"), "settings": ["add_lead"] });
        call(&simulator, Method::POST, "webhooks", Some(wanted)).await
    };
    for n in 0..100 {
        assert_eq!(subscribe(n).await.status, 201);
    }
    let refused = subscribe(100).await;
    assert_eq!((refused.status, refused.kind.as_str()), (400, "application/problem+json"));
    assert_eq!(subscribe(99).await.status, 201, "one that is there can still be changed");
    simulator.unsubscribe("https://example.ru/0");
    assert_eq!(subscribe(100).await.status, 201);
}

/// Raises so many hooks and waits for their answers.
async fn hooks(simulator: &Simulator, sink: &Sink, count: usize) {
    for _ in 0..count {
        simulator.create_deal(Deal::named("Окна")).expect("a valid deal");
    }
    assert_eq!(sink.take(simulator).await.len(), count);
}

fn is_disabled(simulator: &Simulator) -> bool {
    simulator.webhooks()[0].disabled
}

#[tokio::test]
async fn a_hundred_and_one_bad_answers_within_two_hours_switch_a_webhook_off() {
    let (simulator, clock) = account().await;
    let sink = Sink::start().await;
    simulator.subscribe(&sink.url);
    sink.answer_with(503, Duration::ZERO);
    hooks(&simulator, &sink, 100).await;
    assert!(!is_disabled(&simulator), "a hundred are tolerated");
    sink.answer_with(200, Duration::ZERO);
    hooks(&simulator, &sink, 1).await;
    assert!(!is_disabled(&simulator));

    sink.answer_with(400, Duration::ZERO);
    hooks(&simulator, &sink, 1).await;
    assert!(is_disabled(&simulator));
    simulator.create_deal(Deal::named("Окна")).unwrap();
    assert_eq!(sink.take(&simulator).await.len(), 0, "nothing is sent any more");
    assert_eq!(get(&simulator, "webhooks").await.json()["_embedded"]["webhooks"][0]["disabled"], true);

    simulator.subscribe(&sink.url);
    assert!(!is_disabled(&simulator), "whoever subscribes again switches it on");
    clock.advance(TimeDelta::hours(2));
    hooks(&simulator, &sink, 100).await;
    assert!(!is_disabled(&simulator), "what was two hours ago is forgotten");
}

#[tokio::test]
async fn a_subscription_names_events_that_exist() {
    let (simulator, _) = account().await;
    let subscribe = async |settings: serde_json::Value| {
        let wanted = json!({ "destination": "https://example.ru/hook", "settings": settings, "sort": 10 });
        call(&simulator, Method::POST, "webhooks", Some(wanted)).await
    };
    for settings in [json!([]), json!(["add_lead", "status_contact"]), json!("add_lead"), json!(null)] {
        assert_eq!(subscribe(settings).await.status, 400);
    }
    let all = ["status_lead", "restore_contact", "add_outgoing_message", "add_chat_template_review"];
    let answer = subscribe(json!(all)).await;
    assert_eq!(answer.status, 201);
    assert_eq!((&answer.json()["settings"], &answer.json()["sort"]), (&json!(all), &json!(10)));
    let bare = json!({ "destination": "https://example.ru/other" });
    assert_eq!(call(&simulator, Method::POST, "webhooks", Some(bare)).await.status, 400);
}

#[tokio::test]
async fn an_account_may_keep_a_webhook_off_until_it_is_made_anew() {
    let (simulator, _) = account().await;
    simulator.inject(Fault::StaysDisabled).unwrap();
    let wanted = json!({ "destination": "https://example.ru/hook", "settings": ["add_lead"] });
    let subscribe = async || call(&simulator, Method::POST, "webhooks", Some(wanted.clone())).await.json();
    assert_eq!(subscribe().await["disabled"], false);
    simulator.disable_webhook("https://example.ru/hook");
    assert_eq!(subscribe().await["disabled"], true);
    call(&simulator, Method::DELETE, "webhooks", Some(wanted.clone())).await;
    assert_eq!(subscribe().await["disabled"], false);
}
