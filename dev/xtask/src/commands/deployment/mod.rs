//! `deployment`: tries out what a server is set up by, as far as it goes without Docker.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::commands::test;
use crate::install::{self, Consent};
use crate::project;
use crate::servers::{self, Starting, Wanted};
use crate::steps::{Checked, Steps, succeed};

mod dockerfile;
mod image;

/// The step's name, also in `test`.
pub const BUILD: &str = "the images' build commands, in a fresh clone";

pub async fn run(consent: Consent) -> Result<ExitCode> {
    let wanted = Wanted::BOTH;
    install::ensure_present(wanted.not_given(), consent).await?;
    // Before the build, which may replace this program.
    let starting = servers::start(wanted)?;
    let mut steps = Steps::default();
    let result = all(&mut steps, starting).await;
    Ok(steps.finish(result))
}

async fn all(steps: &mut Steps, starting: Starting) -> Result<()> {
    steps.command("build", test::build()).await?;
    let servers = test::ready(steps, starting).await?;
    test::tests(steps, &servers, &["--test", "deployment"]).await?;
    steps.run(BUILD, build()).await
}

/// The same as a step of `test`: a release build is worth its minutes only where nobody waits for it.
pub async fn build_if_in_ci() -> Result<Checked> {
    if std::env::var("CI").is_ok_and(|value| value == "true") {
        build().await
    } else {
        Ok(Checked::Skipped("minutes long: only with CI=true and in `cargo xtask deployment`"))
    }
}

/// Runs the Dockerfile's own commands on what is committed, and asks the programs for their version.
///
/// The stages after the build, which take the programs into small images, need Docker and are not run.
async fn build() -> Result<Checked> {
    let target = project::target_folder(&project::metadata().await?)?;
    let place = image::Place::new(&target)?;
    let commit = place.clone_project().await?;
    let text =
        std::fs::read_to_string(place.context().join("Dockerfile")).context("reading the Dockerfile")?;
    let stages = dockerfile::parse(&text)?;
    for program in image::build(&place, &stages).await? {
        tells_its_commit(&program, &commit).await?;
    }
    Ok(Checked::Passed)
}

async fn tells_its_commit(program: &Path, commit: &str) -> Result<()> {
    let output = Command::new(program).arg("--version").output().await.context("asking for the version")?;
    let told = String::from_utf8_lossy(&output.stdout);
    let wanted = format!("(commit {})", &commit[..12]);
    ensure!(told.trim_end().ends_with(&wanted), "{} tells `{told}`, not {wanted}", program.display());
    let size = program.metadata().context("looking at a program")?.len();
    eprintln!("{}, {} kB", told.trim_end(), size / 1000);
    Ok(())
}

/// Runs a command in a folder.
async fn succeed_in(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = project::command(program);
    command.args(arguments).current_dir(folder);
    succeed(command).await.map(drop)
}
