//! The same by `curl`.

use reqwest::{Client, Method};
use serde_json::{Value, json};
use simulator::amocrm::Simulator;

use crate::support::{Answer, Sink, account, get, send};

async fn control(simulator: &Simulator, method: Method, path: &str, body: Value) -> Answer {
    let body = (!body.is_null()).then_some(body);
    let url = format!("{}/control/{path}", simulator.url());
    send(Client::new().request(method, url), body).await
}

async fn control_help(simulator: &Simulator) -> String {
    send(Client::new().get(format!("{}/control", simulator.url())), None).await.text
}

#[tokio::test]
async fn a_deal_lives_its_life() {
    let (simulator, _) = account().await;
    let sink = Sink::start().await;
    let ask = async |method, path: &str, body| control(&simulator, method, path, body).await;
    let answer = ask(Method::POST, "webhooks", json!({ "destination": sink.url })).await;
    assert_eq!(answer.status, 201);

    let deal = json!({
        "name": "Окна", "stage": "Новая", "responsible": "Олег Петров", "price": 10,
        "contact": { "name": "Иван", "phones": ["+79160000001"] }, "fields": { "Адрес": "Ленина, 5" },
    });
    let answer = ask(Method::POST, "deals", deal).await;
    assert_eq!(answer.status, 201);
    let id = answer.json()["id"].as_i64().unwrap();
    assert_eq!(sink.events(&simulator).await, ["contacts[add]", "leads[add]"]);

    ask(Method::POST, &format!("deals/{id}/move"), json!({ "stage": "Замер" })).await;
    assert_eq!(sink.events(&simulator).await, ["leads[status]", "leads[update]"]);
    ask(Method::PATCH, &format!("deals/{id}"), json!({ "fields": { "Адрес": "" }, "name": "Двери" })).await;
    assert_eq!(sink.events(&simulator).await, ["leads[update]"]);
    ask(Method::PATCH, &format!("deals/{id}/client"), json!({ "phones": ["+79160000002"] })).await;
    assert_eq!(sink.events(&simulator).await, ["contacts[update]"]);

    let shown = ask(Method::GET, &format!("deals/{id}"), Value::Null).await.json();
    assert_eq!(
        (&shown["name"], &shown["stage"], &shown["fields"]),
        (&json!("Двери"), &json!("Замер"), &json!({}))
    );
    assert_eq!(shown["client"]["name"], "Иван");

    ask(Method::DELETE, &format!("deals/{id}"), Value::Null).await;
    ask(Method::POST, &format!("deals/{id}/restore"), Value::Null).await;
    assert_eq!(sink.events(&simulator).await, ["leads[delete]", "leads[restore]"]);

    let hooks = ask(Method::GET, "hooks", Value::Null).await.json();
    assert_eq!((&hooks[0]["outcome"], &hooks[0]["status"]), (&json!("answered"), &json!(200)));
    ask(Method::POST, &format!("hooks/{}/redeliver", hooks[0]["id"]), Value::Null).await;
    assert_eq!(sink.events(&simulator).await.len(), 1);
}

#[tokio::test]
async fn mistakes_are_explained() {
    let (simulator, _) = account().await;
    let answer = control(&simulator, Method::POST, "deals", json!({ "name": "Окна", "stage": "Нет" })).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("Замер"), "the answer names the stages there are: {}", answer.text);
    let wrong = json!({ "name": "Окна", "fields": { "Зона": "Марс" } });
    assert!(control(&simulator, Method::POST, "deals", wrong).await.text.contains("Север"));
}

#[tokio::test]
async fn faults_hooks_and_counters_are_in_reach() {
    let (simulator, _) = account().await;
    let ask = async |method, path: &str, body| control(&simulator, method, path, body).await;
    for fault in [
        json!({ "fault": "latency", "millis": 1 }),
        json!({ "fault": "next", "count": 1, "answer": { "kind": "html", "status": 502 } }),
        json!({ "fault": "filters_ignored" }),
    ] {
        assert_eq!(ask(Method::POST, "faults", fault).await.status, 204);
    }
    assert_eq!(get(&simulator, "account").await.status, 502);
    assert_eq!(ask(Method::DELETE, "faults", Value::Null).await.status, 204);
    assert_eq!(
        ask(Method::GET, "calls", Value::Null).await.json()["by_route"],
        json!({ "GET /api/v4/account": 1 })
    );

    let held = ask(Method::PUT, "hooks/behaviour", json!({ "sending": "held", "copies": 2 })).await;
    assert_eq!(held.json()["grouping"], "one_each");
    assert_eq!(ask(Method::POST, "hooks/release", json!("reversed")).await.json()["sent"], 0);
    assert_eq!(ask(Method::POST, "hooks/release", json!({ "places": [0] })).await.status, 200);
    assert!(control_help(&simulator).await.contains("/control/deals"));
    assert_eq!(ask(Method::GET, "directory", Value::Null).await.json()["users"][0]["name"], "Ольга Смирнова");
}
