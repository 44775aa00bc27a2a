//! One replica leads: it does the work whose budget belongs to the account, not to the process.
//!
//! Leadership is a lease in the database with an epoch. What a leader commits is fenced by its epoch, so a
//! replica that was put to sleep and wakes up as an old leader changes nothing. A leader whose work stands
//! still does not prolong its lease: the process ends and another one leads.

mod term;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::storage::{StorageError, leases};

pub use term::{LeaderError, run};

/// A loop that waits says so often that it moves.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// The proof that a transaction is the leader's: every one of them ends with [`Fence::hold`]. Clones share
/// what they know of the leader's loops.
#[derive(Debug, Clone)]
pub struct Fence {
    epoch: i64,
    /// Until when the leader before may have worked, where it did so until a moment ago.
    predecessor_until: Option<Instant>,
    /// When each loop was last known to move.
    loops: Arc<Mutex<BTreeMap<&'static str, Instant>>>,
}

/// The transaction must not be committed.
#[derive(Debug, thiserror::Error)]
pub enum LostLeadership {
    #[error("another replica leads now")]
    Taken,
    #[error("leadership could not be confirmed")]
    Unconfirmed(#[from] StorageError),
}

impl Fence {
    /// Of a lease that was taken with this epoch.
    pub fn new(epoch: i64) -> Self {
        Self { epoch, predecessor_until: None, loops: Arc::default() }
    }

    /// The lease was given back so long ago.
    #[must_use]
    pub fn after_a_predecessor(self, given_back: Duration) -> Self {
        Self { predecessor_until: Instant::now().checked_sub(given_back), ..self }
    }

    /// Until when a leader before this one may have used what the account has for each second.
    pub fn predecessor_until(&self) -> Option<Instant> {
        self.predecessor_until
    }

    /// Keeps others from leading until the transaction ends.
    ///
    /// # Errors
    ///
    /// If another replica leads already, or the database cannot tell.
    pub async fn hold(&self, conn: &mut PgConnection) -> Result<(), LostLeadership> {
        let is_held = leases::hold(conn, self.epoch).await?;
        if is_held { Ok(()) } else { Err(LostLeadership::Taken) }
    }

    /// Says that a loop of the leader moves. A loop that has said so once must say it at every turn, whatever
    /// the turn brought: after a minute of silence the process ends.
    pub fn progressed(&self, name: &'static str) {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Instant::now());
    }

    /// Waits in a loop, until `over` at the longest: waiting is no standstill.
    pub async fn rest(
        &self,
        name: &'static str,
        waiting: impl Future<Output = ()>,
        over: &CancellationToken,
    ) {
        self.rest_with_signs(name, waiting, SIGN_OF_LIFE, over).await;
    }

    async fn rest_with_signs(
        &self,
        name: &'static str,
        waiting: impl Future<Output = ()>,
        every: Duration,
        over: &CancellationToken,
    ) {
        let mut waiting = pin!(waiting);
        loop {
            tokio::select! {
                () = over.cancelled() => return,
                () = &mut waiting => return,
                () = sleep(every) => self.progressed(name),
            }
        }
    }

    /// The first loop that has been silent for longer than this.
    fn stalled(&self, limit: Duration) -> Option<&'static str> {
        let loops = self.loops.lock().unwrap_or_else(PoisonError::into_inner);
        loops.iter().find(|(_, at)| at.elapsed() > limit).map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests;
