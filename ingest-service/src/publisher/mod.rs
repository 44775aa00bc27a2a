//! Gives messages to the broker, and says "published" only once the broker has them on disk.
//!
//! A pool of channels, each with at most one unconfirmed message: the client library attaches a returned
//! message to the wrong confirm where several are under way on one channel. A channel whose confirm did
//! not come in time is retired, for the library keeps what was never resolved.

mod message;
mod pool;
mod session;

use std::sync::Arc;

use lapin::Confirmation;
use shared::broker::{BrokerState, Supervisor};
use shared::config::BrokerConfig;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

pub use message::Message;
use pool::{Lease, Pool};

/// Why a message may not be in the broker. It may be there all the same: a repetition is harmless.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the broker is away")]
    Away,
    #[error("the broker takes no messages: alarm")]
    Blocked,
    #[error("every channel stayed busy")]
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
    /// None while there is no session.
    pool: watch::Sender<Option<Arc<Pool>>>,
}

impl Publisher {
    pub fn new(config: BrokerConfig) -> Self {
        Self { supervisor: Supervisor::new(config, "ingest-service"), pool: watch::Sender::new(None) }
    }

    /// Keeps a session with the broker until `shutdown`. Nothing is published while this does not run.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let (publisher, stop) = (self.clone(), shutdown.clone());
        let session = async move |connection: &lapin::Connection| {
            let state = publisher.supervisor.state();
            session::run(connection, state, &publisher.pool, &stop).await
        };
        self.supervisor.run(&shutdown, session).await;
    }

    /// What a message would meet right now.
    pub fn state(&self) -> BrokerState {
        match (*self.supervisor.state().borrow(), &*self.pool.borrow()) {
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
    pub async fn publish(&self, message: &Message, deadline: Instant) -> Result<(), PublishError> {
        tokio::select! {
            biased;
            error = self.unusable() => Err(error),
            result = self.attempt(message, deadline) => result,
        }
    }

    /// Returns once the broker takes no messages.
    async fn unusable(&self) -> PublishError {
        let mut state = self.supervisor.state();
        match state.wait_for(|state| *state != BrokerState::Connected).await.as_deref() {
            Ok(BrokerState::Blocked) => PublishError::Blocked,
            _ => PublishError::Away,
        }
    }

    async fn attempt(&self, message: &Message, deadline: Instant) -> Result<(), PublishError> {
        let pool = self.pool.borrow().clone().ok_or(PublishError::Away)?;
        let lease = timeout_at(deadline, pool.lease())
            .await
            .map_err(|_| PublishError::Busy)?
            .ok_or(PublishError::Away)?;
        let sent = timeout_at(deadline, message.send(lease.channel())).await;
        settle(lease, sent.map_err(|_| PublishError::Silent)?)
    }
}

/// Reads the broker's word, and gives the channel back where it is still good.
fn settle(lease: Lease, sent: Result<Confirmation, lapin::Error>) -> Result<(), PublishError> {
    match sent.map(|word| outcome(&word)) {
        Ok(unconfirmed @ Err(PublishError::Unconfirmed)) => unconfirmed,
        Ok(outcome) => {
            lease.give_back();
            outcome
        }
        Err(error) => {
            let error = Arc::new(error);
            lease.broken(error.clone());
            Err(PublishError::Broken(error))
        }
    }
}

/// Nothing but a plain confirm means that the message is in a queue.
fn outcome(word: &Confirmation) -> Result<(), PublishError> {
    match word {
        Confirmation::Ack(None) => Ok(()),
        Confirmation::Ack(Some(_)) => Err(PublishError::Returned),
        Confirmation::Nack(_) => Err(PublishError::Refused),
        Confirmation::NotRequested => Err(PublishError::Unconfirmed),
    }
}

#[cfg(test)]
mod tests {
    use lapin::message::{BasicReturnMessage, Delivery};

    use super::*;

    fn returned() -> BasicReturnMessage {
        let delivery = Delivery::mock(0, "exchange".into(), "key".into(), false, Vec::new());
        BasicReturnMessage { delivery, reply_code: 312, reply_text: "NO_ROUTE".into() }
    }

    #[test]
    fn only_a_plain_confirm_is_a_success() {
        let said = |word| outcome(&word).map_err(|error| error.as_str());
        assert_eq!(said(Confirmation::Ack(None)), Ok(()));
        assert_eq!(said(Confirmation::Ack(Some(returned()))), Err("returned"));
        assert_eq!(said(Confirmation::Nack(None)), Err("nack"));
        assert_eq!(said(Confirmation::Nack(Some(returned()))), Err("nack"));
        assert_eq!(said(Confirmation::NotRequested), Err("unconfirmed"));
    }
}
