//! Writing through the API, and the subscriptions kept by it.

use reqwest::Method;
use serde_json::json;
use simulator::amocrm::{Deal, demo};

use crate::support::{Sink, account, call, get};

#[tokio::test]
async fn a_clients_own_change_raises_hooks_too() {
    let (simulator, _) = account().await;
    let id = simulator.create_deal(Deal::named("Окна").responsible("Олег Петров")).unwrap();
    let sink = Sink::start().await;
    simulator.subscribe(&sink.url);
    let change = json!({
        "status_id": demo::MEASUREMENT.status, "pipeline_id": demo::PIPELINE,
        "custom_fields_values": [
            { "field_id": demo::ADDRESS, "values": [{ "value": "Мира, 1" }] },
            { "field_id": demo::ZONE, "values": [{ "enum_id": 475_002 }] },
            { "field_id": 294_006, "values": [{ "value": "2026-03-10T12:00:00+03:00" }] },
        ],
    });
    let answer = call(&simulator, Method::PATCH, &format!("leads/{id}"), Some(change)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["id"], id);
    assert_eq!(sink.events(&simulator).await, ["leads[status]", "leads[update]"]);

    let lead = get(&simulator, &format!("leads/{id}")).await.json();
    assert_eq!(lead["updated_by"], demo::OLGA);
    assert_eq!(lead["custom_fields_values"][1]["values"][0]["value"], "Юг");
    assert_eq!(
        lead["custom_fields_values"][2]["values"][0]["value"], 1_773_090_000,
        "dates snap to midnight"
    );

    let clear = json!([{ "id": id, "custom_fields_values": [{ "field_id": demo::ZONE, "values": null }] }]);
    let answer = call(&simulator, Method::PATCH, "leads", Some(clear)).await;
    assert_eq!(answer.ids("leads"), [id]);
    assert!(!get(&simulator, &format!("leads/{id}")).await.text.contains("Юг"));
}

#[tokio::test]
async fn impossible_changes_are_refused_with_their_path() {
    let (simulator, _) = account().await;
    let id = simulator.create_deal(Deal::named("Окна")).unwrap();
    simulator.edit_directory(|directory| directory.users[1].is_active = false);
    for (change, path) in [
        (json!({ "responsible_user_id": demo::OLEG }), "responsible_user_id"),
        (json!({ "status_id": 1 }), "status_id"),
        (json!({ "status_id": demo::UNSORTED.status }), "status_id"),
        (
            json!({ "custom_fields_values": [{ "field_id": 1, "values": [] }] }),
            "custom_fields_values.0.field_id",
        ),
        (
            json!({ "custom_fields_values": [{ "field_id": demo::ZONE, "values": [{ "enum_id": 1 }] }] }),
            "custom_fields_values.0.values.0.enum_id",
        ),
    ] {
        let answer = call(&simulator, Method::PATCH, &format!("leads/{id}"), Some(change)).await;
        let error = &answer.json()["validation-errors"][0]["errors"][0];
        assert_eq!(
            (answer.status, &error["code"], &error["path"]),
            (400, &json!("NotSupportedChoice"), &json!(path))
        );
    }
    let answer = call(&simulator, Method::PATCH, &format!("leads/{id}"), Some(json!({}))).await;
    assert_eq!(answer.json()["detail"], "Request data can not be empty");
    let batch = vec![json!({ "id": id, "name": "x" }); 251];
    assert_eq!(call(&simulator, Method::PATCH, "leads", Some(json!(batch))).await.status, 422);
    let batch = json!([{ "id": id, "name": "новое имя" }, { "id": 1, "name": "x" }]);
    assert_eq!(call(&simulator, Method::PATCH, "leads", Some(batch)).await.status, 400);
    assert_eq!(simulator.deal(id).unwrap().name, "Окна", "a batch is applied whole or not at all");
}

#[tokio::test]
async fn subscriptions_are_kept_by_address() {
    let (simulator, _) = account().await;
    let sink = Sink::start().await;
    let wanted = json!({ "destination": sink.url, "settings": ["delete_lead"] });
    let answer = call(&simulator, Method::POST, "webhooks", Some(wanted)).await;
    assert_eq!((answer.status, &answer.json()["disabled"]), (201, &json!(false)));
    let again = json!({ "destination": sink.url, "settings": ["add_lead"] });
    let again = call(&simulator, Method::POST, "webhooks", Some(again)).await;
    assert_eq!(again.json()["id"], answer.json()["id"], "the same address again is an update");
    simulator.create_deal(Deal::named("Окна")).unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[add]"]);

    let list = get(&simulator, &format!("webhooks?filter[destination]={}", sink.url)).await.json();
    assert_eq!(list["_embedded"]["webhooks"][0]["settings"], json!(["add_lead"]));
    let gone = json!({ "destination": sink.url });
    assert_eq!(call(&simulator, Method::DELETE, "webhooks", Some(gone.clone())).await.status, 204);
    assert_eq!(call(&simulator, Method::DELETE, "webhooks", Some(gone)).await.status, 404);
    let bad = json!({ "destination": "no url", "settings": [] });
    let answer = call(&simulator, Method::POST, "webhooks", Some(bad)).await;
    assert_eq!(answer.json()["validation-errors"][0]["errors"][0]["detail"], "Invalid URL");
}
