//! What both programs do before they are services: the command line, the version, the exit code.

use std::fmt;
use std::net::SocketAddr;
use std::process::ExitCode;

use crate::check::Report;
use crate::config::{ConfigErrors, Settings};
use crate::probe;

/// The configuration or the command line cannot be used: starting again will not help.
const UNUSABLE: u8 = 2;

/// One of the programs, as people see it.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    pub name: &'static str,
    pub version: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
}

/// What a command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Run,
    CheckConfig,
    Healthcheck,
    Version,
    Help,
}

/// Why a service did not run to a good end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    #[error(transparent)]
    Service(#[from] anyhow::Error),
}

/// Does what the command line asks for. The service's own part: where `/health` is answered, how everything is
/// checked, and how it is run.
pub async fn main(
    program: Program,
    health: impl FnOnce(&Settings) -> Result<SocketAddr, ConfigErrors>,
    check: impl AsyncFnOnce(&Settings) -> Report,
    run: impl AsyncFnOnce(&Settings) -> Result<(), Failure>,
) -> ExitCode {
    let command = match Command::parse(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into()))
    {
        Ok(command) => command,
        Err(problem) => {
            eprintln!("{}: {problem}; `{} --help` lists what there is", program.name, program.name);
            return ExitCode::from(UNUSABLE);
        }
    };
    match command {
        Command::Version => {
            println!("{program}");
            ExitCode::SUCCESS
        }
        Command::Help => {
            println!("{}", program.manual());
            ExitCode::SUCCESS
        }
        Command::CheckConfig => {
            let report = match Settings::load() {
                Ok(settings) => check(&settings).await,
                Err(errors) => Report::of_settings(&errors),
            };
            println!("{program}\n\n{report}");
            report.exit_code()
        }
        Command::Healthcheck => {
            let asking = async { Ok(probe::health(health(&Settings::load()?)?).await?) };
            program.end(asking.await)
        }
        Command::Run => {
            let running = async { run(&Settings::load()?).await };
            program.end(running.await)
        }
    }
}

impl Program {
    fn end(&self, outcome: Result<(), Failure>) -> ExitCode {
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(Failure::Config(errors)) => {
                errors.iter().for_each(|error| eprintln!("{}: {error}", self.name));
                ExitCode::from(UNUSABLE)
            }
            Err(Failure::Service(error)) => {
                eprintln!("{}: {error:#}", self.name);
                ExitCode::FAILURE
            }
        }
    }

    fn manual(&self) -> String {
        format!(
            "{self}\n{}\n\n\
             Usage: {} [COMMAND]\n\n  \
             run           serve until SIGTERM; this is also what no command means\n  \
             check-config  say what is wrong with the settings, try every connection, print what works and\n                \
                           what to do about the rest; exit code 0 if all of it works, else 1\n  \
             healthcheck   ask the /health of the service with the same settings; exit code 0 if it answers\n  \
             --version     name, version and commit\n  \
             --help        this text\n\n\
             Settings come from config.toml and .env of the working directory and from the environment; the later\n\
             wins. .env.example explains every one.",
            self.about, self.name
        )
    }
}

/// `bot-service 0.1.0 (commit 0123456789ab)`
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.name, self.version, env!("BUILT_FROM"))
    }
}

impl Command {
    /// Reads the words after the program's name. The error is a part of a sentence.
    fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let command = match words.next().as_deref() {
            None | Some("run") => Self::Run,
            Some("check-config") => Self::CheckConfig,
            Some("healthcheck") => Self::Healthcheck,
            Some("--version" | "-V") => Self::Version,
            Some("--help" | "-h" | "help") => Self::Help,
            Some(unknown) => return Err(format!("there is no command `{unknown}`")),
        };
        match words.next() {
            None => Ok(command),
            Some(word) => Err(format!("nothing is known about `{word}` here")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn no_command_runs_the_service() {
        assert_eq!(parse(""), Ok(Command::Run));
        assert_eq!(parse("run"), Ok(Command::Run));
        assert_eq!(parse("check-config"), Ok(Command::CheckConfig));
        assert_eq!(parse("-h"), Ok(Command::Help));
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert_eq!(parse("check"), Err("there is no command `check`".to_owned()));
        assert_eq!(parse("--verison"), Err("there is no command `--verison`".to_owned()));
        assert_eq!(parse("run --fast"), Err("nothing is known about `--fast` here".to_owned()));
    }

    #[test]
    fn a_debug_build_does_not_pretend_to_know_its_commit() {
        let program = Program { name: "x", version: "1.2.3", about: "" };
        if cfg!(debug_assertions) && option_env!("GIT_COMMIT").is_none() {
            assert_eq!(program.to_string(), "x 1.2.3 (debug build)");
        }
    }
}
