//! Tokens, limits and faults on demand.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::json;
use simulator::amocrm::{Answer, Deal, Fault, LimitRefusal, Limits, Options, Simulator};

use crate::support::{LIMIT, account, get, send};

#[tokio::test]
async fn a_wrong_token_is_401_and_an_unknown_path_404() {
    let (simulator, _) = account().await;
    let answer =
        send(Client::new().get(format!("{}/api/v4/account", simulator.url())).bearer_auth("x"), None).await;
    assert_eq!((answer.status, answer.kind.as_str()), (401, "application/problem+json"));
    assert_eq!(answer.json()["title"], "Unauthorized");
    let answer = get(&simulator, "nothing").await;
    assert_eq!((answer.status, answer.text.as_str()), (404, "Cannot GET /api/v4/nothing"));
}

#[tokio::test]
async fn an_url_over_8_kb_is_414() {
    let (simulator, _) = account().await;
    let ids = "filter[id][]=3912001&".repeat(500);
    assert_eq!(get(&simulator, &format!("leads?{ids}")).await.status, 414);
    assert_eq!(get(&simulator, &format!("leads?{}", &ids[..6000])).await.status, 204);
}

#[tokio::test]
async fn the_eighth_call_in_a_second_is_429_and_persistence_is_blocked() {
    let limits = Limits { block_after: 3, window: LIMIT * 60, ..Limits::default() };
    let simulator = Simulator::start(Options::demo().limits(limits)).await.unwrap();
    let burst = (0..8).map(|_| get(&simulator, "account"));
    let mut statuses = Vec::new();
    for answer in burst {
        let answer = answer.await;
        if answer.status == 429 {
            assert_eq!(answer.json()["retry_after"], 1);
        }
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 429]);
    for _ in 0..2 {
        assert_eq!(get(&simulator, "account").await.status, 429);
    }
    let blocked = get(&simulator, "account").await;
    assert_eq!((blocked.status, blocked.kind.as_str()), (403, "text/html"));
    assert!(simulator.is_blocked());
    assert_eq!(simulator.call_counts().too_many, 3);
    assert_eq!(simulator.call_counts().by_route["GET /api/v4/account"], 11);
    simulator.set_limits(None);
    simulator.unblock();
    assert_eq!(get(&simulator, "account").await.status, 200);
}

#[tokio::test]
async fn the_gateway_may_refuse_in_html() {
    let limits = Limits { per_integration: 0, refusal: LimitRefusal::Html, ..Limits::default() };
    let simulator = Simulator::start(Options::demo().limits(limits)).await.unwrap();
    let answer = get(&simulator, "account").await;
    assert_eq!((answer.status, answer.kind.as_str()), (429, "text/html"));
}

#[tokio::test]
async fn amocrm_may_be_down_forbid_or_block_until_healed() {
    let (simulator, _) = account().await;
    simulator.inject(Fault::Forbidden { path: "/api/v4/users".to_owned() }).unwrap();
    let answer = get(&simulator, "users").await;
    assert_eq!((answer.status, answer.kind.as_str()), (403, "application/problem+json"));
    assert_eq!(get(&simulator, "account").await.status, 200);

    simulator.inject(Fault::Down { status: 502 }).unwrap();
    let answer = get(&simulator, "account").await;
    assert_eq!((answer.status, answer.kind.as_str()), (502, "text/html"));

    simulator.heal();
    simulator.inject(Fault::Blocked).unwrap();
    assert_eq!(get(&simulator, "account").await.kind, "text/html");
    simulator.heal();
    assert_eq!(get(&simulator, "users").await.status, 200);
}

#[tokio::test]
async fn the_next_calls_may_be_answered_as_ordered() {
    let (simulator, _) = account().await;
    simulator.answer_next(1, Answer::Json { status: 500 });
    simulator.answer_next(1, Answer::BrokenJson);
    let path = Some("/api/v4/leads".to_owned());
    simulator.inject(Fault::Next { count: 1, path, answer: Answer::Html { status: 504 } }).unwrap();
    assert_eq!(get(&simulator, "account").await.json()["status"], 500);
    let broken = get(&simulator, "account").await;
    assert_eq!(broken.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&broken.text).is_err());
    assert_eq!(get(&simulator, "account").await.status, 200);
    assert_eq!(get(&simulator, "leads").await.status, 504);
    assert_eq!(get(&simulator, "leads").await.status, 204);
}

#[tokio::test]
async fn answers_may_hang_or_be_slow() {
    let (simulator, _) = account().await;
    let delay = Duration::from_millis(200);
    simulator.answer_next(1, Answer::Hang { delay });
    let started = Instant::now();
    assert_eq!(get(&simulator, "account").await.status, 200);
    assert!(started.elapsed() >= delay);
    simulator.inject(Fault::Latency { delay }).unwrap();
    let started = Instant::now();
    assert_eq!(get(&simulator, "account").await.status, 200);
    assert!(started.elapsed() >= delay);
}

#[tokio::test]
async fn one_lead_of_a_page_may_be_broken_and_another_stale() {
    let (simulator, _) = account().await;
    let broken = simulator.create_deal(Deal::named("1")).unwrap();
    let stale = simulator.create_deal(Deal::named("2")).unwrap();
    let seen = get(&simulator, &format!("leads/{stale}")).await.json();
    simulator.inject(Fault::BrokenLead { lead: broken }).unwrap();
    simulator.inject(Fault::StaleLead { lead: stale }).unwrap();
    simulator.move_deal(stale, "Замер").unwrap();

    let leads = get(&simulator, "leads").await.json();
    assert!(leads["_embedded"]["leads"][0]["updated_at"].is_object());
    assert_eq!(leads["_embedded"]["leads"][1]["status_id"], seen["status_id"]);
    simulator.heal();
    assert_ne!(get(&simulator, &format!("leads/{stale}")).await.json()["status_id"], seen["status_id"]);
}

#[tokio::test]
async fn filters_may_be_switched_off() {
    let (simulator, _) = account().await;
    let id = simulator.create_deal(Deal::named("1")).unwrap();
    simulator.create_deal(Deal::named("2")).unwrap();
    simulator.inject(Fault::FiltersIgnored).unwrap();
    assert_eq!(get(&simulator, &format!("leads?filter[id][]={id}")).await.ids("leads").len(), 2);
    let account = get(&simulator, "account?with=is_api_filter_enabled").await.json();
    assert_eq!(account["is_api_filter_enabled"], json!(false));
}

#[tokio::test]
async fn calls_can_be_waited_for() {
    let (simulator, _) = account().await;
    let (waited, _) =
        tokio::join!(simulator.wait_for_calls("/api/v4/leads", 1, LIMIT), get(&simulator, "leads"));
    waited.unwrap();
    assert!(simulator.wait_for_calls("/api/v4/leads", 2, Duration::from_millis(10)).await.is_err());
}

#[tokio::test]
async fn a_call_whose_client_gave_up_is_counted() {
    let (simulator, _) = account().await;
    simulator.answer_next(1, Answer::Hang { delay: LIMIT * 60 });
    let client = Client::builder().timeout(Duration::from_millis(100)).build().unwrap();
    let url = format!("{}/api/v4/account", simulator.url());
    client.get(url).bearer_auth(simulator.token()).send().await.unwrap_err();
    simulator.wait_for_calls("/api/v4/account", 1, LIMIT).await.unwrap();
    assert_eq!(simulator.calls()[0].status, 499);
}

#[tokio::test]
async fn it_stops_with_its_last_handle() {
    let (simulator, _) = account().await;
    let url = simulator.url().to_owned();
    let handle = simulator.clone();
    drop(simulator);
    assert_eq!(get(&handle, "account").await.status, 200);
    drop(handle);
    let refused = async {
        while Client::new().get(&url).send().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, refused).await.expect("the port is closed");
}
