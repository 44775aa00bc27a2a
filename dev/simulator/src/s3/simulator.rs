//! The handle to a running simulator.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::http::Method;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::faults::{Fault, Faults};
use super::server;
use super::signature::Key;
use crate::clock::Clock;

/// One bucket and who may use it.
#[derive(Debug, Clone)]
pub struct Options {
    pub bucket: String,
    pub key: Key,
}

impl Default for Options {
    fn default() -> Self {
        let key = Key { id: "zamer-key".into(), secret: "zamer-hush".into(), region: "ru-central1".into() };
        Self { bucket: "zamer".into(), key }
    }
}

/// A request as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub method: Method,
    /// None where it was for another bucket.
    pub name: Option<String>,
    pub status: u16,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub contents: BTreeMap<String, Bytes>,
    pub faults: Faults,
    pub seen: Vec<Seen>,
}

pub(super) struct Inner {
    pub options: Options,
    pub clock: Clock,
    state: Mutex<State>,
}

impl Inner {
    pub fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What follows the bucket in a path; empty for the bucket itself.
    pub fn name<'a>(&self, path: &'a str) -> Option<&'a str> {
        let inside = path.strip_prefix('/')?.strip_prefix(self.options.bucket.as_str())?;
        if inside.is_empty() { Some("") } else { inside.strip_prefix('/') }
    }
}

/// Stops when it is dropped.
pub struct Simulator {
    inner: Arc<Inner>,
    address: SocketAddr,
    _stop_on_drop: DropGuard,
}

impl Simulator {
    /// Listens on 127.0.0.1 and serves in the background.
    ///
    /// # Errors
    ///
    /// If there is no port.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("listening")?;
        let address = listener.local_addr()?;
        let inner = Arc::new(Inner { options, clock: Clock::real(), state: Mutex::default() });
        let app = Router::new().fallback(server::serve).with_state(Arc::clone(&inner));
        let stopping = CancellationToken::new();
        let stopped = stopping.clone().cancelled_owned();
        tokio::spawn(async move {
            tokio::select! {
                ended = axum::serve(listener, app).into_future() => {
                    if let Err(error) = ended {
                        tracing::error!(error = &error as &dyn std::error::Error, "The bucket stopped");
                    }
                }
                () = stopped => {}
            }
        });
        Ok(Self { inner, address, _stop_on_drop: stopping.drop_guard() })
    }

    /// Without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// What lies in the bucket, by name.
    pub fn contents(&self) -> BTreeMap<String, Bytes> {
        self.inner.look(|state| state.contents.clone())
    }

    /// Everything in the bucket is lost.
    pub fn forgets(&self) {
        self.inner.change(|state| state.contents.clear());
    }

    /// Everything that was asked for, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.inner.look(|state| state.seen.clone())
    }

    /// Until it recovers.
    pub fn fails(&self, fault: Fault) {
        self.inner.change(|state| state.faults.always(fault));
    }

    /// The next request of this method.
    pub fn fails_once(&self, method: Method, fault: Fault) {
        self.inner.change(|state| state.faults.once(method, fault));
    }

    pub fn recovers(&self) {
        self.inner.change(|state| state.faults.clear());
    }
}
