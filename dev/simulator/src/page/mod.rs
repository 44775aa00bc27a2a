//! A web page to play every role: each person's chat as Telegram shows it, and AmoCRM's board of deals.
//!
//! The page shows what one stream of events tells it, and acts through the simulators' `/control`. Its server
//! listens on 127.0.0.1 and answers only those who call it by that name.

mod assets;
mod guard;
mod live;
mod photos;
mod snapshot;
mod trouble;

use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{amocrm, telegram};

/// A running page; it stops when dropped.
pub struct Page {
    port: u16,
    _stop_on_drop: DropGuard,
}

/// What every handler works with.
#[derive(Clone)]
struct Stage {
    telegram: telegram::Simulator,
    amocrm: amocrm::Simulator,
    stopping: CancellationToken,
}

impl Page {
    /// Shows these two on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub async fn start(telegram: telegram::Simulator, amocrm: amocrm::Simulator) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("listening for the page")?;
        let port = listener.local_addr()?.port();
        let stopping = CancellationToken::new();
        let router = router(Stage { telegram, amocrm, stopping: stopping.clone() }, port);
        let stopped = stopping.clone().cancelled_owned();
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
                tracing::error!(%error, "The page stopped serving");
            }
        });
        Ok(Self { port, _stop_on_drop: stopping.drop_guard() })
    }

    /// What to open in a browser.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

fn router(stage: Stage, port: u16) -> Router {
    let (telegram, amocrm) = (stage.telegram.control(), stage.amocrm.control());
    Router::new()
        .route("/", get(assets::index))
        .route("/assets/{*path}", get(assets::one))
        .route("/events", get(events))
        .route("/trouble", post(trouble::change))
        .route("/photos/{chat}/{message}", get(photos::show))
        .route("/photos/{chat}", post(photos::send).layer(photos::limit()))
        .route("/files/{chat}", post(photos::send_file).layer(photos::limit()))
        .with_state(stage)
        .nest("/telegram", telegram)
        .nest("/amocrm", amocrm)
        .layer(middleware::from_fn_with_state(Arc::new(guard::Guard::of_port(port)), guard::pass))
}

async fn events(State(stage): State<Stage>) -> impl IntoResponse {
    live::stream(stage)
}
