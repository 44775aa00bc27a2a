//! Starts ingest-service: the command line, configuration, logs, signals, then [`ingest_service::run`].

use std::process::ExitCode;

use anyhow::Context;
use ingest_service::config::{self, Config};
use ingest_service::{check, connections};
use mimalloc::MiMalloc;
use shared::config::Settings;
use shared::program::{self, Failure, Program};
use shared::{shutdown, telemetry};

/// Reading a webhook is many small strings; the C library's allocator takes a quarter of the time of it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const PROGRAM: Program = Program {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    about: env!("CARGO_PKG_DESCRIPTION"),
};

#[tokio::main]
async fn main() -> ExitCode {
    program::main(PROGRAM, config::listen_address, check::all, start).await
}

async fn start(settings: &Settings) -> Result<(), Failure> {
    let config = Config::read(settings)?;
    let _guard = telemetry::init(&config.log, "app").context("starting the log")?;
    let stop = shutdown::on_signal().context("installing signal handlers")?;
    let listener = connections::listen(config.listen).context("binding SERVER_HOST and SERVER_PORT")?;
    Ok(ingest_service::run(config, listener, stop).await?)
}
