//! The folder that replicas share. A file belongs to whoever has it open, as the lock on it says; one that
//! nobody has open was left behind, and anybody may adopt it.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::store::Store;

const WHOLE: &str = "spool";
/// A file that is being made. It holds nothing yet.
const UNFINISHED: &str = "unfinished";
/// To make a file takes milliseconds.
const LEFT_BEHIND: Duration = Duration::from_mins(1);
/// Of what `blocks` counts.
const BLOCK_BYTES: u64 = 512;

#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    /// Ends what takes long.
    pub stop: CancellationToken,
}

/// Why a file was not adopted, other than that somebody has it.
#[derive(Debug)]
pub struct Unusable {
    pub path: PathBuf,
    pub error: redb::Error,
}

impl Folder {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, stop: CancellationToken::new() }
    }

    /// Makes a file and locks it before it gets the name under which others look for files.
    pub fn create(&self) -> Result<Store, redb::Error> {
        std::fs::create_dir_all(&self.dir)?;
        let name = Uuid::new_v4();
        let [unfinished, whole] = [UNFINISHED, WHOLE].map(|kind| self.dir.join(format!("{name}.{kind}")));
        let store = Store::create(&unfinished, whole.clone())?;
        std::fs::rename(&unfinished, &whole)?;
        // The name is on the disk, too.
        File::open(&self.dir)?.sync_all()?;
        Ok(store)
    }

    /// Opens files that nobody has open, at most `most`, other than those at `ours`.
    pub fn adopt(&self, ours: &[PathBuf], most: usize) -> io::Result<(Vec<Store>, Vec<Unusable>)> {
        let (mut adopted, mut unusable) = (Vec::new(), Vec::new());
        for path in self.files(WHOLE)?.into_iter().filter(|path| !ours.contains(path)) {
            if adopted.len() == most {
                break;
            }
            match self.open(&path) {
                Ok(store) => adopted.push(store),
                Err(error) if is_anothers(&error) => {}
                Err(error) => unusable.push(Unusable { path, error }),
            }
        }
        Ok((adopted, unusable))
    }

    /// The library may panic over a damaged file, which must not keep us from the others.
    fn open(&self, path: &Path) -> Result<Store, redb::Error> {
        let opening = || Store::open(path.to_owned(), &self.stop);
        let opened = std::panic::catch_unwind(AssertUnwindSafe(opening));
        opened.unwrap_or_else(|_| Err(redb::Error::Corrupted("opening it ended in a panic".to_owned())))
    }

    /// Takes away what was left behind half made. A young file may be another replica's that has not locked it yet.
    pub fn sweep(&self) -> io::Result<()> {
        for path in self.files(UNFINISHED)? {
            let Ok(file) = File::open(&path) else { continue };
            let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age < LEFT_BEHIND {
                continue;
            }
            if file.try_lock().is_ok() {
                std::fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// What all files but those at `ours` take on the disk.
    pub fn bytes_beside(&self, ours: &[PathBuf]) -> io::Result<u64> {
        let paths = self.files(WHOLE)?.into_iter().filter(|path| !ours.contains(path));
        // One that is gone by now takes nothing.
        Ok(paths.filter_map(|path| taken(&path).ok()).sum())
    }

    fn files(&self, kind: &str) -> io::Result<Vec<PathBuf>> {
        let paths = std::fs::read_dir(&self.dir)?.map(|entry| Ok(entry?.path()));
        let is_of_kind = |path: &PathBuf| path.extension() == Some(OsStr::new(kind));
        paths.filter(|path: &io::Result<PathBuf>| path.as_ref().map_or(true, is_of_kind)).collect()
    }
}

/// What a file takes on the disk; it is longer, with holes.
pub fn taken(path: &Path) -> io::Result<u64> {
    Ok(std::fs::metadata(path)?.blocks() * BLOCK_BYTES)
}

/// Somebody has the file open, or has just removed it.
fn is_anothers(error: &redb::Error) -> bool {
    match error {
        redb::Error::DatabaseAlreadyOpen => true,
        redb::Error::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}
