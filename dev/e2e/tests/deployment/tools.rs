//! Programs that a developer may lack.

use std::path::PathBuf;

use anyhow::{Result, bail};

/// Where a program is. None lets the test end early, with a line that says so; with `CI=true` it is an error.
pub fn find(program: &str) -> Result<Option<PathBuf>> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        if std::env::var("CI").is_ok_and(|value| value == "true") {
            bail!("{program} is not installed: run `cargo xtask install` with CI=true");
        }
        eprintln!("!!! {program} is not installed: this part of the deployment was NOT tried out");
    }
    Ok(found)
}
