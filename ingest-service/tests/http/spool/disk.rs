use super::{deals, is_drained};
use crate::relay::{Relay, Wire};
use crate::service::{SECRET, Service, amqp_url, answer, hook_in_time, new_id};
use crate::tap::Tap;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_spool_refuses_until_there_is_room() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    relay.set(Wire::Cut);
    let folder = ("SPOOL_DIR", dir.path().to_str().unwrap());
    let service = Service::start_with(&relay.url, &[folder, ("SPOOL_MAX_BYTES", "16777216")]).await;
    // No form, and as long as is accepted: kept raw, in two megabytes of the disk.
    let large = format!("{{{}", "x".repeat((1 << 20) - 1));
    let hook = async || {
        let path = format!("/webhook/amocrm/{SECRET}");
        let request = service.post(&path).header("content-type", "application/json").body(large.clone());
        answer(request.send().await.unwrap()).await
    };
    let mut taken = 0;
    while hook().await == "200 " {
        taken += 1;
        assert!(taken <= 8, "more than there is room for");
    }
    assert!(taken >= 7, "it refuses at {taken}");
    let ready = answer(service.get("/ready").await).await;
    assert_eq!(ready, r#"503 {"broker":"away","spool":"full","status":"not_ready"}"#);
    assert!((service.metric(r#"ingest_spool_refused_total{reason="full"}"#).await - 1.0).abs() < 0.5);
    assert!(service.metric("ingest_spool_works").await.abs() < 0.5);

    let mut tap = Tap::unreadable().await;
    relay.set(Wire::Whole);
    for _ in 0..taken {
        tap.next(|delivery| delivery.data == large.as_bytes()).await;
    }
    is_drained(&service).await;
    relay.set(Wire::Cut);
    service
        .until("the broker is away", async || answer(service.get("/ready").await).await.contains("away"))
        .await;
    assert_eq!(hook_in_time(&service, deals([new_id()])).await, "200 ");
}
