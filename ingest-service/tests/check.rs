//! `check-config` against a real broker.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as a test does")]

use std::path::Path;

use ingest_service::check;
use lapin::options::{QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties};
use reqwest::Url;
use shared::config::Settings;
use shared::topology;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

const SECRET: &str = "0012300123001230";

/// The broker's queues are common to all tests, and one of these tests makes a queue anew.
static ALONE: Mutex<()> = Mutex::const_new(());

fn broker() -> Url {
    let url = std::env::var("AMQP_URL").expect(
        "AMQP_URL is not set: run these tests with `cargo xtask test`, which starts a private broker",
    );
    url.parse().unwrap()
}

async fn said(amqp_url: &str, changes: &[(&str, &str)]) -> String {
    let given = [("AMQP_URL", amqp_url), ("WEBHOOK_SECRET", SECRET)];
    let pairs = given.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let settings = Settings::from_layers(Path::new("no.toml"), Path::new("no.env"), pairs).unwrap();
    let said = check::all(&settings).await.to_string();
    assert!(!said.contains(SECRET) && !said.contains("brokersecret"), "{said}");
    said
}

#[tokio::test]
async fn a_broker_that_works_and_the_webhooks_address_are_shown() {
    let _alone = ALONE.lock().await;
    let url = broker();
    let place = format!("127.0.0.1:{}", url.port().unwrap());
    let host = ("WEBHOOK_HOST", "https://zamer.example.ru");
    let wanted = format!(
        "ok     settings  every value can be used\n\
         ok     broker    RabbitMQ at {place}, the queues are there\n\
         note   spool     SPOOL_DIR is empty: while the broker is away, webhooks are refused\n\
         ok     webhook   AmoCRM is to post to https://zamer.example.ru/webhook/amocrm/<secret>\n\
         ok     logs      to stdout only\n\n\
         All of it works."
    );
    assert_eq!(said(url.as_str(), &[host]).await, wanted);
    let said = said(url.as_str(), &[]).await;
    assert!(said.contains("note   webhook   WEBHOOK_HOST is empty"), "{said}");
}

#[tokio::test]
async fn a_refusal_of_the_broker_says_what_to_correct() {
    let mut url = broker();
    url.set_path("/nowhere");
    let nowhere = said(url.as_str(), &[]).await;
    assert!(nowhere.contains(" has no virtual host `nowhere` for this user\n"), "{nowhere}");
    let mut url = broker();
    url.set_password(Some("brokersecret")).unwrap();
    let wrong = said(url.as_str(), &[]).await;
    assert!(wrong.contains(" refused the user or the password\n"), "{wrong}");
    assert!(wrong.ends_with("1 of 5 do not work."), "{wrong}");
}

#[tokio::test]
async fn a_queue_with_other_arguments_fails() {
    let _alone = ALONE.lock().await;
    let url = broker();
    let connection = Connection::connect(url.as_str(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let queue = || topology::UNREADABLE.into();
    channel.queue_delete(queue(), QueueDeleteOptions::default()).await.unwrap();
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue(), options, FieldTable::default()).await.unwrap();
    let other = said(url.as_str(), &[]).await;
    channel.queue_delete(queue(), QueueDeleteOptions::default()).await.unwrap();
    topology::declare(&channel).await.unwrap();
    connection.close(200, "done".into()).await.unwrap();
    assert!(other.contains(" holds a queue or exchange of ours with other arguments\n"), "{other}");
}

#[tokio::test]
async fn a_broker_that_cannot_be_reached_is_told_with_the_reason() {
    let refused = said("amqp://zamer:brokersecret@127.0.0.1:1/%2f", &[]).await;
    assert!(refused.contains("FAILS  broker    127.0.0.1:1 refused the connection\n"), "{refused}");
    let unknown = said("amqp://zamer:brokersecret@nobody.invalid/%2f", &[]).await;
    assert!(unknown.contains("FAILS  broker    nobody.invalid:5672 is not known"), "{unknown}");

    let closing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closing.local_addr().unwrap().port();
    let mut hanging_up = tokio::task::JoinSet::new();
    hanging_up.spawn(async move {
        while let Ok((connection, _)) = closing.accept().await {
            drop(connection);
        }
    });
    let broken = said(&format!("amqp://zamer:brokersecret@127.0.0.1:{port}/%2f"), &[]).await;
    assert!(broken.contains(&format!("127.0.0.1:{port} broke the connection off\n")), "{broken}");
}

#[tokio::test]
async fn everything_that_is_wrong_is_a_row() {
    let said = said("http://h", &[("SERVER_PORT", "x"), ("WEBHOOK_PATH", "hook")]).await;
    assert_eq!(said.lines().filter(|line| line.starts_with("FAILS  settings  ")).count(), 3, "{said}");
    assert!(said.contains("-      broker    not tried"), "{said}");
}
