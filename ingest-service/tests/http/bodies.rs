use serde_json::{Value, json};

use crate::service::{ACCOUNT, SECRET, Service, answer, new_id};
use crate::tap::{Tap, lead_of, reason_of};

#[tokio::test]
async fn an_event_is_published_in_the_shape_that_the_bot_reads() {
    let service = Service::ready().await;
    let mut tap = Tap::leads().await;
    let id = new_id();
    let body = format!(
        "account%5Bid%5D={ACCOUNT}&leads%5Bstatus%5D%5B0%5D%5Bid%5D={id}&leads[status][0][status_id]=71\
         &leads[status][0][pipeline_id]=7&leads[status][0][old_status_id]=70\
         &leads[status][0][last_modified]=1700000000&leads[status][0][name]=%D0%9E%D0%BA%D0%BD%D0%B0%00"
    );
    assert_eq!(answer(service.hook(body).await).await, "200 ");

    let delivery = tap.lead(id).await;
    assert_eq!(delivery.routing_key.as_str(), "lead.status");
    let mut message: Value = serde_json::from_slice(&delivery.data).unwrap();
    let properties = &delivery.properties;
    assert_eq!(properties.message_id().as_ref().unwrap().as_str(), message["id"]);
    assert_eq!(*properties.delivery_mode(), Some(2));
    assert_eq!(properties.kind().as_ref().unwrap().as_str(), "lead-event");
    assert_eq!(properties.app_id().as_ref().unwrap().as_str(), "ingest-service");
    assert_eq!(properties.content_type().as_ref().unwrap().as_str(), "application/json");
    assert!(properties.timestamp().is_some());
    message["id"] = json!("random");
    message["received_at"] = json!("now");
    let expected = json!({
        "version": 1,
        "id": "random",
        "received_at": "now",
        "subject": {
            "kind": "lead",
            "lead_id": id,
            "action": "status",
            "changed_at": "2023-11-14T22:13:20Z",
            "entry": { "stage": { "pipeline_id": 7, "status_id": 71 }, "from": 70 },
        },
        "payload": {
            "id": id.to_string(),
            "name": "Окна",
            "status_id": "71",
            "pipeline_id": "7",
            "old_status_id": "70",
            "last_modified": "1700000000",
        },
    });
    assert_eq!(message, expected);
}

#[tokio::test]
async fn every_event_of_a_body_is_published() {
    let service = Service::ready().await;
    let mut tap = Tap::leads().await;
    let first = new_id();
    let parts: Vec<_> = (0..200).map(|i| format!("leads[add][{}][id]={}", i * 7, first + i)).collect();
    assert_eq!(answer(service.hook(parts.join("&")).await).await, "200 ");
    let mut seen = Vec::new();
    while seen.len() < 200 {
        let wanted = first..first + 200;
        let delivery = tap.next(|delivery| lead_of(delivery).is_some_and(|id| wanted.contains(&id))).await;
        seen.push(lead_of(&delivery).unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (first..first + 200).collect::<Vec<_>>());
}

#[tokio::test]
async fn json_of_the_same_tree_is_accepted() {
    let service = Service::ready().await;
    let mut tap = Tap::leads().await;
    let id = new_id();
    let body = json!({ "account": { "id": ACCOUNT }, "leads": { "delete": [{ "id": id }] } });
    let request = service.post(&format!("/webhook/amocrm/{SECRET}")).json(&body);
    assert_eq!(answer(request.send().await.unwrap()).await, "200 ");
    assert_eq!(tap.lead(id).await.routing_key.as_str(), "lead.delete");
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_raw_and_the_rest_is_published() {
    let service = Service::ready().await;
    let mut unreadable = Tap::unreadable().await;
    let mut leads = Tap::leads().await;
    let id = new_id();
    let body = format!("leads[add][0][id]={id}&leads[add][1][name]=nameless");
    assert_eq!(answer(service.hook(body.clone()).await).await, "200 ");

    leads.lead(id).await;
    let kept = unreadable.next(|delivery| delivery.data == body.as_bytes()).await;
    assert_eq!(reason_of(&kept), "no_id");
    let content_type = kept.properties.content_type().as_ref().unwrap();
    assert_eq!(content_type.as_str(), "application/x-www-form-urlencoded");
    let metrics = service.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains(r#"ingest_requests_total{outcome="unreadable"} 1"#), "{metrics}");
}

#[tokio::test]
async fn an_unreadable_body_is_accepted_and_kept() {
    let service = Service::ready().await;
    let mut tap = Tap::unreadable().await;
    let id = new_id();
    let deep = format!("leads{}={id}", "[a]".repeat(11));
    let cases = [
        ("application/json", format!("{{\"leads\": {id}"), "json"),
        ("text/plain", format!("leads[add][0][id]={id}"), "content_type"),
        ("application/x-www-form-urlencoded", format!("hello {id}"), "not_a_hook"),
        ("application/x-www-form-urlencoded", deep, "too_deep"),
    ];
    for (content_type, body, reason) in cases {
        let request = service.post(&format!("/webhook/amocrm/{SECRET}")).header("content-type", content_type);
        assert_eq!(answer(request.body(body.clone()).send().await.unwrap()).await, "200 ", "{body}");
        let kept = tap.next(|delivery| delivery.data == body.as_bytes()).await;
        assert_eq!((reason_of(&kept).as_str(), body.as_str()), (reason, body.as_str()));
        assert_eq!(kept.properties.content_type().as_ref().unwrap().as_str(), content_type);
    }
}

#[tokio::test]
async fn an_empty_body_is_a_probe_and_welcome() {
    let service = Service::ready().await;
    assert_eq!(answer(service.hook("").await).await, "200 ");
    assert_eq!(answer(service.hook(" \r\n").await).await, "200 ");
}

#[tokio::test]
async fn compressed_and_oversized_bodies_are_refused() {
    let service = Service::ready().await;
    let path = format!("/webhook/amocrm/{SECRET}");
    for encoding in ["gzip", "identity"] {
        let request = service.post(&path).header("content-encoding", encoding).body("x");
        let refused = answer(request.send().await.unwrap()).await;
        assert_eq!(refused, r#"415 {"error":"content_encoding"}"#);
    }
    let limit = 1024 * 1024;
    let body = |length: usize| format!("leads[add]=&junk={}", "x".repeat(length - "leads[add]=&junk=".len()));
    assert_eq!(answer(service.hook(body(limit)).await).await, "200 ");
    assert_eq!(answer(service.hook(body(limit + 1)).await).await, r#"413 {"error":"too_large"}"#);
}

#[tokio::test]
async fn every_answer_names_the_request() {
    let service = Service::ready().await;
    let response = service.hook("").await;
    let id = response.headers()["x-request-id"].to_str().unwrap();
    assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
}
