use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::service::{OLD_SECRET, SECRET, Service, answer};

#[tokio::test]
async fn the_secret_is_taken_from_path_query_or_header() {
    let service = Service::ready().await;
    for path in [
        format!("/webhook/amocrm/{SECRET}"),
        format!("/webhook/amocrm/{OLD_SECRET}"),
        format!("/webhook/amocrm?x=1&secret={SECRET}"),
        format!("/webhook/amocrm/wrong?secret={OLD_SECRET}"),
    ] {
        assert_eq!(answer(service.post(&path).send().await.unwrap()).await, "200 ", "{path}");
    }
    let by_header = service.post("/webhook/amocrm").header("X-Webhook-Secret", SECRET);
    assert_eq!(answer(by_header.send().await.unwrap()).await, "200 ");
}

#[tokio::test]
async fn without_a_right_secret_the_answer_is_401() {
    let service = Service::ready().await;
    let refused = r#"401 {"error":"unauthorized"}"#;
    for path in [
        "/webhook/amocrm".to_owned(),
        "/webhook/amocrm/wrong".to_owned(),
        "/webhook/amocrm/%FF%00".to_owned(),
        "/webhook/amocrm?secret=".to_owned(),
        format!("/webhook/amocrm/{}", &SECRET[1..]),
        format!("/webhook/amocrm/{SECRET}0"),
        format!("/webhook/amocrm?secret={SECRET},{OLD_SECRET}"),
        format!("/webhook/amocrm?SECRET={SECRET}"),
    ] {
        let request = service.post(&path).body("leads[add][0][id]=1");
        assert_eq!(answer(request.send().await.unwrap()).await, refused, "{path}");
    }
}

#[tokio::test]
async fn the_secret_is_asked_for_before_the_body_is_looked_at() {
    let service = Service::ready().await;
    let request = service.post("/webhook/amocrm/wrong").header("content-encoding", "gzip").body("x");
    assert_eq!(answer(request.send().await.unwrap()).await, r#"401 {"error":"unauthorized"}"#);
}

/// A sender that asks before it sends is told `100 Continue` as soon as anybody reads its body.
#[tokio::test]
async fn a_body_behind_a_wrong_secret_is_not_read() {
    let service = Service::ready().await;
    let mut stream = TcpStream::connect(&service.address).await.unwrap();
    let head = "POST /webhook/amocrm/wrong HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\
                Expect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    let answered = timeout(Duration::from_secs(5), stream.read_exact(&mut status)).await;
    answered.expect("the answer comes without a body").unwrap();
    assert_eq!(String::from_utf8_lossy(&status), "HTTP/1.1 401");
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_in_json() {
    let service = Service::ready().await;
    assert_eq!(answer(service.get("/nothing").await).await, r#"404 {"error":"not_found"}"#);
    let get = service.get(&format!("/webhook/amocrm/{SECRET}")).await;
    assert_eq!(answer(get).await, r#"405 {"error":"method_not_allowed"}"#);
    let metrics = service.get("/metrics").await.text().await.unwrap();
    for counted in ["not_found", "method_not_allowed"] {
        let line = format!("ingest_requests_total{{outcome=\"{counted}\"}} 1\n");
        assert!(metrics.contains(&line), "{counted}: {metrics}");
    }
}

#[tokio::test]
async fn health_and_metrics_need_no_secret() {
    let service = Service::ready().await;
    assert_eq!(answer(service.get("/health").await).await, r#"200 {"status":"alive"}"#);
    assert_eq!(
        answer(service.get("/ready").await).await,
        r#"200 {"broker":"connected","spool":"off","status":"ready"}"#
    );
    service.post("/webhook/amocrm").send().await.unwrap();
    let metrics = service.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains(r#"ingest_requests_total{outcome="unauthorized"} 1"#), "{metrics}");
    assert!(metrics.contains("ingest_broker_connected 1"), "{metrics}");
}
