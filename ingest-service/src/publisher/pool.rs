//! The idle channels of one session. Who takes one gives it back, or it is retired.

use std::sync::{Arc, Mutex, PoisonError};

use lapin::Channel;
use tokio::sync::{Semaphore, mpsc};

/// A channel that must not be used again.
#[derive(Debug)]
pub enum Retired {
    /// Its confirm did not come, or nobody waited for it: the library still keeps it.
    Unresolved(Channel),
    /// The broker closed it, or the connection is gone.
    Broken(Arc<lapin::Error>),
}

#[derive(Debug)]
pub struct Pool {
    idle: Mutex<Vec<Channel>>,
    /// One permit for each idle channel.
    permits: Semaphore,
    /// Unbounded in type only: a channel is retired once, and the session makes few.
    retired: mpsc::UnboundedSender<Retired>,
}

impl Pool {
    pub fn new(retired: mpsc::UnboundedSender<Retired>) -> Self {
        Self { idle: Mutex::default(), permits: Semaphore::new(0), retired }
    }

    pub fn add(&self, channel: Channel) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(channel);
        self.permits.add_permits(1);
    }

    /// From now on nobody gets a channel, those who wait for one included. Returns those that are idle.
    pub fn close(&self) -> Vec<Channel> {
        self.permits.close();
        std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for an idle channel. `None` if the pool is closed.
    pub async fn lease(self: &Arc<Self>) -> Option<Lease> {
        self.permits.acquire().await.ok()?.forget();
        let channel = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        Some(Lease { pool: self.clone(), channel: Some(channel) })
    }
}

/// The right to publish one message. Dropped in the middle of it, the channel is retired.
#[derive(Debug)]
pub struct Lease {
    pool: Arc<Pool>,
    channel: Option<Channel>,
}

impl Lease {
    pub fn channel(&self) -> &Channel {
        self.channel.as_ref().expect("only the methods that consume the lease take the channel")
    }

    /// For a channel whose message is settled.
    pub fn give_back(mut self) {
        if let Some(channel) = self.channel.take() {
            self.pool.add(channel);
        }
    }

    pub fn broken(mut self, error: Arc<lapin::Error>) {
        self.channel = None;
        self.retire(Retired::Broken(error));
    }

    /// Where the session is over nobody listens, and there is nothing left to retire.
    fn retire(&self, retired: Retired) {
        let _ = self.pool.retired.send(retired);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(channel) = self.channel.take() {
            self.retire(Retired::Unresolved(channel));
        }
    }
}
