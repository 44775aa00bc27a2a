//! Starts bot-service: configuration, logs, signals, then [`bot_service::run::run`].

use std::process::ExitCode;

use anyhow::Context;
use bot_service::config::Config;
use shared::config::Settings;
use shared::{shutdown, telemetry};

/// The configuration cannot be used: starting again will not help.
const BAD_CONFIG: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let config = match Settings::load().and_then(|settings| Config::read(&settings)) {
        Ok(config) => config,
        Err(error) => return fail(&error.into(), BAD_CONFIG),
    };
    start(config).await.map_or_else(|error| fail(&error, 1), |()| ExitCode::SUCCESS)
}

async fn start(config: Config) -> anyhow::Result<()> {
    let _guard = telemetry::init(&config.log, "bot").context("starting the log")?;
    let stop = shutdown::on_signal().context("installing signal handlers")?;
    bot_service::run::run(config, stop).await
}

fn fail(error: &anyhow::Error, code: u8) -> ExitCode {
    eprintln!("{}: {error:#}", env!("CARGO_PKG_NAME"));
    ExitCode::from(code)
}
