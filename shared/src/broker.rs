//! The supervised connection to the broker that both services use.
//!
//! The client library's own recovery is off: it can end in a connection that is neither alive nor dead.
//! Here any fault ends the session, and a fresh connection starts the next one; every await has a limit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties, Event};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::BrokerConfig;
use crate::topology;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const CLOSE_LIMIT: Duration = Duration::from_secs(2);
/// A peer that says nothing for twice this long is taken for dead.
const HEARTBEAT_SECONDS: u16 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A session this long counts as healthy: the next failure starts from the shortest pause again.
const HEALTHY_AFTER: Duration = Duration::from_secs(30);
const LIVENESS_CHECK: Duration = Duration::from_millis(500);

/// What the supervisor knows of the broker at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerState {
    Away,
    Connected,
    /// Connected, but the broker takes no messages (memory or disk alarm).
    Blocked,
}

/// Why a session with the broker ended or never began.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    #[error("the broker did not answer within {0:?} to `{1}`")]
    Silent(Duration, &'static str),
    #[error("the broker refused `{call}`")]
    Refused { call: &'static str, source: lapin::Error },
    #[error("the connection was lost")]
    Lost,
    #[error("the broker ended the subscription")]
    Unsubscribed,
}

impl BrokerError {
    /// For `map_err`: names the call that the broker refused.
    pub fn refused(call: &'static str) -> impl FnOnce(lapin::Error) -> Self {
        move |source| Self::Refused { call, source }
    }
}

/// One connection at a time, for as long as the process lives.
#[derive(Debug)]
pub struct Supervisor {
    config: BrokerConfig,
    /// Stands in the broker's list of connections.
    name: &'static str,
    /// Which of the configured addresses comes next.
    next_address: AtomicUsize,
    state: watch::Sender<BrokerState>,
}

impl Supervisor {
    pub fn new(config: BrokerConfig, name: &'static str) -> Self {
        let state = watch::Sender::new(BrokerState::Away);
        Self { config, name, next_address: AtomicUsize::new(0), state }
    }

    pub fn state(&self) -> watch::Receiver<BrokerState> {
        self.state.subscribe()
    }

    /// Runs `session` on a fresh connection with the topology declared, again and again until `shutdown`.
    ///
    /// A session ends when it returns, or is dropped when the connection is found dead. At shutdown it is
    /// not dropped: it watches the same token, and must come to an end by itself.
    pub async fn run<S>(&self, shutdown: &CancellationToken, mut session: S)
    where
        S: AsyncFnMut(&Connection) -> Result<(), BrokerError>,
    {
        let mut pause = FIRST_PAUSE;
        while !shutdown.is_cancelled() {
            let started = Instant::now();
            if let Err(error) = self.one_session(&mut session).await {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, connection = self.name, ?pause, "Lost the broker; connecting again");
            }
            self.state.send_replace(BrokerState::Away);
            if started.elapsed() > HEALTHY_AFTER {
                pause = FIRST_PAUSE;
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = sleep(jittered(pause)) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn one_session<S>(&self, session: &mut S) -> Result<(), BrokerError>
    where
        S: AsyncFnMut(&Connection) -> Result<(), BrokerError>,
    {
        let connection = self.connect().await?;
        declare(&connection).await?;
        tracing::info!(connection = self.name, "Connected to the broker");
        self.state.send_replace(BrokerState::Connected);
        let result = tokio::select! {
            result = session(&connection) => result,
            error = self.watch(&connection) => Err(error),
        };
        // A dead connection may not answer the goodbye; the limit is all that matters then.
        let _ = timeout(CLOSE_LIMIT, connection.close(200, "bye".into())).await;
        result
    }

    async fn connect(&self) -> Result<Connection, BrokerError> {
        let addresses = self.config.addresses();
        let index = self.next_address.fetch_add(1, Ordering::Relaxed) % addresses.len();
        timeout(CONNECT_LIMIT, open(addresses[index].clone(), self.name))
            .await
            .map_err(|_| BrokerError::Silent(CONNECT_LIMIT, "connect"))?
            .map_err(BrokerError::refused("connect"))
    }

    /// Follows the connection's events and returns once it is no longer usable.
    async fn watch(&self, connection: &Connection) -> BrokerError {
        let mut events = connection.events_listener();
        loop {
            tokio::select! {
                event = events.next() => match event {
                    Some(Event::ConnectionBlocked(_)) => {
                        tracing::warn!(connection = self.name, "The broker takes no messages: alarm");
                        self.state.send_replace(BrokerState::Blocked);
                    }
                    Some(Event::ConnectionUnblocked) => {
                        self.state.send_replace(BrokerState::Connected);
                    }
                    Some(Event::Error(source)) => {
                        return BrokerError::Refused { call: "connection", source };
                    }
                    Some(_) => {}
                    None => return BrokerError::Lost,
                },
                () = sleep(LIVENESS_CHECK) => {
                    if !connection.status().connected() {
                        return BrokerError::Lost;
                    }
                }
            }
        }
    }
}

/// A connection that `name` stands for in the broker's list. It has no limit of its own.
///
/// # Errors
///
/// If the broker is away or refuses.
pub async fn open(mut uri: AMQPUri, name: &'static str) -> Result<Connection, lapin::Error> {
    uri.query.heartbeat = uri.query.heartbeat.or(Some(HEARTBEAT_SECONDS));
    Connection::connect_uri(uri, ConnectionProperties::default().with_connection_name(name.into())).await
}

async fn declare(connection: &Connection) -> Result<(), BrokerError> {
    let declared = async {
        let channel = connection.create_channel().await?;
        topology::declare(&channel).await?;
        channel.close(200, "declared".into()).await
    };
    timeout(CONNECT_LIMIT, declared)
        .await
        .map_err(|_| BrokerError::Silent(CONNECT_LIMIT, "declare"))?
        .map_err(BrokerError::refused("declare"))
}

/// Between half of the pause and all of it, so that replicas do not come back in step.
fn jittered(pause: Duration) -> Duration {
    let random = f64::from(u16::from_le_bytes([
        uuid::Uuid::new_v4().as_bytes()[0],
        uuid::Uuid::new_v4().as_bytes()[1],
    ]));
    pause.mul_f64(0.5 + 0.5 * random / f64::from(u16::MAX))
}
