//! One file of the spool: records in the order in which they came. What [`Store::append`] has returned from is
//! on the disk, also after a kill, and stays there until [`Store::remove`].
//!
//! Every call writes or reads the disk and belongs on a thread that may wait.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::locked;
use super::record::{self, Record};
use crate::publisher::Message;

/// By number: when it came (milliseconds since 1970), the head, the body.
const RECORDS: TableDefinition<'_, u64, (i64, &str, &[u8])> = TableDefinition::new("records");
/// Under [`BYTES`]: the room of all records.
const TOTALS: TableDefinition<'_, &str, u64> = TableDefinition::new("totals");
const BYTES: &str = "bytes";

/// The library's own default is a gigabyte.
const CACHE_BYTES: usize = 1 << 20;
/// How much one call reads: so many records, or the first that make so many bytes.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 1 << 20;

/// What waits in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    pub events: u64,
    pub bytes: u64,
    pub oldest_at: Option<DateTime<Utc>>,
}

/// A record that was read back.
#[derive(Debug)]
pub struct Stored {
    pub number: u64,
    pub message: Result<Message, serde_json::Error>,
}

/// Nobody else has it open: the library locks the file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    database: Database,
    /// Held from the first change to the last word about it, so that what is told is of the last one. True once
    /// the file is gone.
    removed: Mutex<bool>,
    backlog: watch::Sender<Backlog>,
    /// The number of the next record. Numbers are not used again.
    next: AtomicU64,
    /// Where the next batch begins.
    turn: AtomicU64,
}

impl Store {
    /// Makes a file at `path`, which gets its `final_path` from the caller.
    pub fn create(path: &Path, final_path: PathBuf) -> Result<Self, redb::Error> {
        let database = Builder::new().set_cache_size(CACHE_BYTES).create(path)?;
        let write = database.begin_write()?;
        write.open_table(RECORDS)?;
        write.open_table(TOTALS)?;
        write.commit()?;
        Self::over(database, final_path)
    }

    /// Opens a file that was left behind. One of a process that was killed is first put in order, which takes
    /// some seconds for a gigabyte, unless `stop` comes.
    ///
    /// # Errors
    ///
    /// Also if somebody has it open.
    pub fn open(path: PathBuf, stop: &CancellationToken) -> Result<Self, redb::Error> {
        let stop = stop.clone();
        let mut builder = Builder::new();
        builder.set_cache_size(CACHE_BYTES).set_repair_callback(move |repair| {
            if stop.is_cancelled() {
                repair.abort();
            }
        });
        Self::over(builder.open(&path)?, path)
    }

    fn over(database: Database, path: PathBuf) -> Result<Self, redb::Error> {
        let read = database.begin_read()?;
        let (records, totals) = (read.open_table(RECORDS)?, read.open_table(TOTALS)?);
        let backlog = watch::Sender::new(backlog(&records, &totals)?);
        let next = AtomicU64::new(records.last()?.map_or(0, |(number, _)| number.value() + 1));
        let (removed, turn) = (Mutex::new(false), AtomicU64::new(0));
        Ok(Self { path, database, removed, backlog, next, turn })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn backlog(&self) -> Backlog {
        *self.backlog.borrow()
    }

    pub fn is_empty(&self) -> bool {
        self.backlog().events == 0
    }

    /// All of the records, or none.
    pub fn append<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), redb::Error> {
        let removed = locked(&self.removed);
        if *removed {
            return Err(redb::Error::DatabaseClosed);
        }
        let write = self.database.begin_write()?;
        {
            let mut table = write.open_table(RECORDS)?;
            let mut added = 0;
            for record in records {
                let number = self.next.fetch_add(1, Ordering::Relaxed);
                let value = (record.at.timestamp_millis(), record.head.as_str(), record.message.body());
                table.insert(number, value)?;
                added += record.room();
            }
            let mut totals = write.open_table(TOTALS)?;
            let bytes = total(&totals)? + added;
            totals.insert(BYTES, bytes)?;
        }
        self.commit(write)
    }

    /// The records after those of the call before. None at the end; then it begins again.
    pub fn next_batch(&self) -> Result<Vec<Stored>, redb::Error> {
        let read = self.database.begin_read()?;
        let records = read.open_table(RECORDS)?;
        let (mut batch, mut bytes) = (Vec::new(), 0);
        for entry in records.range(self.turn.load(Ordering::Relaxed)..)? {
            let (number, value) = entry?;
            let (_, head, body) = value.value();
            bytes += body.len();
            batch.push(Stored { number: number.value(), message: record::message(head, body) });
            if batch.len() == BATCH || bytes >= BATCH_BYTES {
                break;
            }
        }
        let next = batch.last().map_or(0, |last: &Stored| last.number + 1);
        self.turn.store(next, Ordering::Relaxed);
        Ok(batch)
    }

    pub fn remove(&self, numbers: &[u64]) -> Result<(), redb::Error> {
        let _writing = locked(&self.removed);
        let write = self.database.begin_write()?;
        {
            let mut table = write.open_table(RECORDS)?;
            let mut freed = 0;
            for number in numbers {
                if let Some(old) = table.remove(number)? {
                    let (_, head, body) = old.value();
                    freed += record::room(head, body);
                }
            }
            let mut totals = write.open_table(TOTALS)?;
            let bytes = total(&totals)?.saturating_sub(freed);
            totals.insert(BYTES, bytes)?;
        }
        self.commit(write)
    }

    /// Takes the file away if it is empty, and only later its lock. Nothing is appended any more.
    pub fn remove_if_empty(&self) -> io::Result<()> {
        let mut removed = locked(&self.removed);
        if !self.is_empty() || *removed {
            return Ok(());
        }
        *removed = true;
        match std::fs::remove_file(&self.path) {
            // Who had adopted it just before us has emptied and removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Syncs the file; what waits is told after that.
    fn commit(&self, write: WriteTransaction) -> Result<(), redb::Error> {
        let backlog = backlog(&write.open_table(RECORDS)?, &write.open_table(TOTALS)?)?;
        write.commit()?;
        self.backlog.send_replace(backlog);
        Ok(())
    }
}

fn backlog(
    records: &impl ReadableTable<u64, (i64, &'static str, &'static [u8])>,
    totals: &impl ReadableTable<&'static str, u64>,
) -> Result<Backlog, redb::Error> {
    let oldest_at = records.first()?.and_then(|(_, value)| DateTime::from_timestamp_millis(value.value().0));
    Ok(Backlog { events: records.len()?, bytes: total(totals)?, oldest_at })
}

fn total(totals: &impl ReadableTable<&'static str, u64>) -> Result<u64, redb::Error> {
    Ok(totals.get(BYTES)?.map_or(0, |bytes| bytes.value()))
}
