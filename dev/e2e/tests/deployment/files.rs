//! The project's files, and folders that go away.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};

/// The root of the workspace.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate lies two folders below the root of the workspace")
}

/// A temporary folder, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn create() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("deployment-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    /// What a fresh server has of the project for compose: the file, `deploy/`, and `.env` as the example.
    pub fn of_a_fresh_server() -> Result<Self> {
        let folder = Self::create()?;
        let mut copy = Command::new("cp");
        copy.current_dir(root())
            .args(["-R", "docker-compose.yml", "deploy", ".env.example"])
            .arg(folder.path());
        succeed(&mut copy)?;
        std::fs::copy(folder.path().join(".env.example"), folder.path().join(".env"))?;
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// `sh FILE ARGUMENTS…` in the folder.
    pub fn sh(&self, arguments: &[&str]) -> Result<String> {
        succeed(Command::new("sh").args(arguments).current_dir(&self.0))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a command to its end and returns what it wrote.
pub fn succeed(command: &mut Command) -> Result<String> {
    let output = run(command)?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{command:?} ended with {}:\n{out}\n{err}", output.status);
    Ok(out.into_owned())
}

pub fn run(command: &mut Command) -> Result<Output> {
    command.output().with_context(|| format!("starting {command:?}"))
}
