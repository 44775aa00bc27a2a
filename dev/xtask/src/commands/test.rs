//! `test`: everything that must pass before a change lands.

use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result};
use tokio::process::Command;

use crate::commands::{check, deployment, dotenv, prepare};
use crate::install::{self, Consent};
use crate::licences;
use crate::project::{self, cargo};
use crate::servers::{self, Servers, Starting, Wanted};
use crate::steps::{Checked, Steps};

/// Every step names the whole workspace and all its targets: another choice would switch other features of
/// the libraries and compile most of them once more.
const EVERYTHING: &str = "--workspace";

/// Runs every step, or with `filter` only the build and the tests whose name contains it.
pub async fn run(filter: Option<&str>, consent: Consent) -> Result<ExitCode> {
    let wanted = Wanted::BOTH;
    install::ensure_present(wanted.not_given(), consent).await?;
    // The servers come up while the first steps run.
    let starting = servers::start(wanted)?;
    let mut steps = Steps::default();
    let result = match filter {
        Some(filter) => some(&mut steps, starting, filter).await,
        None => all(&mut steps, starting).await,
    };
    Ok(steps.finish(result))
}

async fn some(steps: &mut Steps, starting: Starting, filter: &str) -> Result<()> {
    steps.command("build", build()).await?;
    let servers = ready(steps, starting).await?;
    tests(steps, &servers, &[filter]).await
}

async fn all(steps: &mut Steps, starting: Starting) -> Result<()> {
    steps.command("format", check::format()).await?;
    steps.run("licences and versions", licences::check()).await?;
    steps.command("clippy", check::clippy()).await?;
    steps.run("a .env in the root does not break a build", dotenv::check(EVERYTHING)).await?;
    let servers = ready(steps, starting).await?;
    steps.run(".sqlx is up to date", prepare::check(&servers, EVERYTHING)).await?;
    steps.command("build", build()).await?;
    tests(steps, &servers, &[]).await?;
    steps.run(deployment::BUILD, deployment::build_if_in_ci()).await?;
    let mut documentation = cargo(["doc", EVERYTHING, "--no-deps", "--document-private-items"]);
    documentation.env("RUSTDOCFLAGS", "-D warnings");
    steps.command("documentation", documentation).await
}

/// Waits for the servers, as a step.
pub async fn ready(steps: &mut Steps, starting: Starting) -> Result<Servers> {
    let mut servers = None;
    let work = async {
        servers = Some(starting.ready().await?);
        Ok(Checked::Passed)
    };
    steps.run("servers", work).await?;
    servers.context("a step that passed has started the servers")
}

/// The end-to-end tests run the services as programs.
pub fn build() -> Command {
    cargo(["build", EVERYTHING, "--all-targets"])
}

/// The tests of the whole workspace, or those that `choice` chooses.
pub async fn tests(steps: &mut Steps, servers: &Servers, choice: &[&str]) -> Result<()> {
    let mut command = if has_nextest().await? {
        cargo(["nextest", "run", EVERYTHING, "--no-fail-fast"])
    } else {
        cargo(["test", EVERYTHING, "--no-fail-fast"])
    };
    command.args(choice);
    servers.urls.hand_to(&mut command);
    let target = project::target_folder(&project::metadata().await?)?;
    command.env("INGEST_BIN", target.join("debug/ingest-service"));
    command.env("BOT_BIN", target.join("debug/bot-service"));
    steps.command("tests", command).await
}

async fn has_nextest() -> Result<bool> {
    let mut command = cargo(["nextest", "--version"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command.status().await.context("asking for cargo-nextest")?.success())
}
