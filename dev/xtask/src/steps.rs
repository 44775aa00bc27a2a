//! A command as a row of named steps: progress, times, the first failure ends it.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use private_servers::group::{Farewell, Group};
use tokio::process::Command;

/// What became of a step.
enum Outcome {
    Passed,
    Skipped(&'static str),
    Failed,
}

/// The steps of one command, in the order they ran.
#[derive(Default)]
pub struct Steps {
    done: Vec<(&'static str, Outcome, Duration)>,
}

/// What a step that may not apply did.
pub enum Checked {
    Passed,
    /// There was nothing to check, and why.
    Skipped(&'static str),
}

impl Steps {
    /// Runs `work` under `name`.
    pub async fn run(
        &mut self,
        name: &'static str,
        work: impl Future<Output = Result<Checked>>,
    ) -> Result<()> {
        eprintln!("\n==> {name}");
        let since = Instant::now();
        let result = work.await;
        let outcome = match &result {
            Ok(Checked::Passed) => Outcome::Passed,
            Ok(Checked::Skipped(why)) => Outcome::Skipped(why),
            Err(_) => Outcome::Failed,
        };
        self.done.push((name, outcome, since.elapsed()));
        result.map(drop)
    }

    /// Runs a command under `name`; the step passes when the command succeeds.
    pub async fn command(&mut self, name: &'static str, command: Command) -> Result<()> {
        self.run(name, succeed(command)).await
    }

    /// Prints what ran and how long, and turns it into the exit code.
    pub fn finish(self, result: Result<()>) -> ExitCode {
        eprintln!();
        for (name, outcome, took) in &self.done {
            let (word, note) = match outcome {
                Outcome::Passed => ("ok", String::new()),
                Outcome::Skipped(why) => ("skipped", format!("  ({why})")),
                Outcome::Failed => ("FAILED", String::new()),
            };
            eprintln!("{word:>8}  {:>6.1} s  {name}{note}", took.as_secs_f32());
        }
        let total: Duration = self.done.iter().map(|(_, _, took)| *took).sum();
        match result {
            Ok(()) => {
                eprintln!("\nAll of it passed, in {:.0} s.", total.as_secs_f32());
                ExitCode::SUCCESS
            }
            Err(error) => {
                let step = self.done.last().map_or("the start", |(name, _, _)| name);
                eprintln!("\nFailed at: {step}: {error:#}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs a command and fails unless it succeeds.
pub async fn succeed(mut command: Command) -> Result<Checked> {
    let status = Group::spawn(&mut command, Farewell::POLITE)?.wait().await?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(&command));
    }
    Ok(Checked::Passed)
}

/// The command as a person would type it.
fn line(command: &Command) -> String {
    let command = command.as_std();
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
