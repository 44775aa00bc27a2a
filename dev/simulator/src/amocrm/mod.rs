//! One AmoCRM account with state: API v4, webhooks in the exact wire format, limits, and faults on demand.
//!
//! [`Simulator`] is the account's interface for tests: what people do in it (`desk.rs`), what AmoCRM
//! does badly (`ops.rs`). `/control/…` offers the same to `curl`.

mod api;
mod calls;
mod changes;
mod control;
mod deal;
pub mod demo;
mod desk;
mod faults;
mod hooks;
mod limits;
mod millis;
mod model;
mod oauth;
mod ops;
mod options;
mod shared;
mod world;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use calls::{Call, CallCounts};
pub(crate) use control::Refusal as Refused;
pub use deal::{ContactEdit, Deal, DealContact, DealEdit, NewContact};
pub use faults::{Answer, Fault};
pub use hooks::{
    About, CompanyLink, Grouping, Hook, HookBehaviour, HookId, HookKind, Layout, Modifier, Outcome,
    Persistence, Release, Sending, TextForm,
};
pub use limits::{LimitRefusal, Limits};
pub use model::*;
pub use oauth::{Integration, Rotation};
pub use options::Options;
pub use world::{StageRef, UserRef};

use changes::Changes;
use shared::Shared;
use world::World;

/// A running account. Clones are handles to the same one; with the last of them it stops.
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
    /// Absent in the handle that the server itself holds, or it would never stop.
    _guard: Option<Arc<DropGuard>>,
}

impl Simulator {
    /// Serves on 127.0.0.1 from now on.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .await
            .with_context(|| format!("cannot listen on port {}", options.port))?;
        let stop = CancellationToken::new();
        let changes = Changes::new();
        let world = Arc::new(Mutex::new(World::new(options.directory)));
        let (clock, stopping) = (options.clock.clone(), stop.clone());
        let hooks = hooks::Hooks::new(
            (options.hook_parallelism, options.persistence),
            Arc::clone(&world),
            (stopping, clock, changes.clone()),
        )?;
        let now = options.clock.now();
        let grants = options.integration.map(|integration| oauth::Grants::new(integration, now));
        let shared = Arc::new(Shared {
            url: format!("http://{}", listener.local_addr()?),
            tokens: options.tokens,
            grants: Mutex::new(grants),
            clock: options.clock,
            hooks: Arc::new(hooks),
            world,
            faults: Mutex::default(),
            limiter: Mutex::new(limits::Limiter::new(options.limits)),
            calls: Mutex::default(),
            delayed: AtomicUsize::new(0),
            called: watch::Sender::new(()),
            changes,
            stop: stop.clone(),
        });
        let router = router(&shared);
        let guard = Arc::new(stop.clone().drop_guard());
        tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
            if let Err(error) = serving.await {
                tracing::error!(%error, "The AmoCRM simulator stopped serving");
            }
        });
        Ok(Self { shared, _guard: Some(guard) })
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The first token that the API accepts.
    pub fn token(&self) -> &str {
        self.shared.tokens.first().map_or("", String::as_str)
    }

    /// What stands under `/control`, to be served elsewhere too.
    pub fn control(&self) -> axum::Router {
        control::router(self.clone())
    }

    /// Stops serving and sending, other handles notwithstanding.
    pub fn stop(&self) {
        self.shared.stop.cancel();
    }
}

fn router(shared: &Arc<Shared>) -> axum::Router {
    let handle = Simulator { shared: Arc::clone(shared), _guard: None };
    api::router(Arc::clone(shared)).nest("/control", control::router(handle))
}
