use tokio::time::Instant;

use crate::service::{Service, new_id};

/// The value of a line of `/metrics`.
fn value(metrics: &str, name: &str) -> f64 {
    let mut values = metrics.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    values.next().unwrap_or_else(|| panic!("no {name}: {metrics}")).parse().unwrap()
}

#[tokio::test]
async fn every_outcome_of_a_request_is_there_from_the_start() {
    let service = Service::ready().await;
    let metrics = service.get("/metrics").await.text().await.unwrap();
    for outcome in ["accepted", "empty", "unreadable", "unauthorized", "broker_unavailable", "internal"] {
        assert!(
            value(&metrics, &format!("ingest_requests_total{{outcome=\"{outcome}\"}}")) == 0.0,
            "{metrics}"
        );
    }
}

#[tokio::test]
async fn what_a_body_brings_and_what_it_does_not_is_counted() {
    let service = Service::ready().await;
    let (known, nameless) = (new_id(), "leads[update][0][name]=nameless");
    let body = format!(
        "leads[add][0][id]={known}&leads[exploded][0][id]={known}&{nameless}\
         &task[add][0][id]=1\
         &rockets[launch][0][id]=1&saucers[launch][0][id]=1\
         &leads[exploded][1][id]={known}&contacts[sang][0][id]=1\
         &leads[add][0][colour]=red&leads[add][0][taste]=sour&leads[add][0][smell]=hay&leads[add][0][sound]=loud"
    );
    let started = Instant::now();
    assert!(service.hook(body).await.status().is_success());
    let longest = started.elapsed().as_secs_f64();

    let metrics = service.get("/metrics").await.text().await.unwrap();
    let counted = [
        (r#"ingest_skipped_total{what="unused"}"#, 1.0),
        (r#"ingest_skipped_total{what="unknown_entity"}"#, 2.0),
        (r#"ingest_skipped_total{what="unknown_action"}"#, 3.0),
        (r#"ingest_skipped_total{what="unknown_field"}"#, 4.0),
        (r#"ingest_unreadable_total{reason="no_id"}"#, 1.0),
        (r#"ingest_events_total{kind="lead.add"}"#, 1.0),
        (r#"ingest_events_total{kind="lead.other"}"#, 2.0),
        (r#"ingest_publish_total{outcome="confirmed"}"#, 4.0),
        ("ingest_publish_seconds_count", 4.0),
        (r#"ingest_publish_seconds_bucket{le="+Inf"}"#, 4.0),
    ];
    let seen = counted.map(|(name, _)| (name, value(&metrics, name)));
    assert_eq!(seen, counted);
    let took = value(&metrics, "ingest_publish_seconds_sum");
    assert!(took > 0.0 && took < 4.0 * longest, "{took} seconds for four messages within {longest}");
}
