//! Without a spool: AmoCRM is asked to come again.

use tokio::time::Instant;

use crate::relay::{Relay, Wire, dead_url};
use crate::service::{Service, amqp_url, answer, hook_in_time, new_id};
use crate::tap::Tap;

const NOWHERE_SAFE: &str = r#"503 {"error":"broker_unavailable"}"#;

#[tokio::test]
async fn without_a_broker_the_answer_is_503_in_time_and_the_process_lives() {
    let service = Service::start(&dead_url().await).await;
    assert_eq!(hook_in_time(&service, "leads[add][0][id]=1").await, NOWHERE_SAFE);
    assert_eq!(answer(service.get("/health").await).await, r#"200 {"status":"alive"}"#);
    assert_eq!(
        answer(service.get("/ready").await).await,
        r#"503 {"broker":"away","spool":"off","status":"not_ready"}"#
    );
}

#[tokio::test]
async fn after_the_broker_was_away_events_are_published_again() {
    let relay = Relay::to(&amqp_url()).await;
    let service = Service::start(&relay.url).await;
    service.becomes_ready().await;
    relay.set(Wire::Cut);
    assert_eq!(hook_in_time(&service, "leads[add][0][id]=1").await, NOWHERE_SAFE);
    let metrics = service.get("/metrics").await.text().await.unwrap();
    assert!(!metrics.contains("ingest_events_total{"), "nothing was published yet: {metrics}");

    relay.set(Wire::Whole);
    service.becomes_ready().await;
    let mut tap = Tap::leads().await;
    let id = new_id();
    assert_eq!(hook_in_time(&service, format!("leads[add][0][id]={id}")).await, "200 ");
    tap.lead(id).await;
    let metrics = service.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains(r#"ingest_events_total{kind="lead.add"} 1"#), "{metrics}");
}

#[tokio::test]
async fn a_broker_that_says_nothing_is_not_waited_for() {
    let relay = Relay::to(&amqp_url()).await;
    let service = Service::start(&relay.url).await;
    service.becomes_ready().await;
    relay.set(Wire::Frozen);
    let parts: Vec<_> = (0..50).map(|index| format!("leads[add][{index}][id]=1")).collect();
    assert_eq!(hook_in_time(&service, parts.join("&")).await, NOWHERE_SAFE, "more events than channels");
    let metrics = service.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains(r#"ingest_publish_total{outcome="timeout"} 32"#), "{metrics}");

    relay.set(Wire::Whole);
    service.becomes_ready().await;
    let deadline = Instant::now() + std::time::Duration::from_secs(10);
    while hook_in_time(&service, parts.join("&")).await != "200 " {
        assert!(Instant::now() < deadline, "the retired channels were not replaced");
    }
}
