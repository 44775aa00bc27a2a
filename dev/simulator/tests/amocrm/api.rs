//! Reading: envelopes, pages, filters, empty answers.

use chrono::TimeDelta;
use serde_json::{Value, json};
use simulator::amocrm::{Deal, demo};

use crate::support::{account, get, noon, send};

#[tokio::test]
async fn a_lead_is_shown_with_fields_contacts_and_whole_seconds() {
    let (simulator, _) = account().await;
    let deal = Deal::named("Окна <b>&")
        .stage("Замер")
        .responsible("Олег Петров")
        .client("Иванов Иван", "+7 916 123-45-67")
        .address("г. Химки, ул. Ленина, д. 5")
        .zone("Север")
        .field("Дата замера", "2026-03-10")
        .field("Оплачено", "да");
    let id = simulator.create_deal(deal).unwrap();

    let answer = get(&simulator, &format!("leads/{id}?with=contacts")).await;
    assert_eq!((answer.status, answer.kind.as_str()), (200, "application/hal+json"));
    let lead = answer.json();
    assert_eq!(lead["name"], "Окна <b>&");
    assert_eq!(lead["status_id"], demo::MEASUREMENT.status);
    assert_eq!(lead["responsible_user_id"], demo::OLEG);
    assert_eq!(lead["updated_at"], noon().timestamp());
    assert_eq!(
        lead["custom_fields_values"][1]["values"],
        json!([{ "value": "Север", "enum_id": 475_001, "enum_code": null }])
    );
    // Midnight of the day in Moscow.
    assert_eq!(lead["custom_fields_values"][2]["values"][0]["value"], 1_773_090_000);
    assert_eq!(lead["custom_fields_values"][3]["values"][0]["value"], true);

    let link = &lead["_embedded"]["contacts"][0];
    assert_eq!(link["is_main"], true);
    let contact = get(&simulator, &format!("contacts/{}", link["id"])).await.json();
    assert_eq!(contact["name"], "Иванов Иван");
    assert_eq!(contact["custom_fields_values"][0]["field_code"], "PHONE");
    assert_eq!(
        contact["custom_fields_values"][0]["values"],
        json!([{ "value": "+7 916 123-45-67", "enum_id": 718_001, "enum_code": "WORK" }])
    );
}

#[tokio::test]
async fn a_bare_lead_has_null_for_fields_and_no_contacts_unless_asked() {
    let (simulator, _) = account().await;
    let id = simulator.create_deal(Deal::named("")).unwrap();
    let lead = get(&simulator, &format!("leads/{id}")).await.json();
    assert_eq!(lead["custom_fields_values"], Value::Null);
    assert_eq!(lead["_embedded"].get("contacts"), None);
}

#[tokio::test]
async fn a_lead_links_its_company_and_companies_are_read_by_their_ids() {
    let (simulator, _) = account().await;
    let [first, second] =
        ["Окна Плюс", "Фасад"].map(|name| simulator.create_deal(Deal::named("1").company(name)).unwrap());
    let again = simulator.create_deal(Deal::named("2").company("Окна Плюс")).unwrap();
    let company = async |lead: i64| {
        let lead = get(&simulator, &format!("leads/{lead}")).await.json();
        lead["_embedded"]["companies"].as_array().unwrap().first().map(|link| link["id"].as_i64().unwrap())
    };
    let ids = [company(first).await.unwrap(), company(second).await.unwrap()];
    assert_eq!(company(again).await, Some(ids[0]), "the account has one company of a name");

    let one = get(&simulator, &format!("companies?filter[id][]={}&filter[id][]=1", ids[1])).await;
    assert_eq!(one.ids("companies"), ids[1..]);
    assert_eq!(one.json()["_embedded"]["companies"][0]["name"], "Фасад");
    assert_eq!(get(&simulator, &format!("companies/{}", ids[0])).await.json()["name"], "Окна Плюс");
    assert_eq!(get(&simulator, "companies?limit=251").await.status, 422);

    simulator.link_company(first, Some("Фасад")).unwrap();
    simulator.link_company(second, None).unwrap();
    assert_eq!((company(first).await, company(second).await), (Some(ids[1]), None));
}

#[tokio::test]
async fn nothing_found_is_204_without_a_body() {
    let (simulator, _) = account().await;
    for path in [
        "leads",
        "leads/1",
        "contacts",
        "contacts/1",
        "companies",
        "companies/1",
        "users/1",
        "events",
        "webhooks",
    ] {
        let answer = get(&simulator, path).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{path}");
    }
}

#[tokio::test]
async fn lists_come_in_pages_linked_to_the_next() {
    let (simulator, _) = account().await;
    let ids: Vec<_> = (0..5).map(|n| simulator.create_deal(Deal::named(format!("№{n}"))).unwrap()).collect();

    let first = get(&simulator, "leads?limit=2&with=contacts").await;
    assert_eq!(first.ids("leads"), ids[..2]);
    let next = first.json()["_links"]["next"]["href"].as_str().unwrap().to_owned();
    let second = send(reqwest::Client::new().get(next).bearer_auth(simulator.token()), None).await;
    assert_eq!(second.json()["_page"], 2);
    assert_eq!(second.ids("leads"), ids[2..4]);
    assert!(second.json()["_embedded"]["leads"][0]["_embedded"].get("contacts").is_some());

    let last = get(&simulator, "leads?limit=2&page=3").await;
    assert_eq!(last.json()["_links"].get("next"), None);
    assert_eq!(get(&simulator, "leads?limit=2&page=4").await.status, 204);
}

#[tokio::test]
async fn a_page_may_not_be_too_large() {
    let (simulator, _) = account().await;
    simulator.create_deal(Deal::named("Окна")).unwrap();
    let answer = get(&simulator, "leads?limit=251").await;
    assert_eq!((answer.status, answer.kind.as_str()), (422, "application/problem+json"));
    assert_eq!(answer.json()["detail"], "Limit 250 per page");
    assert_eq!(get(&simulator, "leads?limit=250").await.status, 200);
    assert_eq!(get(&simulator, "leads/custom_fields?limit=51").await.status, 422);
    assert_eq!(get(&simulator, "events?limit=101").await.status, 422);
}

#[tokio::test]
async fn leads_are_filtered_by_id_time_and_stage_and_ordered() {
    let (simulator, clock) = account().await;
    let first = simulator.create_deal(Deal::named("1")).unwrap();
    clock.advance(TimeDelta::seconds(10));
    let second = simulator.create_deal(Deal::named("2").stage("Замер")).unwrap();
    clock.advance(TimeDelta::seconds(10));
    let third = simulator.create_deal(Deal::named("3").stage(demo::SOLD)).unwrap();
    let start = noon().timestamp();

    let found = async |query: &str| get(&simulator, &format!("leads?{query}")).await.ids("leads");
    assert_eq!(
        found(&format!("filter[id][]={first}&filter[id][]={third}&filter[id][]=1")).await,
        [first, third]
    );
    assert_eq!(found(&format!("filter[updated_at][from]={}", start + 10)).await, [second, third]);
    assert_eq!(found(&format!("filter[updated_at][to]={}", start + 10)).await, [first, second]);
    let stage = demo::MEASUREMENT;
    let by_stage = format!(
        "filter[statuses][0][pipeline_id]={}&filter[statuses][0][status_id]={}",
        stage.pipeline, stage.status
    );
    assert_eq!(found(&by_stage).await, [second]);
    assert_eq!(found("order[updated_at]=desc").await, [third, second, first]);
}

#[tokio::test]
async fn a_filter_that_amocrm_does_not_know_is_ignored() {
    let (simulator, _) = account().await;
    simulator.create_deal(Deal::named("1")).unwrap();
    simulator.create_deal(Deal::named("2")).unwrap();
    for query in ["filter[status_id]=142", "filter[id][]=abc", "filter[whatever]=1"] {
        assert_eq!(get(&simulator, &format!("leads?{query}")).await.ids("leads").len(), 2, "{query}");
    }
}

#[tokio::test]
async fn a_deleted_lead_is_shown_only_when_asked_for() {
    let (simulator, _) = account().await;
    let id = simulator.create_deal(Deal::named("Окна")).unwrap();
    simulator.delete_deal(id).unwrap();
    assert_eq!(get(&simulator, &format!("leads/{id}")).await.status, 204);
    assert_eq!(get(&simulator, "leads").await.status, 204);
    assert_eq!(get(&simulator, &format!("leads/{id}?with=only_deleted")).await.json()["is_deleted"], true);
    assert_eq!(get(&simulator, "leads?with=contacts,only_deleted").await.ids("leads"), [id]);
}

#[tokio::test]
async fn the_directory_shows_users_stages_and_fields() {
    let (simulator, _) = account().await;
    let account = get(&simulator, "account?with=datetime_settings").await.json();
    assert_eq!((&account["id"], &account["subdomain"]), (&json!(demo::ACCOUNT), &json!("demo")));
    assert_eq!(account["_embedded"]["datetime_settings"]["timezone_offset"], "+03:00");

    let users = get(&simulator, "users?limit=250").await;
    assert_eq!(users.ids("users"), [demo::OLGA, demo::OLEG, demo::MARINA]);
    assert_eq!(users.json()["_embedded"]["users"][0]["rights"]["is_active"], true);

    let pipelines = get(&simulator, "leads/pipelines").await.json();
    let statuses = &pipelines["_embedded"]["pipelines"][0]["_embedded"]["statuses"];
    let names: Vec<_> = statuses.as_array().unwrap().iter().map(|status| &status["name"]).collect();
    assert_eq!(
        names,
        [
            "Неразобранное",
            "Новая",
            "Замер",
            "Производство",
            "Успешно реализовано",
            "Закрыто и не реализовано"
        ]
    );
    assert_eq!((&statuses[0]["type"], &statuses[1]["type"]), (&json!(1), &json!(0)));

    let fields = get(&simulator, "leads/custom_fields?limit=50").await.json();
    assert_eq!(fields["_embedded"]["custom_fields"][2]["enums"][0]["value"], "Север");
}

#[tokio::test]
async fn events_tell_the_journal_newest_first() {
    let (simulator, clock) = account().await;
    let id = simulator.create_deal(Deal::named("Окна")).unwrap();
    clock.advance(TimeDelta::seconds(5));
    simulator.move_deal(id, "Замер").unwrap();
    clock.advance(TimeDelta::seconds(5));
    simulator.delete_deal(id).unwrap();

    let kinds = async |query: &str| -> Vec<String> {
        let events = get(&simulator, &format!("events?{query}")).await.json();
        let events = events["_embedded"]["events"].as_array().unwrap().clone();
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("limit=100").await, ["lead_deleted", "lead_status_changed", "lead_added"]);
    assert_eq!(
        kinds("filter[type]=lead_added,lead_deleted&filter[entity]=lead").await,
        ["lead_deleted", "lead_added"]
    );
    let from = noon().timestamp() + 5;
    assert_eq!(
        kinds(&format!("filter[created_at][from]={from}&filter[created_at][to]={from}")).await,
        ["lead_status_changed"]
    );

    let moved = get(&simulator, "events?filter[type]=lead_status_changed").await.json();
    let moved = &moved["_embedded"]["events"][0];
    assert!(moved["id"].is_string());
    assert_eq!(moved["value_before"][0]["lead_status"]["id"], demo::NEW.status);
    assert_eq!(moved["value_after"][0]["lead_status"]["id"], demo::MEASUREMENT.status);
}
