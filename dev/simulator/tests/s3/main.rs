//! What the bucket refuses. That it takes what is signed well, bot-service's own tests of it prove.

use axum::http::Method;
use simulator::s3::{Options, Seen, Simulator};

#[tokio::test]
async fn who_signs_nothing_gets_nothing() {
    let bucket = Simulator::start(Options::default()).await.unwrap();
    let address = format!("{}/zamer/a", bucket.url());
    let client = reqwest::Client::new();
    let put = client.put(&address).body("x").send().await.unwrap();
    assert_eq!(put.status(), 403);
    assert!(put.text().await.unwrap().contains("<Code>AccessDenied</Code>"));
    let signed = "AWS4-HMAC-SHA256 Credential=somebody/20261201/ru-central1/s3/aws4_request, \
                  SignedHeaders=host, Signature=00";
    let get = client.get(&address).header("authorization", signed).send().await.unwrap();
    assert!(get.text().await.unwrap().contains("<Code>InvalidAccessKeyId</Code>"));
    assert!(bucket.contents().is_empty());
    let seen = |method| Seen { method, name: Some("a".into()), status: 403 };
    assert_eq!(bucket.seen(), [seen(Method::PUT), seen(Method::GET)]);
}
