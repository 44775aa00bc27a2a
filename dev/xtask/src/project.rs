//! Where the project lies and how its cargo is called.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::process::Command;

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the root of the workspace")
}

/// A cargo command in the root. Variables that steer the query macros are taken out, so that a build depends
/// on the project's files alone.
pub fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    for name in ["DATABASE_URL", "SQLX_OFFLINE", "SQLX_OFFLINE_DIR"] {
        command.env_remove(name);
    }
    command
}

/// A command that does not see what `cargo run` told us about our own package. The build script of ring looks
/// at those variables: with them, builds from here and from a shell would undo each other.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(b"CARGO_PKG_") || bytes.starts_with(b"CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// What `cargo metadata` says of the workspace and of the packages it uses on this platform.
pub async fn metadata() -> Result<Value> {
    let platform = format!("--filter-platform={}", host_platform().await?);
    let output = cargo(["metadata", "--format-version=1", "--locked", &platform])
        .output()
        .await
        .context("running cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    serde_json::from_slice(&output.stdout).context("reading the output of cargo metadata")
}

/// The folder cargo builds into, from the answer of [`metadata`].
pub fn target_folder(metadata: &Value) -> Result<PathBuf> {
    metadata["target_directory"].as_str().map(PathBuf::from).context("cargo metadata names no target folder")
}

async fn host_platform() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().await.context("running rustc -vV")?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .context("rustc -vV names no host platform")
}
