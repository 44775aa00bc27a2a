//! What the machine is told: `/health`, `/ready`, `/metrics`, for the inside of the network; and what Telegram brings,
//! which is all that the proxy lets in.

mod metrics;
mod probes;
mod updates;

use std::future::IntoFuture;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use shared::broker::BrokerState;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::TelegramMode;

pub use metrics::record as record_metrics;
pub use updates::Door;

/// Connections that are open at a stop may end within this time.
const FINISH: Duration = Duration::from_secs(3);

/// What the answers are made of.
#[derive(Clone)]
pub struct Status {
    /// Empty until the database is open.
    pub live: Arc<OnceLock<Live>>,
    pub metrics: PrometheusHandle,
    /// How updates come, and where Telegram may bring them.
    pub mode: TelegramMode,
    pub door: Option<Door>,
}

/// The service at work.
pub struct Live {
    pub app: App,
    pub broker: watch::Receiver<BrokerState>,
    /// Whether this replica leads.
    pub leads: watch::Receiver<bool>,
}

impl Status {
    fn broker(&self) -> BrokerState {
        self.live.get().map_or(BrokerState::Away, |live| *live.broker.borrow())
    }

    fn leads(&self) -> bool {
        self.live.get().is_some_and(|live| *live.leads.borrow())
    }
}

/// Serves until `shutdown`.
///
/// # Errors
///
/// If the listener fails.
pub async fn serve(listener: TcpListener, status: Status, shutdown: CancellationToken) -> anyhow::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "Listening");
    let handle = status.metrics.clone();
    let serving =
        axum::serve(listener, router(status)).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    tokio::select! {
        result = serving.into_future() => result.context("serving HTTP")?,
        () = overtime(&shutdown) => tracing::warn!("Some connections did not end in time"),
        () = metrics::upkeep(&handle) => {}
    }
    Ok(())
}

fn router(status: Status) -> Router {
    updates::routes(status.door.as_ref())
        .route("/health", get(probes::health))
        .route("/ready", get(probes::ready))
        .route("/metrics", get(metrics::scrape))
        .with_state(status)
}

async fn overtime(shutdown: &CancellationToken) {
    shutdown.cancelled().await;
    sleep(FINISH).await;
}

#[cfg(test)]
mod tests;
