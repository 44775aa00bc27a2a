//! `check`: what can be said about a change in a minute and without servers.

use std::process::ExitCode;

use anyhow::Result;
use tokio::process::Command;

use crate::project::cargo;
use crate::steps::Steps;

pub async fn run() -> Result<ExitCode> {
    let mut steps = Steps::default();
    let result = all(&mut steps).await;
    Ok(steps.finish(result))
}

async fn all(steps: &mut Steps) -> Result<()> {
    steps.command("format", format()).await?;
    steps.command("clippy", clippy()).await?;
    let libraries = [
        "test",
        "--quiet",
        "--package=shared",
        "--package=ingest-service",
        "--package=xtask",
        "--lib",
        "--bins",
    ];
    steps.command("pure tests: shared, ingest-service, xtask", cargo(libraries)).await?;
    // Of bot-service only the modules that touch neither database nor network.
    let pure = [
        "test",
        "--quiet",
        "--package=bot-service",
        "--lib",
        "--",
        "domain::",
        "telegram::",
        "format::",
        "--skip=telegram::connection",
    ];
    steps.command("pure tests: bot-service", cargo(pure)).await
}

/// Formatting of the whole workspace.
pub fn format() -> Command {
    cargo(["fmt", "--all", "--check"])
}

/// The lints of the whole workspace, warnings denied.
pub fn clippy() -> Command {
    cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}
