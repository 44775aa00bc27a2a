//! What the stream tells.

use serde_json::{Value, json};
use simulator::amocrm::{Deal, demo};

use crate::stage::{ANNA, stage};

#[tokio::test]
async fn everything_comes_once_and_then_only_what_changes() {
    let stage = stage().await;
    let mut viewer = stage.viewer().await;

    let (name, all) = viewer.next().await;
    assert_eq!(name, "all");
    let standing = all.iter().find(|(key, _)| key == "person/1001").map(|(_, person)| &person["standing"]);
    assert_eq!(standing, Some(&json!("stranger")));

    stage.telegram.starts(ANNA, None).unwrap();
    let (name, changes) = viewer.next().await;
    let keys: Vec<_> = changes.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!((name.as_str(), &keys[..]), ("change", &["chat/1001/0", "person/1001"][..]));
    assert_eq!(changes[0].1["text"], "/start");
}

#[tokio::test]
async fn deals_hooks_and_their_answers_are_told() {
    let stage = stage().await;
    stage.amocrm.subscribe("http://127.0.0.1:9/nobody");
    let mut viewer = stage.viewer().await;
    viewer.next().await;

    let deal = Deal::named("Окна").address("Ленина, 5").client("Иван", "+7 916 000-00-00");
    let lead = stage.amocrm.create_deal(deal).unwrap();
    let told = viewer.told(&format!("deal/{lead}")).await;
    assert_eq!(told["fields"]["Адрес"], "Ленина, 5");
    assert_eq!(told["client"], json!({ "name": "Иван", "phones": ["+7 916 000-00-00"] }));

    stage.amocrm.move_deal(lead, demo::MEASUREMENT).unwrap();
    assert_eq!(viewer.told(&format!("deal/{lead}")).await["stage"], json!(demo::MEASUREMENT));
    stage.amocrm.wait_for_hook_answers(std::time::Duration::from_secs(5)).await.unwrap();
    let (_, all) = stage.viewer().await.next().await;
    let hooks: Vec<&Value> =
        all.iter().filter(|(key, _)| key.starts_with("hook/")).map(|(_, hook)| hook).collect();
    assert!(hooks.len() >= 3 && hooks.iter().all(|hook| hook["outcome"] == "unreachable"), "{hooks:?}");
}

#[tokio::test]
async fn the_stream_ends_with_the_page() {
    let stage = stage().await;
    let mut viewer = stage.viewer().await;
    viewer.next().await;

    drop(stage);

    assert!(viewer.is_over().await);
}
