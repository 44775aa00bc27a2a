//! Installing PostgreSQL and RabbitMQ where they are missing, or saying how; and the tools of some tests.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};
use nix::unistd::geteuid;
use tokio::process::Command;

use crate::servers::{Wanted, find};

/// Installs packages without letting them start system services; see the file.
const SCRIPT: &str = include_str!("packages.sh");

/// Whether packages may be installed without asking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Consent {
    Ask,
    Given,
}

impl Consent {
    /// `CI=true` gives it.
    pub fn from_environment() -> Self {
        Self::from_ci(std::env::var("CI").ok().as_deref())
    }

    fn from_ci(value: Option<&str>) -> Self {
        if value == Some("true") { Self::Given } else { Self::Ask }
    }
}

/// The command `install`: both servers, wherever the environment points, and with consent the tools.
pub async fn run(consent: Consent) -> Result<ExitCode> {
    ensure_present(Wanted::BOTH, consent).await?;
    println!("PostgreSQL and RabbitMQ are installed.");
    if consent == Consent::Given {
        ensure_none(missing_tools, consent).await?;
        println!("The tools that try out the deployment and the page are installed.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes sure that the programs of the wanted servers are on the machine.
pub async fn ensure_present(wanted: Wanted, consent: Consent) -> Result<()> {
    ensure_none(|| missing(wanted), consent).await
}

/// Installs what is missing.
async fn ensure_none(missing: impl Fn() -> Vec<&'static str>, consent: Consent) -> Result<()> {
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    let Some(mut command) = installer(consent) else {
        bail!("not on this machine: {}\n\n{}", list(&packages), by_hand(&packages));
    };
    println!(
        "Not on this machine: {}. To be installed with apt-get, without starting services.",
        list(&packages)
    );
    if consent == Consent::Ask && !agreed()? {
        bail!("nothing was installed\n\n{}", by_hand(&packages));
    }
    let status = command.args(&packages).stdin(Stdio::inherit()).status().await.context("running apt-get")?;
    ensure!(status.success(), "apt-get failed ({status})");
    let left = missing();
    ensure!(left.is_empty(), "installed, yet not found: {}", list(&left));
    Ok(())
}

/// The Debian packages of the tools that try out the deployment and the page, as far as they are not there. The tests
/// leave out what they lack, except in CI.
fn missing_tools() -> Vec<&'static str> {
    let tools = [
        ("docker-compose", "docker-compose"),
        ("caddy", "caddy"),
        ("promtool", "prometheus"),
        ("chromium", "chromium"),
        ("chromedriver", "chromium-driver"),
    ];
    tools.into_iter().filter(|(program, _)| !find::has(program)).map(|(_, package)| package).collect()
}

/// The Debian packages of the wanted servers that are not there.
fn missing(wanted: Wanted) -> Vec<&'static str> {
    let postgres = wanted.postgres && find::postgres().is_none();
    let rabbitmq = wanted.rabbitmq && (find::rabbitmq().is_none() || find::epmd().is_none());
    let packages = [(postgres, "postgresql"), (rabbitmq, "rabbitmq-server")];
    packages.into_iter().filter_map(|(absent, package)| absent.then_some(package)).collect()
}

/// The command that installs the packages appended to it; `None` where we cannot.
fn installer(consent: Consent) -> Option<Command> {
    if !Path::new("/etc/debian_version").exists() || !find::has("apt-get") {
        return None;
    }
    let mut command = if geteuid().is_root() {
        Command::new("sh")
    } else if find::has("sudo") {
        let mut command = Command::new("sudo");
        if consent == Consent::Given {
            command.arg("--non-interactive");
        }
        command.arg("sh");
        command
    } else {
        return None;
    };
    command.args(["-c", SCRIPT, "packages.sh"]);
    Some(command)
}

fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Go on? [y/N] ");
    std::io::stdout().flush().context("writing the question")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("reading the answer")?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn list(packages: &[&str]) -> String {
    packages.join(", ")
}

fn by_hand(packages: &[&str]) -> String {
    let mut text = format!(
        "On Debian or Ubuntu (or run this again with --yes):\n  apt-get install --no-install-recommends {}\n\
         Or in containers, with the address of each in the environment:\n",
        packages.join(" ")
    );
    let containers = [
        (
            "postgresql",
            "  docker run -d -p 15432:5432 -e POSTGRES_PASSWORD=demo postgres:17\n  \
             export DEMO_DATABASE_URL=postgres://postgres:demo@127.0.0.1:15432/postgres\n",
        ),
        (
            "rabbitmq-server",
            "  docker run -d -p 15672:5672 rabbitmq:4.2\n  \
             export DEMO_AMQP_URL=amqp://guest:guest@127.0.0.1:15672/%2f\n",
        ),
    ];
    for (package, lines) in containers {
        if packages.contains(&package) {
            text.push_str(lines);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ci_consents_by_itself() {
        assert_eq!(Consent::from_ci(Some("true")), Consent::Given);
        assert_eq!([None, Some(""), Some("false")].map(Consent::from_ci), [Consent::Ask; 3]);
    }

    #[test]
    fn the_manual_way_names_only_what_is_missing() {
        let text = by_hand(&["rabbitmq-server"]);
        assert!(text.contains("rabbitmq:4.2") && text.contains("DEMO_AMQP_URL"));
        assert!(!text.contains("postgres"));
    }
}
