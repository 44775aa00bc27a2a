//! The committed metadata of the checked SQL queries, `.sqlx/` in the root.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project;
use crate::servers::{Servers, create_migrated};
use crate::steps::succeed;

/// The file name of a query's metadata → its content.
pub type Metadata = BTreeMap<String, Value>;

const MACROS: [&str; 5] = ["query!(", "query_as!(", "query_scalar!(", "query_file!(", "query_file_as!("];

/// Where the metadata is committed.
pub fn committed_folder() -> PathBuf {
    project::root().join(".sqlx")
}

/// The metadata in a folder; none where there is no folder.
pub fn read(folder: &Path) -> Result<Metadata> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Metadata::new()),
        entries => entries.with_context(|| format!("reading {}", folder.display()))?,
    };
    let mut found = Metadata::new();
    for entry in entries {
        let path = entry.context("reading the metadata of queries")?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("query-") && path.extension().is_some_and(|kind| kind == "json") {
            let text = fs::read(&path).with_context(|| format!("reading {name}"))?;
            found.insert(
                name.clone(),
                serde_json::from_slice(&text).with_context(|| format!("parsing {name}"))?,
            );
        }
    }
    Ok(found)
}

/// Lets the compiler describe every query of bot-service against a freshly migrated database. `packages` is what
/// cargo is told to check: bot-service alone, or more where that is already built.
pub async fn generate(servers: &Servers, packages: &'static str) -> Result<Metadata> {
    let folder = Scratch::create()?;
    let url = create_migrated(servers, "prepare").await?;
    touch_library()?;
    let mut command = project::cargo(["check", packages, "--all-targets"]);
    command.env("DATABASE_URL", url).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &folder.0);
    succeed(command).await?;
    let generated = read(&folder.0)?;
    ensure!(!generated.is_empty() || !exist()?, "bot-service has queries, yet the compiler described none");
    Ok(generated)
}

/// Replaces the committed metadata.
pub fn write(generated: &Metadata) -> Result<()> {
    let folder = committed_folder();
    if !generated.is_empty() {
        fs::create_dir_all(&folder).context("creating .sqlx")?;
    }
    for stale in read(&folder)?.keys().filter(|name| !generated.contains_key(*name)) {
        fs::remove_file(folder.join(stale)).with_context(|| format!("removing {stale}"))?;
    }
    for (name, content) in generated {
        let text = serde_json::to_string_pretty(content).context("writing JSON")? + "\n";
        fs::write(folder.join(name), text).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

/// What differs, one line a file; empty when the committed metadata is up to date.
pub fn differences(committed: &Metadata, generated: &Metadata) -> Vec<String> {
    let missing = generated.iter().filter_map(|(name, content)| match committed.get(name) {
        None => Some(line("missing", name, content)),
        Some(other) if other != content => Some(line("changed", name, content)),
        Some(_) => None,
    });
    let stale = committed.iter().filter(|(name, _)| !generated.contains_key(*name));
    missing.chain(stale.map(|(name, content)| line("stale", name, content))).collect()
}

fn line(what: &str, name: &str, content: &Value) -> String {
    let query =
        content["query"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let start: String = query.chars().take(70).collect();
    format!("{what}: {name}  {start}")
}

/// Whether bot-service has any checked query.
pub fn exist() -> Result<bool> {
    contains_query(&project::root().join("bot-service/src"))
}

fn contains_query(folder: &Path) -> Result<bool> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry.context("reading the sources")?.path();
        let found = if path.is_dir() {
            contains_query(&path)?
        } else {
            let source = fs::read_to_string(&path).unwrap_or_default();
            MACROS.iter().any(|name| source.contains(name))
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes cargo compile bot-service again: it does not know that the macros read a database and `.env`.
pub fn touch_library() -> Result<()> {
    let path = project::root().join("bot-service/src/lib.rs");
    let file =
        File::options().append(true).open(&path).with_context(|| format!("opening {}", path.display()))?;
    file.set_modified(SystemTime::now()).with_context(|| format!("touching {}", path.display()))
}

/// A folder for the compiler's answers, removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn create() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("xtask-queries-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} was not removed: {error}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(entries: &[(&str, &str)]) -> Metadata {
        entries.iter().map(|(name, query)| ((*name).to_owned(), json!({ "query": query }))).collect()
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let committed = metadata(&[("same", "select 1"), ("old", "select 2"), ("other", "select 3")]);
        let generated = metadata(&[("same", "select 1"), ("new", "select\n   4"), ("other", "select 5")]);
        let lines = differences(&committed, &generated);
        assert_eq!(lines, ["missing: new  select 4", "changed: other  select 5", "stale: old  select 2"]);
    }

    #[test]
    fn equal_metadata_has_no_differences() {
        let one = metadata(&[("same", "select 1")]);
        assert!(differences(&one, &one).is_empty());
    }
}
