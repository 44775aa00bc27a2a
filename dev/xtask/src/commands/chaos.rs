//! `chaos`: builds the services and the program that breaks everything around them, the binary `chaos` of the crate
//! `e2e`. It starts servers of its own, because it kills them.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::with_servers::run_to_the_end;
use crate::install::{self, Consent};
use crate::project::{self, cargo};
use crate::servers::Wanted;
use crate::steps::succeed;

/// Hands `arguments` to the program; its exit code becomes ours.
pub async fn run(arguments: &[String], consent: Consent) -> Result<ExitCode> {
    install::ensure_present(Wanted::BOTH, consent).await?;
    succeed(cargo(["build", "--workspace", "--bins"])).await?;
    let programs = project::target_folder(&project::metadata().await?)?.join("debug");
    let mut breaking = project::command(programs.join("chaos"));
    breaking.args(arguments).current_dir(project::root());
    breaking.env("INGEST_BIN", programs.join("ingest-service")).env("BOT_BIN", programs.join("bot-service"));
    run_to_the_end(&mut breaking).await
}
