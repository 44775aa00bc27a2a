//! Gives messages to the broker, and says "published" only once the broker has them on disk.
//!
//! One channel carries everything, with many messages unconfirmed at a time (`lane/`); which of them the broker
//! took is less plain than it seems (`window.rs`). A channel whose confirm did not come in time is retired, for
//! the library keeps what was never resolved.

mod lane;
mod message;
mod session;
mod window;

use std::sync::Arc;

use shared::broker::{BrokerState, Supervisor};
use shared::config::BrokerConfig;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use lane::Parcel;
pub use message::Message;

/// Why a message may not be in the broker. It may be there all the same: a repetition is harmless.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PublishError {
    #[error("the broker is away")]
    Away,
    #[error("the broker takes no messages: alarm")]
    Blocked,
    #[error("the channel stayed busy")]
    Busy,
    #[error("the broker did not confirm in time")]
    Silent,
    #[error("the broker refused the message: the queue is full or failing")]
    Refused,
    #[error("no queue took the message")]
    Returned,
    #[error("the channel does not confirm")]
    Unconfirmed,
    #[error("the channel broke")]
    Broken(#[source] Arc<lapin::Error>),
}

impl PublishError {
    /// The outcome in metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Blocked => "blocked",
            Self::Busy => "busy",
            Self::Silent => "timeout",
            Self::Refused => "nack",
            Self::Returned => "returned",
            Self::Unconfirmed => "unconfirmed",
            Self::Broken(_) => "broken",
        }
    }
}

/// The way to the broker, for as long as the process lives.
#[derive(Debug)]
pub struct Publisher {
    supervisor: Supervisor,
    /// Where messages wait for the channel. None while there is none.
    queue: watch::Sender<Option<mpsc::Sender<Parcel>>>,
}

impl Publisher {
    pub fn new(config: BrokerConfig) -> Self {
        Self { supervisor: Supervisor::new(config, "ingest-service"), queue: watch::Sender::new(None) }
    }

    /// Keeps a session with the broker until `shutdown`. Nothing is published while this does not run.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let (publisher, stop) = (self.clone(), shutdown.clone());
        let session = async move |connection: &lapin::Connection| {
            let state = publisher.supervisor.state();
            session::run(connection, state, &publisher.queue, &stop).await
        };
        self.supervisor.run(&shutdown, session).await;
    }

    /// What a message would meet right now.
    pub fn state(&self) -> BrokerState {
        match (*self.supervisor.state().borrow(), &*self.queue.borrow()) {
            (BrokerState::Connected, None) => BrokerState::Away,
            (state, _) => state,
        }
    }

    /// Publishes one message. Returns as soon as the outcome is certain, at once where the broker is away
    /// or blocked, and never later than `deadline`. May be dropped and repeated at will.
    ///
    /// # Errors
    ///
    /// Unless the broker has confirmed that the message is in a queue.
    pub async fn publish(&self, message: Arc<Message>, deadline: Instant) -> Result<(), PublishError> {
        tokio::select! {
            biased;
            error = self.unusable() => Err(error),
            result = self.attempt(message, deadline) => result,
        }
    }

    /// Returns once the broker takes messages.
    pub async fn usable(&self) {
        let (mut state, mut queue) = (self.supervisor.state(), self.queue.subscribe());
        while self.state() != BrokerState::Connected {
            // The senders live as long as this does, so there is always something to wait for.
            let _ = queue.wait_for(Option::is_some).await;
            let _ = state.wait_for(|state| *state == BrokerState::Connected).await;
        }
    }

    /// Returns at the next sign of life or death of the broker.
    pub async fn changed(&self) {
        // As above: the sender lives.
        let _ = self.supervisor.state().changed().await;
    }

    /// Returns once the broker takes no messages.
    async fn unusable(&self) -> PublishError {
        let mut state = self.supervisor.state();
        match state.wait_for(|state| *state != BrokerState::Connected).await.as_deref() {
            Ok(BrokerState::Blocked) => PublishError::Blocked,
            _ => PublishError::Away,
        }
    }

    async fn attempt(&self, message: Arc<Message>, deadline: Instant) -> Result<(), PublishError> {
        if deadline <= Instant::now() {
            return Err(PublishError::Busy);
        }
        let queue = self.queue.borrow().clone().ok_or(PublishError::Away)?;
        let (receipt, received) = oneshot::channel();
        let parcel = Parcel { message, deadline, receipt };
        let outcome = async {
            queue.send(parcel).await.map_err(|_| PublishError::Away)?;
            received.await.unwrap_or(Err(PublishError::Away))
        };
        timeout_at(deadline, outcome).await.unwrap_or(Err(PublishError::Silent))
    }
}
