//! Where messages wait on this machine's disk while the broker does not take them.
//!
//! ```text
//!  webhooks ──▶ keep ──▶ writer.rs ──▶ a file of our own ──▶ drain.rs ──▶ the broker
//!                        many in one sync      ▲                 │ each is removed once it is confirmed
//!                        adoption.rs ──▶ files left behind ──────┘
//! ```
//!
//! What [`Spool::keep`] has taken is on the disk and leaves at least once, by this process or by another one
//! that shares the folder. Files and locks are in `folder.rs`, what is in a file in `store.rs`, how a message is
//! written down in `record.rs`.

mod adoption;
mod check;
mod config;
mod drain;
mod folder;
mod metrics;
mod record;
mod store;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::ingest::Ingest;
use crate::publisher::Message;
pub use check::{SUBJECT, check};
pub use config::SpoolConfig;
use folder::Folder;
pub use metrics::{describe, refused, show};
use record::Record;
use store::Store;
use writer::Parcel;

/// Why messages are not on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpoolError {
    #[error("the spool holds as much as SPOOL_MAX_BYTES allows")]
    Full,
    #[error("the spool's disk fails")]
    Failing,
    #[error("the spool's disk did not answer in time")]
    Slow,
}

impl SpoolError {
    pub const ALL: [Self; 3] = [Self::Full, Self::Failing, Self::Slow];

    /// The reason in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Failing => "failing",
            Self::Slow => "slow",
        }
    }
}

/// What a webhook would meet right now, other than a slow disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpoolState {
    Works,
    Full,
    Failing,
}

/// What is to be told of the spool, since the start and of this moment.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    pub state: SpoolState,
    pub spooled: u64,
    pub drained: u64,
    pub waiting: u64,
    pub bytes: u64,
    pub max_bytes: u64,
    pub oldest_at: Option<DateTime<Utc>>,
}

/// Our own file and those that we have adopted.
#[derive(Debug)]
pub struct Spool {
    folder: Folder,
    max_bytes: u64,
    /// None while it cannot be written.
    own: Mutex<Option<Arc<Store>>>,
    adopted: Mutex<Vec<Arc<Store>>>,
    /// What files that others have open take on the disk, as of the last look.
    beside: AtomicU64,
    /// The room that the last webhook would have needed, where there was not enough for it.
    lacking: AtomicU64,
    /// The log says already that there is no file.
    is_told: AtomicBool,
    /// What waits to be written.
    parcels: Mutex<Vec<Parcel>>,
    /// There are parcels.
    to_write: Notify,
    /// There is something to drain.
    to_drain: Notify,
    spooled: AtomicU64,
    drained: AtomicU64,
}

impl Spool {
    /// None without a folder. Nothing is kept while [`Spool::run`] does not run.
    pub fn new(config: &SpoolConfig) -> Option<Self> {
        Some(Self {
            folder: Folder::new(config.dir.clone()?),
            max_bytes: config.max_bytes,
            own: Mutex::default(),
            adopted: Mutex::default(),
            beside: AtomicU64::new(0),
            lacking: AtomicU64::new(0),
            is_told: AtomicBool::new(false),
            parcels: Mutex::default(),
            to_write: Notify::new(),
            to_drain: Notify::new(),
            spooled: AtomicU64::new(0),
            drained: AtomicU64::new(0),
        })
    }

    /// Writes, adopts and drains, until it is dropped.
    pub async fn run(self: Arc<Self>, ingest: &Ingest) {
        tokio::join!(writer::run(&self), adoption::run(&self), drain::run(&self, ingest));
    }

    /// Brings messages to the disk: all of them, or none. The same may be kept again at will.
    ///
    /// # Errors
    ///
    /// If they are not there by the deadline. Then they may be there all the same a little later.
    pub async fn keep(
        &self,
        messages: Vec<Arc<Message>>,
        now: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<(), SpoolError> {
        let records: Result<Vec<_>, _> =
            messages.into_iter().map(|message| Record::new(message, now)).collect();
        let records = records.map_err(|error| {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "A message cannot be written down");
            SpoolError::Failing
        })?;
        let (receipt, received) = oneshot::channel();
        writer::hand_over(self, Parcel { records, receipt });
        match timeout_at(deadline, received).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(SpoolError::Failing),
            Err(_) => Err(SpoolError::Slow),
        }
    }

    pub fn state(&self) -> SpoolState {
        if locked(&self.own).is_none() {
            SpoolState::Failing
        } else if self.lacking.load(Ordering::Relaxed) > self.room() {
            SpoolState::Full
        } else {
            SpoolState::Works
        }
    }

    /// Whether there is anything to drain, as far as this process knows.
    pub fn is_empty(&self) -> bool {
        self.stores().iter().all(|store| store.is_empty())
    }

    pub fn report(&self) -> Report {
        let backlogs: Vec<_> = self.stores().iter().map(|store| store.backlog()).collect();
        Report {
            state: self.state(),
            spooled: self.spooled.load(Ordering::Relaxed),
            drained: self.drained.load(Ordering::Relaxed),
            waiting: backlogs.iter().map(|backlog| backlog.events).sum(),
            bytes: backlogs.iter().map(|backlog| backlog.bytes).sum(),
            max_bytes: self.max_bytes,
            oldest_at: backlogs.iter().filter_map(|backlog| backlog.oldest_at).min(),
        }
    }

    /// Gives up the files, for others to adopt; an empty one of our own is removed.
    pub fn close(&self) {
        self.folder.stop.cancel();
        locked(&self.adopted).clear();
        let own = locked(&self.own).take();
        if let Some(store) = own {
            self.discard(&store);
        }
    }

    /// All that we may read: our own file first.
    fn stores(&self) -> Vec<Arc<Store>> {
        let own = locked(&self.own).clone();
        own.into_iter().chain(locked(&self.adopted).iter().cloned()).collect()
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.stores().iter().map(|store| store.path().to_owned()).collect()
    }

    /// Leaves a file that cannot be read or written to whoever opens it anew.
    fn give_up(&self, store: &Arc<Store>) {
        locked(&self.own).take_if(|own| Arc::ptr_eq(own, store));
        locked(&self.adopted).retain(|one| !Arc::ptr_eq(one, store));
    }

    /// Leaves a file for good, where it is empty.
    fn discard(&self, store: &Arc<Store>) {
        self.give_up(store);
        if let Err(error) = store.remove_if_empty() {
            tracing::warn!(%error, file = %store.path().display(), "An empty file of the spool stays");
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what waits for the disk on a thread that may wait.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, redb::Error> + Send + 'static,
) -> Result<T, redb::Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(redb::Error::Corrupted(format!("the work on a file ended: {error}"))))
}

#[cfg(test)]
mod tests;
