//! The row of `check-config`: can the folder be written and synced, and is there room.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use nix::sys::statvfs::statvfs;
use shared::check::Row;

use super::SpoolConfig;

pub const SUBJECT: &str = "spool";

/// Tries the folder with a file that is removed again.
pub fn check(config: &SpoolConfig) -> Row {
    let Some(dir) = &config.dir else {
        let text = "SPOOL_DIR is empty: while the broker is away, webhooks are refused";
        return Row::note(SUBJECT, text);
    };
    match try_out(dir) {
        Ok(free) => found(dir, free, config.max_bytes),
        Err(error) => Row::fails(
            SUBJECT,
            format!("{} cannot be written: {error}", dir.display()),
            "Give the folder in SPOOL_DIR to the service's user (10001 in the image), or leave SPOOL_DIR empty.",
        ),
    }
}

fn found(dir: &Path, free: u64, max_bytes: u64) -> Row {
    let (dir, most) = (dir.display(), size(max_bytes));
    if free < max_bytes {
        let text = format!("{dir} has only {} left, less than the {most} of SPOOL_MAX_BYTES", size(free));
        return Row::note(SUBJECT, text);
    }
    Row::works(SUBJECT, format!("up to {most} may wait in {dir}, which has {} left", size(free)))
}

/// Returns how many bytes are free.
fn try_out(dir: &Path) -> io::Result<u64> {
    std::fs::create_dir_all(dir)?;
    let path = dir.join(format!(".check-{}", uuid::Uuid::new_v4()));
    let mut file = File::create_new(&path)?;
    let written = file.write_all(b"check-config").and_then(|()| file.sync_all());
    std::fs::remove_file(&path)?;
    written?;
    let disk = statvfs(dir)?;
    Ok(disk.blocks_available() * disk.fragment_size())
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        mebibytes @ 0..1024 => format!("{mebibytes} MiB"),
        mebibytes => format!("{}.{} GiB", mebibytes / 1024, mebibytes % 1024 * 10 / 1024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(dir: Option<&Path>, max_bytes: u64) -> String {
        check(&SpoolConfig { dir: dir.map(Path::to_owned), max_bytes }).to_string()
    }

    #[test]
    fn a_folder_is_tried_and_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("spool");
        let said = said(Some(&folder), 16 << 20);
        let wanted = format!("ok     spool  up to 16 MiB may wait in {}, which has ", folder.display());
        assert!(said.starts_with(&wanted), "{said}");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn too_little_room_and_no_folder_are_worth_a_note() {
        let dir = tempfile::tempdir().unwrap();
        assert!(said(Some(dir.path()), u64::MAX).contains(", less than the 17179869183.9 GiB of SPOOL_MAX"));
        assert!(said(None, 1 << 30).starts_with("note   spool  SPOOL_DIR is empty"));
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let said = said(Some(Path::new("/proc/self/spool")), 1 << 30);
        assert!(said.starts_with("FAILS  spool  /proc/self/spool cannot be written: "), "{said}");
    }
}
