//! The HTTP side: the Bot API for the bot and `/control` for people.

mod bot_api;
mod connection;
pub(super) mod control;
mod decode;
mod files;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};
use connection::{Cut, CuttableListener};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Simulator;
use super::shared::Shared;

#[derive(Clone)]
struct Context {
    shared: Arc<Shared>,
    stopping: CancellationToken,
}

/// Serves until `stopping`; calls that still wait then lose their connection.
pub(super) async fn run(
    listener: TcpListener,
    shared: Arc<Shared>,
    simulator: Simulator,
    stopping: CancellationToken,
) {
    let context = Context { shared, stopping: stopping.clone() };
    let app = Router::new()
        .route("/{bot}/{method}", any(bot_api::serve))
        .route("/file/{bot}/{*path}", get(files::serve))
        .with_state(context)
        .layer(DefaultBodyLimit::max(decode::MAX_BODY))
        .nest("/control", control::router(simulator))
        .into_make_service_with_connect_info::<Cut>();
    tokio::select! {
        ended = axum::serve(CuttableListener(listener), app).into_future() => {
            if let Err(error) = ended {
                tracing::error!(error = &error as &dyn std::error::Error, "The Telegram simulator stopped");
            }
        }
        () = stopping.cancelled() => {}
    }
}
