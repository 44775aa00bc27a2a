//! What can be done on the page, and by whom.

use std::collections::BTreeSet;

use reqwest::{Url, header};
use serde_json::json;
use simulator::amocrm::demo;

use crate::stage::{ANNA, stage};

/// A JPEG of 640 × 480 as far as its frame header.
const JPEG: [u8; 17] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 1, 0xE0, 2, 0x80];

#[tokio::test]
async fn a_foreign_page_is_not_served() {
    let stage = stage().await;
    for (name, value) in [(header::HOST, "evil.example"), (header::ORIGIN, "https://evil.example")] {
        let refused = stage.client.get(stage.url("")).header(name.clone(), value).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{name}");
        let refused = stage.client.post(stage.url("telegram/people/1001/start")).header(name, value);
        assert_eq!(refused.json(&json!({})).send().await.unwrap().status(), 403);
    }
    assert!(stage.telegram.chat(ANNA).is_empty());

    let own = stage.client.get(stage.page.url()).send().await.unwrap();
    assert_eq!(own.status(), 200);
    let policy = own.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there() {
    let stage = stage().await;
    let (mut wanted, mut known) = (vec!["assets/main.js".to_owned()], BTreeSet::new());
    while let Some(path) = wanted.pop() {
        let answer = stage.client.get(stage.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/javascript"));
        let base = Url::parse(&stage.url(&path)).unwrap();
        for line in answer.text().await.unwrap().lines() {
            let Some((_, name)) = line.split_once(" from \"") else { continue };
            let module = base.join(name.trim_end_matches(&['"', ';'][..])).unwrap();
            let path = module.path().trim_start_matches('/').to_owned();
            if known.insert(path.clone()) {
                wanted.push(path);
            }
        }
    }
    assert!(known.len() > 20, "{known:?}");
}

#[tokio::test]
async fn a_photo_arrives_in_its_sizes_and_is_shown_again() {
    let stage = stage().await;
    let url = stage.url("photos/1001?caption=%D0%9E%D0%BA%D0%BD%D0%BE");
    let send = |body: &'static [u8]| {
        stage.client.post(&url).header(header::CONTENT_TYPE, "image/jpeg").body(body).send()
    };
    assert_eq!(send(b"no picture").await.unwrap().status(), 400);
    assert_eq!(send(&JPEG).await.unwrap().status(), 200);

    let message = stage.telegram.chat(ANNA).pop().unwrap();
    assert_eq!(message.text, "Окно");
    let shown = stage.client.get(stage.url(&format!("photos/1001/{}", message.id))).send().await.unwrap();
    assert_eq!(shown.bytes().await.unwrap()[..], JPEG);
}

#[tokio::test]
async fn trouble_is_switched_one_by_one() {
    let stage = stage().await;
    let mut viewer = stage.viewer().await;
    viewer.next().await;
    let mut expected = json!({ "amocrm_down": false, "telegram_refuses": false, "webhooks_twice": false });
    for (name, is_on) in [
        ("amocrm_down", true),
        ("webhooks_twice", true),
        ("telegram_refuses", true),
        ("amocrm_down", false),
        ("telegram_refuses", false),
    ] {
        assert_eq!(stage.post("trouble", json!({ name: is_on })).await, 200);
        expected[name] = json!(is_on);
        assert_eq!(viewer.told("trouble").await, expected);
    }
    assert_eq!(stage.amocrm.hook_behaviour().copies, 2);
    assert!(stage.telegram.faults().is_empty());
    assert_ne!(stage.post("trouble", json!({ "nonsense": true })).await, 200);
}

#[tokio::test]
async fn a_deal_without_a_client_gets_one() {
    let stage = stage().await;
    let deal = json!({ "name": "Окна", "stage": demo::NEW, "contact": null });
    assert_eq!(stage.post("amocrm/deals", deal).await, 201);
    let lead = stage.amocrm.deals().pop().unwrap().id;
    let phones = json!({ "phones": ["+7 916 000-00-00"] });
    let edit = stage.client.patch(stage.url(&format!("amocrm/deals/{lead}/client"))).json(&phones);
    assert_eq!(edit.send().await.unwrap().status(), 200);

    let client = stage.amocrm.main_contact(lead).unwrap();
    assert_eq!(client.values[&demo::PHONE][0].value, "+7 916 000-00-00");
}
