//! The project's own commands, run as `cargo xtask <command>`; `cargo xtask help` lists them.
//!
//! Whatever a command starts is a value that stops it when dropped. A signal drops the running command, so
//! an interrupted command cleans up exactly as a finished one.

mod args;
mod commands;
#[cfg(test)]
mod documents;
mod install;
mod interrupt;
mod licences;
mod project;
mod queries;
mod servers;
mod steps;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Task;
use crate::commands::{bench, chaos, check, demo, deployment, prepare, screenshots, test, with_servers};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let task = match args::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("{problem}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    let outcome = tokio::select! {
        outcome = run(task) => outcome,
        signal = interrupt::received() => signal.map(|signal| ExitCode::from(128 + signal.number)),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(task: Task) -> Result<ExitCode> {
    match task {
        Task::Help => {
            println!("{}", args::USAGE);
            Ok(ExitCode::SUCCESS)
        }
        Task::Test { filter, consent } => test::run(filter.as_deref(), consent).await,
        Task::Check => check::run().await,
        Task::Prepare { mode, consent } => prepare::run(mode, consent).await,
        Task::Demo { arguments, consent } => demo::run(&arguments, consent).await,
        Task::Chaos { arguments, consent } => chaos::run(&arguments, consent).await,
        Task::Screenshots { consent } => screenshots::run(consent).await,
        Task::WithServers { command, consent } => with_servers::run(&command, consent).await,
        Task::Bench { request, consent } => bench::run(&request, consent).await,
        Task::Deployment { consent } => deployment::run(consent).await,
        Task::Install { consent } => install::run(consent).await,
        Task::HostServers { wanted } => servers::host::run(wanted).await,
    }
}
