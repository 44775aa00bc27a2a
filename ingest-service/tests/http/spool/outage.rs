use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::{deals, id_of, is_drained};
use crate::relay::{Relay, Wire, dead_url};
use crate::service::{SECRET, Service, amqp_url, answer, hook_in_time, new_id};
use crate::tap::{Tap, lead_of, reason_of};

#[tokio::test]
async fn webhooks_are_accepted_while_the_broker_is_away_and_arrive_when_it_is_back() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    relay.set(Wire::Cut);
    let service = Service::with_spool(&relay.url, dir.path()).await;
    let (first, second, unreadable) = (new_id(), new_id(), new_id());
    assert_eq!(hook_in_time(&service, deals([first, second])).await, "200 ");
    let request = service.post(&format!("/webhook/amocrm/{SECRET}"));
    let request = request.header("content-type", "application/json").body(format!("{{{unreadable}"));
    assert!(request.send().await.unwrap().status().is_success());
    let ready = answer(service.get("/ready").await).await;
    assert_eq!(ready, r#"200 {"broker":"away","spool":"works","status":"ready"}"#);
    let told = [
        ("ingest_spool_events", 3.0),
        ("ingest_spooled_total", 3.0),
        ("ingest_drained_total", 0.0),
        ("ingest_spool_works", 1.0),
        ("ingest_spool_limit_bytes", 1_073_741_824.0),
        (r#"ingest_requests_total{outcome="accepted"}"#, 1.0),
    ];
    for (name, value) in told {
        assert!((service.metric(name).await - value).abs() < 0.5, "{name}");
    }
    assert!(service.metric("ingest_spool_bytes").await > 0.0);
    assert!(service.metric("ingest_spool_oldest_seconds").await > 0.0);
    let metrics = service.get("/metrics").await.text().await.unwrap();
    assert!(!metrics.contains("ingest_events_total{"), "nothing was published yet: {metrics}");

    let (mut events, mut raw) = (Tap::leads().await, Tap::unreadable().await);
    relay.set(Wire::Whole);
    events.lead(first).await;
    events.lead(second).await;
    let body = format!("{{{unreadable}");
    let delivery = raw.next(|delivery| delivery.data == body.as_bytes()).await;
    assert_eq!(reason_of(&delivery), "json");
    assert_eq!(delivery.properties.content_type().as_ref().unwrap().as_str(), "application/json");
    is_drained(&service).await;
    assert!((service.metric("ingest_drained_total").await - 3.0).abs() < 0.5);
    assert!((service.metric("ingest_spool_oldest_seconds").await).abs() < 0.001);
    assert!((service.metric(r#"ingest_events_total{kind="lead.add"}"#).await - 2.0).abs() < 0.5);
}

/// What the broker took without a word is published again, under the same id.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_confirmed_in_time_arrives_perhaps_twice_and_never_less() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    let service = Service::with_spool(&relay.url, dir.path()).await;
    service.becomes_ready().await;
    let mut tap = Tap::leads().await;
    relay.set(Wire::Frozen);
    let ids: Vec<_> = (0..50).map(|_| new_id()).collect();
    assert_eq!(hook_in_time(&service, deals(ids.clone())).await, "200 ", "more events than channels");
    assert!((service.metric(r#"ingest_publish_total{outcome="timeout"}"#).await - 32.0).abs() < 0.5);
    relay.set(Wire::Whole);

    let first = tap.lead(ids[0]).await;
    let again = tap.lead(ids[0]).await;
    assert_eq!(id_of(&first), id_of(&again));
    assert_eq!(first.data, again.data);
    for id in &ids[1..] {
        tap.lead(*id).await;
    }
    is_drained(&service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sender_said_before_he_hung_up_is_kept_all_the_same() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    let service = Service::with_spool(&relay.url, dir.path()).await;
    service.becomes_ready().await;
    relay.set(Wire::Frozen);
    let body = format!("{}&unknown[a]=1", deals([new_id()]));
    let head =
        format!("POST /webhook/amocrm/{SECRET} HTTP/1.1\r\nHost: test\r\nContent-Length: {}", body.len());
    let mut sender = TcpStream::connect(&service.address).await.unwrap();
    sender.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.unwrap();
    let begun = r#"ingest_skipped_total{what="unknown_entity"}"#;
    service.until("the body is read", async || service.metric(begun).await > 0.5).await;
    drop(sender);
    service.until("it is kept", async || service.metric("ingest_spooled_total").await > 0.5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_broker_is_waited_for_once_and_not_by_every_webhook() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    let service = Service::with_spool(&relay.url, dir.path()).await;
    service.becomes_ready().await;
    relay.set(Wire::Frozen);
    assert_eq!(hook_in_time(&service, deals([new_id()])).await, "200 ");
    let started = Instant::now();
    let ids = [(); 3].map(|()| new_id());
    for id in ids {
        assert_eq!(hook_in_time(&service, deals([id])).await, "200 ");
    }
    assert!(started.elapsed() < Duration::from_secs(2), "each would wait for a second");

    let mut tap = Tap::leads().await;
    relay.set(Wire::Whole);
    for id in ids {
        tap.lead(id).await;
    }
    is_drained(&service).await;
    let id = new_id();
    assert_eq!(hook_in_time(&service, deals([id])).await, "200 ");
    tap.lead(id).await;
    assert!((service.metric("ingest_spooled_total").await - 4.0).abs() < 0.5, "the way is open again");
}

#[tokio::test]
async fn a_broker_that_takes_nothing_is_not_given_anything() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    let service = Service::with_spool(&relay.url, dir.path()).await;
    service.becomes_ready().await;
    relay.say_blocked();
    service
        .until("it is blocked", async || {
            answer(service.get("/ready").await).await
                == r#"200 {"broker":"blocked","spool":"works","status":"ready"}"#
        })
        .await;
    let id = new_id();
    assert_eq!(hook_in_time(&service, deals([id])).await, "200 ");
    assert!((service.metric("ingest_spool_events").await - 1.0).abs() < 0.5);
    let mut tap = Tap::leads().await;
    relay.say_unblocked();
    tap.lead(id).await;
    is_drained(&service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_webhooks_pass_while_thousands_are_drained() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    relay.set(Wire::Cut);
    let service = Service::with_spool(&relay.url, dir.path()).await;
    let waiting = new_id();
    for part in 0..4 {
        let ids = (0..1000).map(|number| waiting + part * 1000 + number);
        assert_eq!(hook_in_time(&service, deals(ids)).await, "200 ");
    }
    let mut tap = Tap::leads().await;
    relay.set(Wire::Whole);
    service.becomes_ready().await;
    let spooled = service.metric("ingest_spooled_total").await;
    let id = new_id();
    while service.metric("ingest_spool_events").await > 0.0 {
        assert_eq!(hook_in_time(&service, deals([id])).await, "200 ");
    }
    let live = service.metric(r#"ingest_publish_total{outcome="confirmed"}"#).await - 4000.0;
    assert!(live > 1.0, "several were published beside it: {live}");
    assert!((service.metric("ingest_spooled_total").await - spooled).abs() < 0.5, "none had to wait");
    let wanted = waiting..waiting + 4000;
    let mut seen = std::collections::HashSet::new();
    while seen.len() < 4000 {
        let delivery = tap.next(|delivery| lead_of(delivery).is_some_and(|id| wanted.contains(&id))).await;
        seen.insert(lead_of(&delivery));
    }
}

#[tokio::test]
async fn without_broker_and_folder_nobody_is_ready() {
    let dir = tempfile::tempdir().unwrap();
    let no_folder = dir.path().join("file");
    std::fs::write(&no_folder, "").unwrap();
    let service = Service::with_spool(&dead_url().await, &no_folder).await;
    let refused = r#"503 {"error":"broker_unavailable"}"#;
    assert_eq!(hook_in_time(&service, deals([1])).await, refused);
    let ready = answer(service.get("/ready").await).await;
    assert_eq!(ready, r#"503 {"broker":"away","spool":"failing","status":"not_ready"}"#);
    let counted = service.metric(r#"ingest_spool_refused_total{reason="failing"}"#).await;
    assert!((counted - 1.0).abs() < 0.5);
    std::fs::remove_file(&no_folder).unwrap();
    service.until("the folder is made", async || service.get("/ready").await.status().is_success()).await;
    assert_eq!(hook_in_time(&service, deals([1])).await, "200 ");
}
