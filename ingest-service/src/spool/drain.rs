//! Brings what waits on the disk back to the broker, once it takes messages.
//!
//! A batch at a time, the same size that one channel carries, so that live messages find room beside it. What
//! fails with its batch is tried alone: a message that the broker does not take spoils whatever is published
//! together with it. Whatever fails, for whichever reason, stays for the next time round through the file, and does
//! not hold up the others.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use super::store::{Store, Stored};
use super::{Spool, locked, on_disk};
use crate::ingest::Ingest;
use crate::publisher::{Message, PublishError};

/// The broker has this long to confirm a batch.
const CONFIRM_WITHIN: Duration = Duration::from_secs(5);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// A message on its way, under its number in the file.
type Numbered = (u64, Arc<Message>);

/// How a turn of one file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// There may be more behind it.
    Moved,
    /// The file has been gone through to its end.
    End,
    /// The broker has gone meanwhile.
    Away,
}

pub async fn run(spool: &Arc<Spool>, ingest: &Ingest) {
    let mut drain = Drain { spool, ingest, pause: SHORTEST_PAUSE, told: HashSet::new() };
    loop {
        ingest.publisher.usable().await;
        let mut moved = false;
        for store in spool.stores() {
            match drain.turn(&store).await {
                Ok(turn) => moved |= turn == Turn::Moved,
                Err(error) => drain.give_up(&store, &error),
            }
        }
        spool.discard_drained();
        if spool.is_empty() {
            if moved {
                tracing::info!(drained = spool.report().drained, "Nothing waits in the spool any more");
            }
            spool.to_drain.notified().await;
        } else if !moved {
            drain.rest().await;
        }
    }
}

struct Drain<'a> {
    spool: &'a Spool,
    ingest: &'a Ingest,
    /// Grows while the broker takes nothing.
    pause: Duration,
    /// Files of whose trouble the log speaks already.
    told: HashSet<PathBuf>,
}

impl Drain<'_> {
    /// Publishes the next batch of a file and removes what is confirmed.
    async fn turn(&mut self, store: &Arc<Store>) -> Result<Turn, redb::Error> {
        let reading = store.clone();
        let batch = on_disk(move || reading.next_batch()).await?;
        if batch.is_empty() {
            return Ok(Turn::End);
        }
        let batch = self.readable(batch, store);
        let outcomes = join_all(batch.iter().map(|(_, message)| self.publish(message))).await;
        let outcomes: Vec<_> = batch.into_iter().zip(outcomes).collect();
        let confirmed = outcomes.iter().filter(|(_, outcome)| outcome.is_ok());
        self.remove(store, confirmed.map(|((number, _), _)| *number).collect()).await?;
        let failed = outcomes.into_iter().filter_map(|(numbered, outcome)| Some((numbered, outcome.err()?)));
        let (failed, errors): (Vec<_>, Vec<_>) = failed.unzip();
        if failed.is_empty() {
            Ok(Turn::Moved)
        } else if errors.iter().all(is_about_the_broker) {
            Ok(Turn::Away)
        } else {
            self.one_by_one(store, failed).await
        }
    }

    async fn one_by_one(&mut self, store: &Arc<Store>, batch: Vec<Numbered>) -> Result<Turn, redb::Error> {
        for (number, message) in batch {
            self.rest().await;
            match self.publish(&message).await {
                Ok(()) => self.remove(store, vec![number]).await?,
                Err(error) if is_about_the_broker(&error) => return Ok(Turn::Away),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, number, file = %store.path().display(), "The broker does not take a message; it waits");
                }
            }
        }
        Ok(Turn::Moved)
    }

    /// Whoever opens it anew may do better; if not, once is enough for the log.
    fn give_up(&mut self, store: &Arc<Store>, error: &redb::Error) {
        if self.told.insert(store.path().to_owned()) {
            let error: &dyn std::error::Error = error;
            tracing::error!(error, file = %store.path().display(), "A file of the spool cannot be drained");
        }
        self.spool.give_up(store);
    }

    /// What cannot be read stays where it is, for people to look at.
    fn readable(&mut self, batch: Vec<Stored>, store: &Store) -> Vec<Numbered> {
        let mut messages = Vec::new();
        for Stored { number, message } in batch {
            match message {
                Ok(message) => messages.push((number, Arc::new(message))),
                Err(error) if self.told.insert(store.path().to_owned()) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, number, file = %store.path().display(), "Records of the spool cannot be read; they stay");
                }
                Err(_) => {}
            }
        }
        messages
    }

    async fn publish(&self, message: &Arc<Message>) -> Result<(), PublishError> {
        self.ingest.publish(message.clone(), Instant::now() + CONFIRM_WITHIN).await
    }

    async fn remove(&mut self, store: &Arc<Store>, numbers: Vec<u64>) -> Result<(), redb::Error> {
        if numbers.is_empty() {
            return Ok(());
        }
        self.spool.drained.fetch_add(numbers.len() as u64, Ordering::Relaxed);
        let store = store.clone();
        on_disk(move || store.remove(&numbers)).await?;
        self.pause = SHORTEST_PAUSE;
        Ok(())
    }

    /// Waits longer each time, or until the broker comes or goes.
    async fn rest(&mut self) {
        tokio::select! {
            () = sleep(self.pause) => self.pause = (self.pause * 2).min(LONGEST_PAUSE),
            () = self.ingest.publisher.changed() => self.pause = SHORTEST_PAUSE,
        }
    }
}

impl Spool {
    /// Adopted files that are empty by now. Our own is kept for what comes.
    fn discard_drained(&self) {
        let own = locked(&self.own).clone();
        let is_own = |store: &Arc<Store>| own.as_ref().is_some_and(|own| Arc::ptr_eq(own, store));
        for store in self.stores().iter().filter(|store| store.is_empty() && !is_own(store)) {
            self.discard(store);
        }
    }
}

/// The message may be as good as any.
fn is_about_the_broker(error: &PublishError) -> bool {
    matches!(error, PublishError::Away | PublishError::Blocked | PublishError::Busy)
}
