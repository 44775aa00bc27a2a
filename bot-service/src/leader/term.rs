//! Contending for the lease, keeping it while the work goes on, giving it back.

use std::error::Error;
use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Fence;
use crate::app::App;
use crate::complaint::Complaint;
use crate::storage::leases::{self, Taken};
use crate::storage::{StorageError, heard, silent};

/// The lease runs out so long after the last beat.
const LASTS: Duration = Duration::from_secs(6);
/// The leader works only so long after the last beat, and has a second to end before another may lead.
const WORKS: Duration = Duration::from_secs(5);
const MARGIN: Duration = Duration::from_secs(1);
const BEAT: Duration = Duration::from_secs(2);
/// How often a beat that failed is tried again, and how long one may take.
const RETRY: Duration = Duration::from_millis(500);
const CALL_LIMIT: Duration = Duration::from_secs(1);
/// A loop that stands still for longer is broken.
const STALL: Duration = Duration::from_mins(1);
/// How often others look whether the lease is free.
const CONTEND: Duration = Duration::from_secs(1);
/// Work that is under way at a stop may finish within this time; after a loss, within [`MARGIN`].
const FINISH: Duration = Duration::from_secs(5);

/// Why the process cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum LeaderError {
    #[error("the leader's loop `{0}` has stood still for a minute")]
    Stalled(&'static str),
    #[error("the leader's work ended although nobody asked it to")]
    Ended,
}

/// Leads whenever nobody else does, until `shutdown`. `work` runs while this replica leads; it is given its
/// fence, and a token that is cancelled when the process is asked to stop or another replica may lead. What
/// has not ended soon after that is dropped. `leads` tells how it is at the moment.
///
/// # Errors
///
/// If the work stands still or ends by itself: the process must not go on.
pub async fn run<F, W>(
    app: &App,
    leads: &watch::Sender<bool>,
    shutdown: &CancellationToken,
    work: F,
) -> Result<(), LeaderError>
where
    F: Fn(Fence, CancellationToken) -> W,
    W: Future<Output = ()>,
{
    let holder = Uuid::new_v4();
    let mut blind = Complaint::about("Cannot see who leads");
    while !shutdown.is_cancelled() {
        let taken = match heard(Seat::take(app, holder)).await {
            Ok(taken) => {
                blind.works();
                taken
            }
            Err(error) => {
                blind.fails(error);
                None
            }
        };
        let Some(mut seat) = taken else {
            pause(shutdown, CONTEND).await;
            continue;
        };
        tracing::info!(epoch = seat.taken.epoch, "Leading");
        leads.send_replace(true);
        let served = serve(&mut seat, shutdown, &work).await;
        leads.send_replace(false);
        match served {
            Ok(()) => seat.give_back().await,
            Err(Loss::Broken(error)) => return Err(error),
            Err(loss) => tracing::warn!(epoch = seat.taken.epoch, ?loss, "Not leading any more"),
        }
    }
    Ok(())
}

async fn pause(shutdown: &CancellationToken, time: Duration) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = sleep(time) => {}
    }
}

/// Why a term ended before the process was asked to stop.
#[derive(Debug)]
enum Loss {
    /// Another replica leads.
    Taken,
    /// No beat came through for so long that another replica may lead.
    Silent,
    Broken(LeaderError),
}

/// One term: the work, and beats beside it.
async fn serve<F, W>(seat: &mut Seat<'_>, shutdown: &CancellationToken, work: &F) -> Result<(), Loss>
where
    F: Fn(Fence, CancellationToken) -> W,
    W: Future<Output = ()>,
{
    let (fence, over) = (seat.fence(), shutdown.child_token());
    let mut working = Box::pin(work(fence.clone(), over.clone()));
    let loss = tokio::select! {
        () = &mut working => {
            return if shutdown.is_cancelled() { Ok(()) } else { Err(Loss::Broken(LeaderError::Ended)) };
        }
        loss = seat.keep(&fence) => loss,
        () = overtime(shutdown) => {
            tracing::warn!("The leader's work did not end in time");
            return Ok(());
        }
    };
    if !matches!(loss, Loss::Broken(_)) {
        over.cancel();
        if timeout(MARGIN, working).await.is_err() {
            tracing::warn!("The leader's work did not end before another replica may lead");
        }
    }
    Err(loss)
}

async fn overtime(shutdown: &CancellationToken) {
    shutdown.cancelled().await;
    sleep(FINISH).await;
}

/// The lease as held by this replica.
struct Seat<'a> {
    app: &'a App,
    taken: Taken,
    /// Serves the beats and nothing else, so that a busy pool costs no leadership.
    conn: Option<PgConnection>,
    /// The lease lasts from no earlier than this.
    renewed_at: Instant,
}

impl<'a> Seat<'a> {
    async fn take(app: &'a App, holder: Uuid) -> Result<Option<Self>, StorageError> {
        let mut conn = app.db.acquire().await?;
        let renewed_at = Instant::now();
        let taken = leases::take(&mut conn, holder, LASTS).await?;
        Ok(taken.map(|taken| Self { app, taken, conn: None, renewed_at }))
    }

    fn fence(&self) -> Fence {
        let fence = Fence::new(self.taken.epoch);
        match self.taken.given_back {
            Some(since) => fence.after_a_predecessor(since),
            None => fence,
        }
    }

    /// Beats for as long as it works.
    async fn keep(&mut self, fence: &Fence) -> Loss {
        let mut wait = BEAT;
        loop {
            let deadline = self.renewed_at + WORKS;
            let beat = timeout_at(deadline, async {
                sleep(wait).await;
                self.beat().await
            });
            match beat.await {
                Ok(Ok(true)) => wait = BEAT,
                Ok(Ok(false)) => return Loss::Taken,
                Ok(Err(error)) => {
                    tracing::warn!(error = &error as &dyn Error, "A beat of the leader failed");
                    wait = RETRY;
                }
                Err(_) => return Loss::Silent,
            }
            if let Some(name) = fence.stalled(STALL) {
                return Loss::Broken(LeaderError::Stalled(name));
            }
        }
    }

    async fn beat(&mut self) -> Result<bool, StorageError> {
        let sent_at = Instant::now();
        let mut conn = self.connection().await?;
        let is_ours = limited(leases::renew(&mut conn, self.taken.epoch, LASTS)).await?;
        self.conn = Some(conn);
        if is_ours {
            self.renewed_at = sent_at;
        }
        Ok(is_ours)
    }

    async fn give_back(mut self) {
        let released = async {
            let mut conn = self.connection().await?;
            limited(leases::release(&mut conn, self.taken.epoch)).await
        };
        match released.await {
            Ok(()) => tracing::info!(epoch = self.taken.epoch, "Gave leadership back"),
            Err(error) => tracing::warn!(error = &error as &dyn Error, "Leadership was not given back"),
        }
    }

    /// The connection, taken out: only a call that succeeds puts it back.
    async fn connection(&mut self) -> Result<PgConnection, StorageError> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        let options = self.app.db.connect_options();
        limited(async { Ok(PgConnection::connect_with(&options).await?) }).await
    }
}

async fn limited<T>(work: impl Future<Output = Result<T, StorageError>>) -> Result<T, StorageError> {
    timeout(CALL_LIMIT, work).await.unwrap_or_else(|_| Err(silent()))
}
