//! `sh deploy/secrets.sh`

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::files::Folder;

const NAMES: [&str; 5] =
    ["WEBHOOK_SECRET", "TELEGRAM_WEBHOOK_SECRET", "DATABASE_PASSWORD", "BROKER_PASSWORD", "GRAFANA_PASSWORD"];

fn values(folder: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(folder.join(".env"))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.filter_map(|line| line.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect())
}

#[test]
fn secrets_are_random_and_written_once() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    let said = folder.sh(&["deploy/secrets.sh"])?;
    let first = values(folder.path())?;
    let mut secrets: Vec<&String> = NAMES.iter().map(|name| &first[*name]).collect();
    let is_secret = |text: &str| text.len() == 48 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    ensure!(secrets.iter().all(|secret| is_secret(secret)), "{secrets:?}");
    ensure!(!secrets.iter().any(|secret| said.contains(secret.as_str())), "it shows what it wrote");
    secrets.sort();
    secrets.dedup();
    ensure!(secrets.len() == NAMES.len(), "two are the same");
    let mode = std::fs::metadata(folder.path().join(".env"))?.permissions().mode() & 0o777;
    ensure!(mode == 0o600, "everybody may read .env: {mode:o}");

    let before = std::fs::read_to_string(folder.path().join(".env"))?;
    folder.sh(&["deploy/secrets.sh"])?;
    ensure!(std::fs::read_to_string(folder.path().join(".env"))? == before, "a second run changed something");
    ensure!(std::fs::read_dir(folder.path())?.count() == 4, "it left a file behind");
    Ok(())
}

#[test]
fn nothing_else_is_touched() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    let env = "# mine\nBOT_TOKEN=42:x y\\n'\nWEBHOOK_SECRET=chosen-by-a-person # why\n\
               BROKER_PASSWORD=\"\"\nDATABASE_PASSWORD= # not yet\nWEBHOOK_SECRET_OLD=x";
    std::fs::write(folder.path().join(".env"), env)?;
    folder.sh(&["deploy/secrets.sh"])?;
    let text = std::fs::read_to_string(folder.path().join(".env"))?;
    let lines: Vec<&str> = text.lines().collect();
    ensure!(
        lines[..3] == ["# mine", "BOT_TOKEN=42:x y\\n'", "WEBHOOK_SECRET=chosen-by-a-person # why"],
        "{text}"
    );
    ensure!(lines[5] == "WEBHOOK_SECRET_OLD=x" && lines.len() == 8, "{text}");
    let values = values(folder.path())?;
    let is_new = |name: &str| values[name].len() == 48;
    ensure!(NAMES[1..].iter().all(|name| is_new(name)), "{text}");
    Ok(())
}

#[test]
fn without_a_file_it_says_how_to_make_one() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    std::fs::remove_file(folder.path().join(".env"))?;
    let error = format!("{:#}", folder.sh(&["deploy/secrets.sh"]).unwrap_err());
    ensure!(error.contains("cp .env.example .env"), "{error}");
    Ok(())
}
