//! Private PostgreSQL and RabbitMQ for one command.
//!
//! They belong to a separate process, the host (`host.rs`), which lives exactly as long as our end of its
//! input: however this program ends, killed outright included, the host sees the end of its input, stops the
//! servers and removes their folder. Servers given by `DEMO_DATABASE_URL` and `DEMO_AMQP_URL` are taken as
//! they are.

mod database;
pub mod host;

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

pub use database::create_migrated;
pub use private_servers::find;

const DATABASE_URL: &str = "DEMO_DATABASE_URL";
const AMQP_URL: &str = "DEMO_AMQP_URL";
/// The host gives up by itself earlier and explains why; this only bounds a host that hangs.
const START_LIMIT: Duration = Duration::from_mins(3);
/// How long the host may take to stop its servers before we go on without it.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// Which servers a command needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    pub postgres: bool,
    pub rabbitmq: bool,
    /// PostgreSQL commits to the disk, as in production. Tests do without.
    pub is_durable: bool,
}

impl Wanted {
    pub const BOTH: Self = Self { postgres: true, rabbitmq: true, is_durable: false };
    pub const POSTGRES: Self = Self { postgres: true, rabbitmq: false, is_durable: false };
    /// For measurements.
    pub const DURABLE: Self = Self { is_durable: true, ..Self::BOTH };

    /// Without those that the environment names.
    pub fn not_given(self) -> Self {
        self.without(|name| given(name).is_some())
    }

    fn without(self, is_given: impl Fn(&str) -> bool) -> Self {
        Self {
            postgres: self.postgres && !is_given(DATABASE_URL),
            rabbitmq: self.rabbitmq && !is_given(AMQP_URL),
            ..self
        }
    }
}

/// Where the servers answer; empty for one that was not wanted.
pub struct Urls {
    pub database: String,
    pub amqp: String,
}

impl Urls {
    /// A private server's address from the host's answer, or else the one that the environment gives.
    fn of(answer: &Value, given: impl Fn(&str) -> Option<String>) -> Self {
        let url = |key: &str, name: &str| {
            let private = answer[key].as_str().map(str::to_owned);
            private.or_else(|| given(name)).unwrap_or_default()
        };
        Self { database: url("database_url", DATABASE_URL), amqp: url("amqp_url", AMQP_URL) }
    }

    /// Tells `command` where the servers are.
    pub fn hand_to(&self, command: &mut Command) {
        command.env("DATABASE_URL", &self.database).env("AMQP_URL", &self.amqp);
    }
}

/// Servers on their way up.
pub struct Starting {
    host: Option<Host>,
}

/// Servers that answer. Dropping them stops those that are ours.
pub struct Servers {
    pub urls: Urls,
    _host: Option<Host>,
}

/// Starts the wanted servers in the background and returns at once.
pub fn start(wanted: Wanted) -> Result<Starting> {
    let private = wanted.not_given();
    let host = (private.postgres || private.rabbitmq).then(|| Host::spawn(private)).transpose()?;
    Ok(Starting { host })
}

impl Starting {
    /// Waits until the servers answer.
    pub async fn ready(mut self) -> Result<Servers> {
        let answer = match &mut self.host {
            Some(host) => host.answer().await?,
            None => Value::Null,
        };
        if let Some(seconds) = answer["seconds"].as_f64() {
            eprintln!("Private servers are up; they took {seconds:.1} s.");
        }
        Ok(Servers { urls: Urls::of(&answer, given), _host: self.host })
    }
}

fn given(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The process that owns the servers.
struct Host {
    child: Child,
    /// Taken on drop: its end tells the host to stop.
    lifeline: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Host {
    fn spawn(wanted: Wanted) -> Result<Self> {
        let program = std::env::current_exe().context("finding this program")?;
        let mut command = Command::new(program);
        command.arg("host-servers").stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C on the terminal is for us: the host stops after the programs that use its servers.
        command.process_group(0);
        if wanted.postgres {
            command.arg("--postgres");
        }
        if wanted.rabbitmq {
            command.arg("--rabbitmq");
        }
        if wanted.is_durable {
            command.arg("--durable");
        }
        let mut child = command.spawn().context("starting the host of the private servers")?;
        let lifeline = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("the host's output was just piped")?);
        Ok(Self { child, lifeline, answers })
    }

    /// The line that the host writes when its servers answer.
    async fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        let read = tokio::time::timeout(START_LIMIT, self.answers.read_line(&mut line));
        let bytes = read.await.context("the private servers did not start in time")?;
        if bytes.context("reading from the host of the private servers")? == 0 {
            bail!("the private servers did not start; the reason stands above");
        }
        serde_json::from_str(&line).context("reading the addresses of the private servers")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let deadline = Instant::now() + STOP_LIMIT;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                eprintln!("the private servers are still stopping; going on without waiting");
                return;
            }
            // Drop cannot await, and the standard library has no wait with a limit.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_that_the_environment_gives_is_not_started() {
        let left = Wanted::BOTH.without(|name| name == "DEMO_DATABASE_URL");
        assert_eq!(left, Wanted { postgres: false, ..Wanted::BOTH });
        let left = Wanted::BOTH.without(|name| name == "DEMO_AMQP_URL");
        assert_eq!(left, Wanted { rabbitmq: false, ..Wanted::BOTH });
    }

    #[test]
    fn a_given_server_is_used_where_none_is_private() {
        let given = |name: &str| (name == "DEMO_DATABASE_URL").then(|| "postgres://mine".to_owned());
        let urls = Urls::of(&json!({"amqp_url": "amqp://private"}), given);
        assert_eq!((urls.database.as_str(), urls.amqp.as_str()), ("postgres://mine", "amqp://private"));
    }
}
