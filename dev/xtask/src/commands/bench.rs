//! `bench`: builds what is measured and the program that measures it, the binary `bench` of the crate `bench`.

use std::process::ExitCode;

use anyhow::Result;
use tokio::process::Command;

use crate::commands::with_servers::run_to_the_end;
use crate::install::{self, Consent};
use crate::project::{self, cargo};
use crate::servers::{self, Wanted};
use crate::steps::succeed;

/// What to measure.
#[derive(Debug, PartialEq)]
pub struct Request {
    /// All benches if empty.
    pub names: Vec<String>,
    /// Debug builds and a few seconds: proves that the benches work, and nothing more.
    pub is_smoke: bool,
    /// A file, seen from where the command is given.
    pub json: Option<String>,
}

/// The exit code says whether every target was met, and of a smoke run whether it came to its end.
pub async fn run(request: &Request, consent: Consent) -> Result<ExitCode> {
    let wanted = Wanted::DURABLE;
    install::ensure_present(wanted.not_given(), consent).await?;
    eprintln!("Starting PostgreSQL and RabbitMQ, meanwhile building what is measured…");
    // Before the build, which may replace this program.
    let starting = servers::start(wanted)?;
    let folder = if request.is_smoke { "debug" } else { "release" };
    succeed(build(request.is_smoke)).await?;
    let servers = starting.ready().await?;

    let programs = project::target_folder(&project::metadata().await?)?.join(folder);
    let mut bench = project::command(programs.join("bench"));
    bench.args(arguments(request));
    let binaries =
        [("INGEST_BIN", "ingest-service"), ("BOT_BIN", "bot-service"), ("BARE_BIN", "bare-publisher")];
    bench.envs(binaries.map(|(variable, name)| (variable, programs.join(name))));
    servers.urls.hand_to(&mut bench);
    run_to_the_end(&mut bench).await
}

/// A smoke run takes the builds that the tests take.
fn build(is_smoke: bool) -> Command {
    if is_smoke {
        return cargo(["build", "--workspace", "--bins"]);
    }
    cargo(["build", "--release", "--package=ingest-service", "--package=bot-service", "--package=bench"])
}

fn arguments(request: &Request) -> Vec<String> {
    let mut arguments = request.names.clone();
    arguments.extend(request.is_smoke.then(|| "--smoke".to_owned()));
    arguments.extend(request.json.iter().flat_map(|file| ["--json".to_owned(), file.clone()]));
    arguments
}
