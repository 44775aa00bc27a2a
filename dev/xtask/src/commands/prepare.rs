//! `prepare`: the metadata in `.sqlx/`, regenerated or checked.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::install::{self, Consent};
use crate::queries;
use crate::servers::{self, Servers, Wanted};
use crate::steps::Checked;

/// What a developer of bot-service has built already.
const ONE_CRATE: &str = "--package=bot-service";

/// What to do with the metadata.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    Write,
    Check,
}

pub async fn run(mode: Mode, consent: Consent) -> Result<ExitCode> {
    let wanted = Wanted::POSTGRES;
    install::ensure_present(wanted.not_given(), consent).await?;
    let servers = servers::start(wanted)?.ready().await?;
    match mode {
        Mode::Check => match check(&servers, ONE_CRATE).await? {
            Checked::Passed => println!(".sqlx is up to date."),
            Checked::Skipped(why) => println!("Nothing to check: {why}."),
        },
        Mode::Write => {
            let generated = queries::generate(&servers, ONE_CRATE).await?;
            let changes = queries::differences(&queries::read(&queries::committed_folder())?, &generated);
            queries::write(&generated)?;
            println!(".sqlx holds {} queries, {} changed.", generated.len(), changes.len());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails with one line for each file that is missing, changed or stale.
pub async fn check(servers: &Servers, packages: &'static str) -> Result<Checked> {
    let committed = queries::read(&queries::committed_folder())?;
    if committed.is_empty() && !queries::exist()? {
        return Ok(Checked::Skipped("bot-service has no checked query yet"));
    }
    let differences = queries::differences(&committed, &queries::generate(servers, packages).await?);
    if differences.is_empty() {
        return Ok(Checked::Passed);
    }
    bail!(".sqlx is not up to date; run `cargo xtask prepare`\n  {}", differences.join("\n  "))
}
