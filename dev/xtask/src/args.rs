//! The command line: text → [`Task`], and its manual.

use crate::commands::bench::Request;
use crate::commands::prepare::Mode;
use crate::install::Consent;
use crate::servers::Wanted;

pub const USAGE: &str = "\
Usage: cargo xtask <command>

  demo [--once]              play one deal from AmoCRM to the completed visit, with simulators at the edges,
                             then stay up; --once checks the story and exits with 0 or 1
  screenshots                play a story on the page and write its pictures into docs/pictures
  chaos [--minutes N] [--seed S]
                             kill, freeze and cut off everything at random moments for two minutes, or N, and say
                             whether anything was lost or done twice; the same seed breaks the same
  test [FILTER]              everything that must pass before a change lands; with FILTER only the tests whose
                             name contains it
  check                      the fast part of it: format, clippy, tests that need no server
  prepare [--check]          regenerate .sqlx, or only say whether it is up to date
  with-servers -- COMMAND…   run a command with DATABASE_URL and AMQP_URL of private servers
  bench [NAME…] [--smoke] [--json FILE]
                             measure release builds: ingest, pipeline, latency, memory, growth, scale, abuse, or all
                             of them; --smoke only proves, in seconds and on debug builds, that the benches work
  deployment                 try out what a server is set up by: compose, proxy, monitoring, backup, then the
                             images' build in a fresh clone, which takes minutes; `test` does both with CI=true
  install                    install PostgreSQL and RabbitMQ if they are missing; with --yes also what the
                             deployment is tried out with, and the browser for the page
  help                       this text

PostgreSQL and RabbitMQ run privately, on free ports in a temporary folder; servers already running on the
machine are not touched. DEMO_DATABASE_URL and DEMO_AMQP_URL, when set, are used instead of private servers; the
queues of that broker are emptied.

  --yes                      install what is missing without asking (so does CI=true)";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub enum Task {
    Help,
    Test {
        filter: Option<String>,
        consent: Consent,
    },
    Check,
    Prepare {
        mode: Mode,
        consent: Consent,
    },
    Demo {
        /// Arguments for the demo program.
        arguments: Vec<String>,
        consent: Consent,
    },
    Screenshots {
        consent: Consent,
    },
    Chaos {
        /// Arguments for the program.
        arguments: Vec<String>,
        consent: Consent,
    },
    WithServers {
        command: Vec<String>,
        consent: Consent,
    },
    Bench {
        request: Request,
        consent: Consent,
    },
    Deployment {
        consent: Consent,
    },
    Install {
        consent: Consent,
    },
    /// Not for people: the process that owns the private servers.
    HostServers {
        wanted: Wanted,
    },
}

/// Reads the arguments after the program's name. The error is a sentence for the person who typed them.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Task, String> {
    let mut words = Words(arguments.into_iter().collect());
    let consent = if words.take("--yes") { Consent::Given } else { Consent::from_environment() };
    let command = words.next().unwrap_or_else(|| "help".to_owned());
    let task = match command.as_str() {
        "help" | "--help" | "-h" => Task::Help,
        "test" => Task::Test { filter: words.next_plain(), consent },
        "check" => Task::Check,
        "prepare" => {
            let mode = if words.take("--check") { Mode::Check } else { Mode::Write };
            Task::Prepare { mode, consent }
        }
        "demo" => {
            let arguments = if words.take("--once") { vec!["--once".to_owned()] } else { Vec::new() };
            Task::Demo { arguments, consent }
        }
        "chaos" => {
            let mut arguments = Vec::new();
            for flag in ["--minutes", "--seed"] {
                if let Some(value) = words.take_with_value(flag)? {
                    let number = value.parse::<u64>();
                    number.map_err(|_| format!("`{flag}` needs a whole number, not `{value}`"))?;
                    arguments.extend([flag.to_owned(), value]);
                }
            }
            Task::Chaos { arguments, consent }
        }
        "screenshots" => Task::Screenshots { consent },
        "with-servers" => {
            let command = words.after_separator();
            if command.is_empty() {
                return Err("with-servers needs `--` and a command".to_owned());
            }
            Task::WithServers { command, consent }
        }
        "bench" => Task::Bench { request: bench(&mut words)?, consent },
        "deployment" => Task::Deployment { consent },
        "install" => Task::Install { consent },
        "host-servers" => Task::HostServers {
            wanted: Wanted {
                postgres: words.take("--postgres"),
                rabbitmq: words.take("--rabbitmq"),
                is_durable: words.take("--durable"),
            },
        },
        other => return Err(format!("unknown command `{other}`")),
    };
    match words.next() {
        None => Ok(task),
        Some(word) => Err(format!("`{command}` does not know `{word}`")),
    }
}

/// The names are checked by the program that runs them.
fn bench(words: &mut Words) -> Result<Request, String> {
    let is_smoke = words.take("--smoke");
    let json = words.take_with_value("--json")?;
    let names = std::iter::from_fn(|| words.next_plain()).collect();
    Ok(Request { names, is_smoke, json })
}

struct Words(Vec<String>);

impl Words {
    fn separator(&self) -> usize {
        self.0.iter().position(|word| word == "--").unwrap_or(self.0.len())
    }

    /// Takes the flag out if it stands before `--`.
    fn take(&mut self, flag: &str) -> bool {
        let own = self.separator();
        let found = self.0[..own].iter().position(|word| word == flag);
        found.map(|index| self.0.remove(index)).is_some()
    }

    /// Takes the flag and the word behind it out.
    fn take_with_value(&mut self, flag: &str) -> Result<Option<String>, String> {
        let own = self.separator();
        let Some(index) = self.0[..own].iter().position(|word| word == flag) else { return Ok(None) };
        if index + 1 >= own {
            return Err(format!("`{flag}` needs a value"));
        }
        self.0.remove(index);
        Ok(Some(self.0.remove(index)))
    }

    fn next(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    fn next_plain(&mut self) -> Option<String> {
        self.0.first().is_some_and(|word| !word.starts_with('-')).then(|| self.0.remove(0))
    }

    fn after_separator(&mut self) -> Vec<String> {
        let own = self.separator();
        let command = self.0.split_off(own);
        command.into_iter().skip(1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn no_command_prints_the_manual() {
        assert_eq!(parsed(""), Ok(Task::Help));
    }

    #[test]
    fn flags_stand_anywhere_before_the_separator() {
        let wanted = Task::Demo { arguments: vec!["--once".to_owned()], consent: Consent::Given };
        assert_eq!(parsed("demo --yes --once"), Ok(wanted));
        let wanted = Task::Prepare { mode: Mode::Check, consent: Consent::Given };
        assert_eq!(parsed("--yes prepare --check"), Ok(wanted));
    }

    #[test]
    fn what_follows_the_separator_belongs_to_the_command() {
        let Ok(Task::WithServers { command, .. }) = parsed("with-servers -- psql --yes -- x") else {
            panic!("not a with-servers task");
        };
        assert_eq!(command, ["psql", "--yes", "--", "x"]);
    }

    #[test]
    fn benches_are_named_and_may_be_written_to_a_file() {
        let request = Request {
            names: vec!["ingest".to_owned(), "memory".to_owned()],
            is_smoke: true,
            json: Some("figures.json".to_owned()),
        };
        let Ok(Task::Bench { request: found, .. }) =
            parsed("bench --json figures.json ingest --smoke memory")
        else {
            panic!("not a bench");
        };
        assert_eq!(found, request);
        assert!(parsed("bench --json").is_err());
    }

    #[test]
    fn chaos_takes_numbers_alone() {
        let Ok(Task::Chaos { arguments, .. }) = parsed("chaos --seed 7 --minutes 30") else {
            panic!("not chaos");
        };
        assert_eq!(arguments, ["--minutes", "30", "--seed", "7"]);
        assert!(parsed("chaos --seed seven").is_err());
    }

    #[test]
    fn unknown_words_are_refused_by_name() {
        assert_eq!(parsed("tset"), Err("unknown command `tset`".to_owned()));
        assert_eq!(parsed("check --fast"), Err("`check` does not know `--fast`".to_owned()));
        assert!(parsed("with-servers psql").is_err());
    }
}
