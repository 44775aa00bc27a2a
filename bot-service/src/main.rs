//! Starts bot-service: the command line, configuration, logs, signals, then [`bot_service::run::run`].

use std::process::ExitCode;

use anyhow::Context;
use bot_service::config::{self, Config};
use bot_service::{check, run};
use shared::config::Settings;
use shared::program::{self, Failure, Program};
use shared::{shutdown, telemetry};

const PROGRAM: Program = Program {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    about: env!("CARGO_PKG_DESCRIPTION"),
};

#[tokio::main]
async fn main() -> ExitCode {
    program::main(PROGRAM, config::http_address, check::all, start).await
}

async fn start(settings: &Settings) -> Result<(), Failure> {
    let config = Config::read(settings)?;
    let _guard = telemetry::init(&config.log, "bot").context("starting the log")?;
    let stop = shutdown::on_signal().context("installing signal handlers")?;
    Ok(run::run(config, stop).await?)
}
