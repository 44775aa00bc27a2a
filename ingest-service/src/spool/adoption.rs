//! Looks for files that nobody has open: of a replica that is gone, or of this one before it was started anew.
//! They are drained where they are.

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::sleep;

use super::folder::Unusable;
use super::{Spool, locked, on_disk};

const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How many are open at once; each takes up to a few megabytes of memory.
const MOST: usize = 8;

pub async fn run(spool: &Arc<Spool>) {
    let mut told = HashSet::new();
    loop {
        let looking = spool.clone();
        match on_disk(move || Ok(look(&looking)?)).await {
            Ok(unusable) => unusable.iter().for_each(|one| tell(&mut told, one)),
            // The writer tells of a folder that cannot be used, and makes it.
            Err(error) => tracing::debug!(%error, "The spool's folder cannot be read"),
        }
        sleep(LOOK_EVERY).await;
    }
}

/// Adopts what there is, and returns what cannot be.
pub fn look(spool: &Spool) -> io::Result<Vec<Unusable>> {
    spool.folder.sweep()?;
    let room = MOST.saturating_sub(locked(&spool.adopted).len());
    let (adopted, unusable) = spool.folder.adopt(&spool.paths(), room)?;
    for store in adopted {
        tracing::info!(file = %store.path().display(), waiting = store.backlog().events, "Adopted a file of the spool");
        locked(&spool.adopted).push(Arc::new(store));
        spool.to_drain.notify_one();
    }
    spool.beside.store(spool.folder.bytes_beside(&spool.paths())?, Ordering::Relaxed);
    Ok(unusable)
}

/// Once for each file, or it would fill the log.
fn tell(told: &mut HashSet<PathBuf>, Unusable { path, error }: &Unusable) {
    if told.insert(path.clone()) {
        let error: &dyn std::error::Error = error;
        tracing::error!(error, file = %path.display(), "A file of the spool cannot be opened; it stays");
    }
}
