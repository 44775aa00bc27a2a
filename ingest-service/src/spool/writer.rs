//! Writes what webhooks bring into our own file: all that waits goes into one transaction, so that many
//! webhooks at once share one sync.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::folder::taken;
use super::record::Record;
use super::store::Store;
use super::{Spool, SpoolError, locked};

/// How often a file that is missing is made, and one that has grown is replaced.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// More waits for the next transaction: one that takes too long is too late for all.
const GROUP_BYTES: u64 = 8 << 20;
/// A file does not shrink. Once it is empty, one that has grown to this gives the disk its room back.
const LARGE: u64 = 16 << 20;

/// The messages of one webhook.
#[derive(Debug)]
pub struct Parcel {
    pub records: Vec<Record>,
    pub receipt: oneshot::Sender<Result<(), SpoolError>>,
}

impl Parcel {
    fn room(&self) -> u64 {
        self.records.iter().map(Record::room).sum()
    }
}

pub async fn run(spool: &Arc<Spool>) {
    loop {
        let writing = spool.clone();
        if let Err(error) = spawn_blocking(move || write(&writing)).await {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "Writing to the spool's file ended in a panic; it is opened anew");
            locked(&spool.own).take();
        }
        let _ = timeout(LOOK_EVERY, spool.to_write.notified()).await;
    }
}

/// Leaves parcels to the writer. Those whose time is up make room: a disk that hangs must not fill the memory.
pub fn hand_over(spool: &Spool, parcel: Parcel) {
    let mut parcels = locked(&spool.parcels);
    parcels.retain(|parcel| !parcel.receipt.is_closed());
    parcels.push(parcel);
    spool.to_write.notify_one();
}

fn take_group(spool: &Spool) -> Vec<Parcel> {
    let mut parcels = locked(&spool.parcels);
    parcels.retain(|parcel| !parcel.receipt.is_closed());
    let mut room = 0;
    let fits = |parcel: &&Parcel| {
        let fits = room < GROUP_BYTES;
        room += parcel.room();
        fits
    };
    let count = parcels.iter().take_while(fits).count();
    let group = parcels.drain(..count).collect();
    if !parcels.is_empty() {
        spool.to_write.notify_one();
    }
    group
}

/// Writes what waits, or the first of it.
pub fn write(spool: &Spool) {
    let parcels = take_group(spool);
    match own(spool) {
        Ok(store) => append(spool, &store, parcels),
        Err(error) => {
            if !spool.is_told.swap(true, Ordering::Relaxed) {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "The spool has no file that can be written");
            }
            answer(parcels, Err(SpoolError::Failing));
        }
    }
}

/// Our own file; a new one where there is none, or where the empty one takes much room.
fn own(spool: &Spool) -> Result<Arc<Store>, redb::Error> {
    let own = locked(&spool.own).clone();
    let is_good =
        |store: &Arc<Store>| !store.is_empty() || taken(store.path()).is_ok_and(|taken| taken < LARGE);
    if let Some(store) = own.clone().filter(is_good) {
        return Ok(store);
    }
    let new = Arc::new(spool.folder.create()?);
    tracing::info!(file = %new.path().display(), "Opened the spool");
    locked(&spool.own).replace(new.clone());
    spool.is_told.store(false, Ordering::Relaxed);
    if let Some(old) = own {
        spool.discard(&old);
    }
    Ok(new)
}

fn append(spool: &Spool, store: &Arc<Store>, parcels: Vec<Parcel>) {
    let mut room = spool.room();
    let (fitting, too_much): (Vec<_>, Vec<_>) = parcels.into_iter().partition(|parcel| {
        let left = room.checked_sub(parcel.room());
        room = left.unwrap_or(room);
        left.is_some()
    });
    if !fitting.is_empty() || !too_much.is_empty() {
        let lacking = too_much.iter().map(Parcel::room).min().unwrap_or(0);
        spool.lacking.store(lacking, Ordering::Relaxed);
    }
    answer(too_much, Err(SpoolError::Full));
    if fitting.is_empty() {
        return;
    }
    match store.append(fitting.iter().flat_map(|parcel| &parcel.records)) {
        Ok(()) => {
            let count: usize = fitting.iter().map(|parcel| parcel.records.len()).sum();
            spool.spooled.fetch_add(count as u64, Ordering::Relaxed);
            answer(fitting, Ok(()));
            spool.to_drain.notify_one();
        }
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, file = %store.path().display(), "The spool's file cannot be written");
            spool.give_up(store);
            answer(fitting, Err(SpoolError::Failing));
        }
    }
}

/// Nobody listens where the time is up: the sender has been refused, and comes again.
fn answer(parcels: Vec<Parcel>, outcome: Result<(), SpoolError>) {
    for parcel in parcels {
        let _ = parcel.receipt.send(outcome);
    }
}

impl Spool {
    /// How much more may wait here, in all files together.
    pub fn room(&self) -> u64 {
        let held: u64 = self.stores().iter().map(|store| store.backlog().bytes).sum();
        self.max_bytes.saturating_sub(held + self.beside.load(Ordering::Relaxed))
    }
}
