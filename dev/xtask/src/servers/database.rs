//! A database with the project's migrations in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::project;
use crate::servers::{Servers, find};

/// sqlx runs a migration that begins so outside a transaction.
const NO_TRANSACTION: &str = "-- no-transaction";

/// Creates the database `name` anew, runs every file of `migrations/` in it, in order, and returns its URL.
///
/// psql does it rather than sqlx, which would make this program as slow to build as the services.
pub async fn create_migrated(servers: &Servers, name: &str) -> Result<String> {
    let server = &servers.urls.database;
    for statement in [format!("drop database if exists {name}"), format!("create database {name}")] {
        psql(server, &["--command", &statement]).await?;
    }
    let (before, _) = server.rsplit_once('/').context("the URL of the database names no database")?;
    let url = format!("{before}/{name}");
    for file in migrations()? {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let path = file.to_str().context("paths of migrations are text")?;
        let transaction = if text.starts_with(NO_TRANSACTION) { &[][..] } else { &["--single-transaction"] };
        psql(&url, &[transaction, &["--file", path]].concat())
            .await
            .with_context(|| format!("running {}", file.display()))?;
    }
    Ok(url)
}

async fn psql(url: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(find::psql().context("psql (PostgreSQL's client) is not installed")?);
    command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url]).args(arguments);
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.context("running psql")?;
    ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// The migration files, in the order of the numbers they begin with.
fn migrations() -> Result<Vec<PathBuf>> {
    let folder = project::root().join("migrations");
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.context("reading the migrations")?.path();
        if let Some(number) = number(&path) {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The number of a migration `<number>_<what>.sql`.
fn number(path: &Path) -> Option<u64> {
    let (number, _) = path.file_name()?.to_str()?.strip_suffix(".sql")?.split_once('_')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_known_by_their_number() {
        assert_eq!(number(Path::new("/m/20260101000000_leads.sql")), Some(20_260_101_000_000));
        assert_eq!(number(Path::new("/m/README.md")), None);
        assert_eq!(number(Path::new("/m/notes.sql")), None);
    }
}
