//! Receives AmoCRM's webhooks and publishes what they say to RabbitMQ.

mod account;
mod body;
pub mod check;
pub mod config;
pub mod connections;
pub mod events;
mod finish;
pub mod flaw;
pub mod form;
mod health;
mod ingest;
mod metrics;
mod publisher;
mod rejection;
mod safety;
mod secret;
mod server;
mod spool;
mod webhook;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use config::Config;
use connections::Limits;
use ingest::Ingest;

/// A stop takes at most the sum of these, which must stay below the ten seconds a container is given.
const FINISH_REQUESTS: Duration = Duration::from_secs(3);
const FINISH_TASKS: Duration = Duration::from_secs(2);
/// Beside it the spool's files are closed.
const CLOSE_BROKER: Duration = Duration::from_millis(2500);

const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Serves on `listener` until `shutdown`: then accepts nothing more, finishes what it has and says goodbye
/// to the broker, within eight seconds.
///
/// # Errors
///
/// If the listener fails.
pub async fn run(config: Config, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
    let ingest = Arc::new(Ingest::new(&config));
    let leave_broker = CancellationToken::new();
    // Tasks of their own: what waits beside them in one task would be polled at every word of the broker.
    let (mut broker, mut spool) = (JoinSet::new(), JoinSet::new());
    broker.spawn(ingest.publisher.clone().run(leave_broker.clone()));
    spool.spawn(work_on_spool(ingest.clone()));
    let result = tokio::select! {
        result = serve(&ingest, &config, listener, &shutdown) => result,
        _ = broker.join_next() => Err(anyhow::anyhow!("the publisher ended before it was asked to")),
        _ = spool.join_next() => Err(anyhow::anyhow!("the spool ended before it was asked to")),
        () = upkeep(&ingest) => Ok(()),
    };
    spool.shutdown().await;
    let closing = close_spool(&ingest);
    leave_broker.cancel();
    let farewell = async {
        if timeout(CLOSE_BROKER, broker.join_next()).await.is_err() {
            tracing::warn!("The broker did not answer the goodbye in time");
        }
    };
    tokio::join!(farewell, closing);
    tracing::info!("Stopped");
    result
}

/// Returns once everything that was accepted is finished, or has had its time.
async fn serve(
    ingest: &Arc<Ingest>,
    config: &Config,
    listener: TcpListener,
    shutdown: &CancellationToken,
) -> anyhow::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "Listening");
    let router = server::router(ingest.clone(), &config.webhook_path);
    tokio::select! {
        () = connections::serve(listener, router, Limits::USUAL, shutdown) => {}
        () = overtime(shutdown) => tracing::warn!("Some connections did not end in time"),
    }
    ingest.tasks.close();
    if timeout(FINISH_TASKS, ingest.tasks.wait()).await.is_err() {
        tracing::warn!("Some webhooks were not finished in time");
    }
    Ok(())
}

async fn overtime(shutdown: &CancellationToken) {
    shutdown.cancelled().await;
    sleep(FINISH_REQUESTS).await;
}

/// Writes and drains for ever; without a spool it just lasts.
async fn work_on_spool(ingest: Arc<Ingest>) {
    match &ingest.spool {
        Some(spool) => spool.clone().run(&ingest).await,
        None => pending().await,
    }
}

/// A kill at any moment loses nothing either: what is not closed is put in order by whoever opens it next.
async fn close_spool(ingest: &Ingest) {
    let Some(spool) = ingest.spool.clone() else { return };
    let closing = tokio::task::spawn_blocking(move || spool.close());
    if timeout(CLOSE_BROKER, closing).await.is_err() {
        tracing::warn!("The spool was not closed in time");
    }
}

async fn upkeep(ingest: &Ingest) {
    loop {
        sleep(METRICS_UPKEEP).await;
        ingest.metrics.upkeep();
    }
}
