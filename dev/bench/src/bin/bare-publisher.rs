//! What ingest-service is compared with: publishes the raw body with a confirm, and does nothing else.
//!
//! No secret, no reading of the body, no logs, no metrics, no second connection when the first one breaks. Several
//! messages are unconfirmed on each channel at once, which is as fast as lapin gets.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use bench::bare;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

const PERSISTENT: u8 = 2;
/// At 128 connections faster than 128 channels.
const CHANNELS: usize = 8;

struct Publisher {
    channels: Vec<Channel>,
    next: AtomicUsize,
}

impl Publisher {
    async fn publish(&self, body: &[u8]) -> Result<Confirmation, lapin::Error> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let channel = &self.channels[turn % self.channels.len()];
        let properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
        let options = BasicPublishOptions::default();
        channel.basic_publish("".into(), bare::QUEUE.into(), options, body, properties).await?.await
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let setting = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
    let connection = Connection::connect(&setting("AMQP_URL")?, ConnectionProperties::default()).await?;
    bare::declare(&connection.create_channel().await?).await?;
    let mut channels = Vec::new();
    for _ in 0..CHANNELS {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        channels.push(channel);
    }
    let publisher = Arc::new(Publisher { channels, next: AtomicUsize::new(0) });
    let router = Router::new()
        .route("/webhook", post(receive))
        .route("/ready", get(async || StatusCode::OK))
        .with_state(publisher);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setting("SERVER_PORT")?.parse()?)).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await?;
    Ok(())
}

async fn receive(State(publisher): State<Arc<Publisher>>, body: Bytes) -> StatusCode {
    match publisher.publish(&body).await {
        Ok(Confirmation::Ack(None)) => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
