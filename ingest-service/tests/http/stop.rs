use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::relay::Relay;
use crate::service::{SECRET, Service, amqp_url, new_id};
use crate::tap::Tap;

/// Sends the head of a request and the first byte of its body.
async fn begin(service: &Service, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&service.address).await.unwrap();
    let head = format!(
        "POST /webhook/amocrm/{SECRET} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n", "the handler waits for the body");
    stream.write_all(&body.as_bytes()[..1]).await.unwrap();
    stream
}

async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    timeout(Duration::from_secs(5), stream.read_to_string(&mut text)).await.unwrap().unwrap();
    text
}

#[tokio::test]
async fn a_stop_finishes_what_was_begun_and_takes_nothing_more() {
    let mut service = Service::ready().await;
    let mut tap = Tap::leads().await;
    let id = new_id();
    let body = format!("leads[add][0][id]={id}");
    let mut stream = begin(&service, &body).await;
    service.ask_to_stop();
    while TcpStream::connect(&service.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(&body.as_bytes()[1..]).await.unwrap();
    assert!(rest(stream).await.starts_with("HTTP/1.1 200 OK"));
    tap.lead(id).await;
    service.stopped().await;
}

#[tokio::test]
async fn a_stop_says_goodbye_to_the_broker() {
    let relay = Relay::to(&amqp_url()).await;
    let mut service = Service::start(&relay.url).await;
    service.becomes_ready().await;
    assert!(!relay.has_heard_goodbye());
    service.ask_to_stop();
    service.stopped().await;
    assert!(relay.has_heard_goodbye(), "the connection just ended");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let service = Service::ready().await;
    let stream = begin(&service, "leads[add][0][id]=1").await;
    let text = rest(stream).await;
    assert!(text.starts_with("HTTP/1.1 503"), "{text}");
    assert!(text.ends_with(r#"{"error":"slow_body"}"#), "{text}");
}

#[tokio::test]
async fn a_connection_that_says_nothing_does_not_hold_up_the_stop() {
    let mut service = Service::ready().await;
    let mut silent = TcpStream::connect(&service.address).await.unwrap();
    silent.write_all(b"POST /webhook").await.unwrap();
    service.ask_to_stop();
    service.stopped().await;
}
