//! The handle to a running simulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::options::Options;
use super::server;
use super::shared::Shared;
use super::webhook;
use crate::clock::Clock;

/// Cheap to clone; the server stops when the last clone is dropped.
#[derive(Clone)]
pub struct Simulator {
    pub(super) shared: Arc<Shared>,
    address: SocketAddr,
    stopping: CancellationToken,
    /// Absent in the copy that the server itself holds, so that it does not keep itself alive.
    _stop_on_drop: Option<Arc<DropGuard>>,
}

impl Simulator {
    /// Listens on 127.0.0.1 and serves in the background.
    ///
    /// # Errors
    ///
    /// If the port is taken or the bot's token does not begin with its id.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared::new(&options)?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .with_context(|| format!("listening on port {}", options.port))?;
        let stopping = CancellationToken::new();
        let inner = Self {
            shared: Arc::clone(&shared),
            address: listener.local_addr()?,
            stopping: stopping.clone(),
            _stop_on_drop: None,
        };
        let guard = Arc::new(stopping.clone().drop_guard());
        let outer = Self { _stop_on_drop: Some(guard), ..inner.clone() };
        tokio::spawn(webhook::run(Arc::clone(&shared), stopping.clone()));
        tokio::spawn(server::run(listener, shared, inner, stopping));
        Ok(outer)
    }

    /// Stops serving; calls under way lose their connection. The state can still be looked at.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// The address of the Bot API, without a slash at the end; `/control` is below it too.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn token(&self) -> String {
        self.shared.look(|state| state.bot.token.clone())
    }

    pub fn bot_id(&self) -> i64 {
        self.shared.look(|state| state.bot_id)
    }

    pub fn bot_name(&self) -> String {
        self.shared.look(|state| state.bot.first_name.clone())
    }

    pub fn bot_username(&self) -> String {
        self.shared.look(|state| state.bot.username.clone())
    }

    /// What stands under `/control`, to be served elsewhere too.
    pub fn control(&self) -> Router {
        server::control::router(self.clone())
    }

    pub fn clock(&self) -> Clock {
        self.shared.clock.clone()
    }

    /// Lets time pass: messages and presses age, limits recover.
    pub fn advance(&self, by: TimeDelta) {
        self.shared.clock.advance(by);
        self.shared.change(|_| ());
    }
}
