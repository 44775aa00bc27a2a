//! `demo`: prepares what the demo program needs, builds it, runs it.
//!
//! The program itself plays the story; it is the binary `demo` of the crate `e2e`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::commands::with_servers::run_to_the_end;
use crate::install::{self, Consent};
use crate::project::{self, cargo};
use crate::servers::{self, Wanted};
use crate::steps::succeed;

/// Hands `arguments` to the demo program; its exit code becomes ours.
pub async fn run(arguments: &[String], consent: Consent) -> Result<ExitCode> {
    play("demo", arguments, consent).await
}

/// Runs a program of `e2e` on private servers and the services as they are now.
pub async fn play(program: &str, arguments: &[String], consent: Consent) -> Result<ExitCode> {
    let wanted = Wanted::BOTH;
    install::ensure_present(wanted.not_given(), consent).await?;
    let metadata = project::metadata().await?;
    if !has_program(&metadata, program) {
        bail!("the crate `e2e` has no binary `{program}`");
    }
    eprintln!("Starting PostgreSQL and RabbitMQ, meanwhile building the services…");
    let starting = servers::start(wanted)?;
    succeed(cargo(["build", "--workspace", "--bins"])).await?;
    let servers = starting.ready().await?;

    let programs = project::target_folder(&metadata)?.join("debug");
    let mut playing = project::command(programs.join(program));
    playing.args(arguments).current_dir(project::root());
    playing.env("INGEST_BIN", programs.join("ingest-service")).env("BOT_BIN", programs.join("bot-service"));
    servers.urls.hand_to(&mut playing);
    run_to_the_end(&mut playing).await
}

fn has_program(metadata: &Value, program: &str) -> bool {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages
        .filter(|package| package["name"] == "e2e")
        .filter_map(|package| package["targets"].as_array());
    targets.flatten().any(|target| target["name"] == program && target["kind"][0] == "bin")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_binary_of_e2e_is_the_demo() {
        let package = |name: &str, kind: &str| json!({"packages": [{"name": name, "targets": [{"name": "demo", "kind": [kind]}]}]});
        assert!(has_program(&package("e2e", "bin"), "demo"));
        assert!(!has_program(&package("e2e", "lib"), "demo"));
        assert!(!has_program(&package("simulator", "bin"), "demo"));
    }
}
