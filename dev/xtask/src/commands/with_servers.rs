//! `with-servers`: any command beside private servers.

use std::process::ExitCode;

use anyhow::{Context, Result};
use private_servers::group::{Farewell, Group};
use tokio::process::Command;

use crate::install::{self, Consent};
use crate::project;
use crate::servers::{self, Wanted};

/// Runs `command` with `DATABASE_URL` and `AMQP_URL` set; its exit code becomes ours.
pub async fn run(command: &[String], consent: Consent) -> Result<ExitCode> {
    let wanted = Wanted::BOTH;
    install::ensure_present(wanted.not_given(), consent).await?;
    let servers = servers::start(wanted)?.ready().await?;
    let (program, arguments) = command.split_first().context("the command is empty")?;
    let mut command = project::command(program);
    command.args(arguments);
    servers.urls.hand_to(&mut command);
    run_to_the_end(&mut command).await
}

/// Runs a program that talks to the person at the terminal.
pub async fn run_to_the_end(command: &mut Command) -> Result<ExitCode> {
    let status = Group::spawn_interactive(command, Farewell::POLITE)?.wait().await?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
