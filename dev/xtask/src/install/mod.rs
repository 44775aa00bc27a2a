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
    let missing_here = format!("Not on this machine: {}.", list(&packages));
    let Way::Install { is_root, is_asked } = Machine::this().way(consent) else {
        bail!("{missing_here}\n\n{}", by_hand(&packages));
    };
    println!("{missing_here} To be installed with apt-get, without starting services.");
    if is_asked && !agreed()? {
        bail!("nothing was installed\n\n{}", by_hand(&packages));
    }
    let mut command = installer(is_root, consent);
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

/// What decides how packages can get onto a machine.
#[derive(Clone, Copy, Debug)]
struct Machine {
    /// Debian, or something made of it.
    has_apt: bool,
    rights: Rights,
    /// Somebody is there to be asked.
    has_terminal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Rights {
    Root,
    Sudo,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Install { is_root: bool, is_asked: bool },
    ByHand,
}

impl Machine {
    fn this() -> Self {
        Self {
            has_apt: Path::new("/etc/debian_version").exists() && find::has("apt-get"),
            rights: match (geteuid().is_root(), find::has("sudo")) {
                (true, _) => Rights::Root,
                (false, true) => Rights::Sudo,
                (false, false) => Rights::None,
            },
            has_terminal: std::io::stdin().is_terminal(),
        }
    }

    fn way(self, consent: Consent) -> Way {
        let is_asked = consent == Consent::Ask;
        if self.has_apt && self.rights != Rights::None && (self.has_terminal || !is_asked) {
            Way::Install { is_root: self.rights == Rights::Root, is_asked }
        } else {
            Way::ByHand
        }
    }
}

/// The command that installs the packages appended to it.
fn installer(is_root: bool, consent: Consent) -> Command {
    let mut command = Command::new(if is_root { "sh" } else { "sudo" });
    if !is_root {
        if consent == Consent::Given {
            command.arg("--non-interactive");
        }
        command.arg("sh");
    }
    command.args(["-c", SCRIPT, "packages.sh"]);
    command
}

fn agreed() -> Result<bool> {
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
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_ci_consents_by_itself() {
        assert_eq!(Consent::from_ci(Some("true")), Consent::Given);
        assert_eq!([None, Some(""), Some("false")].map(Consent::from_ci), [Consent::Ask; 3]);
    }

    #[test]
    fn packages_are_installed_only_where_that_is_possible_and_after_asking_who_is_there() {
        let server = Machine { has_apt: true, rights: Rights::Root, has_terminal: false };
        let desk = Machine { has_apt: true, rights: Rights::Sudo, has_terminal: true };
        let ways = |machine: Machine| [machine.way(Consent::Given), machine.way(Consent::Ask)];
        let install = |is_root, is_asked| Way::Install { is_root, is_asked };
        assert_eq!(ways(server), [install(true, false), Way::ByHand]);
        assert_eq!(ways(desk), [install(false, false), install(false, true)]);
        assert_eq!(ways(Machine { rights: Rights::None, ..desk }), [Way::ByHand; 2]);
        assert_eq!(ways(Machine { has_apt: false, ..server }), [Way::ByHand; 2]);
    }

    #[test]
    fn no_package_can_start_a_service_while_it_is_installed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let fake = "#!/bin/sh\n\"$POLICY_RC_D\"; echo \"$1 of $# said $?\"\n";
        std::fs::write(at("apt-get"), fake).unwrap();
        std::fs::write(at("policy"), "#!/bin/sh\nexit 7\n").unwrap();
        std::fs::set_permissions(at("apt-get"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let output = std::process::Command::new("sh")
            .args(["-c", SCRIPT, "packages.sh", "one", "two"])
            .env("PATH", path)
            .env("POLICY_RC_D", at("policy"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(said, "update of 1 said 101\ninstall of 5 said 101\n");
        let left = std::fs::read_to_string(at("policy")).unwrap();
        assert_eq!(left, "#!/bin/sh\nexit 7\n", "what was there before is back");
    }

    #[test]
    fn the_manual_way_names_only_what_is_missing() {
        let text = by_hand(&["rabbitmq-server"]);
        assert!(text.contains("rabbitmq:4.2") && text.contains("DEMO_AMQP_URL"));
        assert!(!text.contains("postgres"));
    }
}
