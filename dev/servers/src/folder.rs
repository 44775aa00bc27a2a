//! The temporary folder of the private servers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::unistd::geteuid;

use crate::ports::random_word;

/// A folder of our own that other users may pass through but not list; removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn create() -> Result<Self> {
        let path = place().join(format!("xtask-servers-{}", random_word()?));
        fs::create_dir(&path).with_context(|| format!("creating {}", path.display()))?;
        let folder = Self(path);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711))
            .with_context(|| format!("opening {} to the server's user", folder.0.display()))?;
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Creates a folder inside that only we can read.
    pub fn subfolder(&self, name: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::create_dir(&path).with_context(|| format!("creating {}", path.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("closing {} to others", path.display()))?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} was not removed: {error}", self.0.display());
        }
    }
}

/// The system's folder for temporary files; `/tmp` where a root of today would hide it from the user that
/// PostgreSQL runs as.
fn place() -> PathBuf {
    let place = std::env::temp_dir();
    let passable =
        |folder: &Path| fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0);
    if geteuid().is_root() && !place.ancestors().all(passable) { PathBuf::from("/tmp") } else { place }
}
