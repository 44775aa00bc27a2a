//! The step «a .env in the root does not break a build».
//!
//! Every deployment has a `.env` in the root, and the query macros read it. The step builds bot-service beside
//! a `.env` whose database does not exist; a developer's own `.env` is left alone and serves instead.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::project;
use crate::queries;
use crate::steps::{Checked, succeed};

const MARK: &str = "# Written by `cargo xtask test` for one build; may be deleted.";

/// Builds `packages`, bot-service among them, beside a `.env`.
pub async fn check(packages: &'static str) -> Result<Checked> {
    let _hostile = Hostile::create()?;
    queries::touch_library()?;
    succeed(project::cargo(["check", packages, "--all-targets"])).await
}

/// A `.env` that points nowhere, removed when dropped; nothing where a developer's own exists.
struct Hostile(Option<PathBuf>);

impl Hostile {
    fn create() -> Result<Self> {
        let path = project::root().join(".env");
        if fs::read_to_string(&path).is_ok_and(|text| text.starts_with(MARK)) {
            fs::remove_file(&path).context("removing the .env of a run that was killed")?;
        }
        let mut file = match File::create_new(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                eprintln!("Building beside your own .env.");
                return Ok(Self(None));
            }
            file => file.context("writing .env")?,
        };
        let hostile = Self(Some(path));
        writeln!(file, "{MARK}\nDATABASE_URL=postgres://nobody@nowhere.invalid/nothing")
            .context("writing .env")?;
        Ok(hostile)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        if let Some(path) = &self.0
            && let Err(error) = fs::remove_file(path)
        {
            eprintln!("{} was not removed: {error}", path.display());
        }
    }
}
