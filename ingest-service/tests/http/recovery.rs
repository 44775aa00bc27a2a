//! What can happen to a connection to the broker, and that none of it lasts.

use std::time::Duration;

use lapin::options::ExchangeDeleteOptions;
use lapin::{Connection, ConnectionProperties};
use shared::topology::EVENTS;
use tokio::time::Instant;

use crate::relay::Relay;
use crate::service::{Service, amqp_url, hook_in_time, new_id};
use crate::tap::Tap;

/// Twice the heartbeat of a second that the address asks for, and what a busy machine adds.
const FOUND_DEAD_WITHIN: Duration = Duration::from_secs(10);

fn deal(id: i64) -> String {
    format!("leads[add][0][id]={id}")
}

/// The broker closes a channel on which somebody publishes to an exchange that is not there.
#[tokio::test]
async fn a_channel_that_the_broker_closed_is_replaced_and_the_exchange_declared_anew() {
    let dir = tempfile::tempdir().unwrap();
    let service = Service::with_spool(&amqp_url(), dir.path()).await;
    service.becomes_ready().await;
    let connection = Connection::connect(&amqp_url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.exchange_delete(EVENTS.into(), ExchangeDeleteOptions::default()).await.unwrap();

    let (met_the_error, later) = (new_id(), new_id());
    assert_eq!(hook_in_time(&service, deal(met_the_error)).await, "200 ", "it waits in the spool");
    assert!(service.metric(r#"ingest_publish_total{outcome="broken"}"#).await > 0.5);
    service.becomes_ready().await;
    let mut tap = Tap::leads().await;
    assert_eq!(hook_in_time(&service, deal(later)).await, "200 ");
    tap.lead(later).await;
    service.until("the spool is empty", async || service.metric("ingest_spool_events").await < 0.5).await;
    assert!((service.metric("ingest_drained_total").await - 1.0).abs() < 0.5);
}

/// No goodbye, no reset: only the heartbeat tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_gone_without_a_word_is_found_out_by_its_heartbeat() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    let service = Service::with_spool(&format!("{}?heartbeat=1", relay.url), dir.path()).await;
    service.becomes_ready().await;
    let mut tap = Tap::leads().await;
    relay.leave_half_open();
    let gone_at = Instant::now();

    let meanwhile = new_id();
    assert_eq!(hook_in_time(&service, deal(meanwhile)).await, "200 ", "it waits in the spool");
    tap.lead(meanwhile).await;
    assert!(gone_at.elapsed() < FOUND_DEAD_WITHIN, "found out after {:?}", gone_at.elapsed());
    let direct = new_id();
    service
        .until("webhooks go to the broker again", async || {
            let drained = service.metric("ingest_drained_total").await;
            drained > 0.5 && service.metric("ingest_spool_events").await < 0.5
        })
        .await;
    assert_eq!(hook_in_time(&service, deal(direct)).await, "200 ");
    tap.lead(direct).await;
}
