//! A child process together with everything it starts, stopped as one when dropped.

use std::io::IsTerminal;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

const POLL: Duration = Duration::from_millis(20);

/// How a group is asked to stop, and how long it may take before it is killed.
#[derive(Clone, Copy)]
pub struct Farewell {
    pub signal: Signal,
    pub patience: Duration,
}

impl Farewell {
    /// For programs that have something to finish: test runners stop their tests, services drain.
    pub const POLITE: Self = Self { signal: Signal::SIGTERM, patience: Duration::from_secs(15) };
    /// For programs whose data is thrown away anyway.
    pub const ABRUPT: Self = Self { signal: Signal::SIGKILL, patience: Duration::from_secs(5) };
}

enum Reach {
    /// The child leads a process group of its own.
    Group,
    /// The child shares our group, so that the terminal talks to it; only the child itself is signalled.
    Child,
}

/// A running child. Dropping it stops it and returns when it is gone.
pub struct Group {
    child: Child,
    pid: Pid,
    reach: Reach,
    farewell: Farewell,
}

impl Group {
    /// Starts `command` in a process group of its own. Its input is empty: a group in the background must not
    /// read the terminal.
    pub fn spawn(command: &mut Command, farewell: Farewell) -> Result<Self> {
        command.process_group(0).stdin(Stdio::null());
        Self::start(command, Reach::Group, farewell)
    }

    /// Starts `command` with our own input. On a terminal it stays in our group, where Ctrl-C reaches it and
    /// where it may read; elsewhere it gets a group of its own.
    pub fn spawn_interactive(command: &mut Command, farewell: Farewell) -> Result<Self> {
        if std::io::stdin().is_terminal() {
            return Self::start(command, Reach::Child, farewell);
        }
        command.process_group(0);
        Self::start(command, Reach::Group, farewell)
    }

    fn start(command: &mut Command, reach: Reach, farewell: Farewell) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("starting {}", command.as_std().get_program().display()))?;
        let id = child.id().context("a child that was just started has an id")?;
        let pid = Pid::from_raw(i32::try_from(id).context("process ids fit 31 bits")?);
        Ok(Self { child, pid, reach, farewell })
    }

    /// Waits until the child itself has ended.
    pub async fn wait(&mut self) -> Result<ExitStatus> {
        self.child.wait().await.context("waiting for a child process")
    }

    /// How the child ended, or `None` while it runs.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().context("asking for a child's state")
    }

    /// `kill -9` for all of it. Returns when it is gone.
    pub fn kill(mut self) {
        self.farewell = Farewell::ABRUPT;
    }

    /// SIGSTOP for all of it, and for children that lead groups of their own, as each process of PostgreSQL does.
    ///
    /// # Errors
    ///
    /// If the child is gone.
    pub fn freeze(&self) -> Result<Frozen> {
        // First: from then on it starts no more of them.
        self.signal(Some(Signal::SIGSTOP)).context("stopping a process")?;
        let mut frozen = Frozen(vec![self.pid]);
        frozen
            .0
            .extend(children(self.pid)?.into_iter().filter(|child| kill(*child, Signal::SIGSTOP).is_ok()));
        Ok(frozen)
    }

    fn signal(&self, signal: Option<Signal>) -> Result<(), Errno> {
        match self.reach {
            Reach::Group => killpg(self.pid, signal),
            Reach::Child => kill(self.pid, signal),
        }
    }

    /// Whether anything is left, after collecting the child if it has ended.
    fn is_alive(&mut self) -> bool {
        let child_runs = matches!(self.child.try_wait(), Ok(None));
        match self.reach {
            Reach::Child => child_runs,
            Reach::Group => self.signal(None) != Err(Errno::ESRCH),
        }
    }

    fn stop_with(&mut self, farewell: Farewell) -> bool {
        if !self.is_alive() {
            return true;
        }
        if let Err(error) = self.signal(Some(farewell.signal))
            && error != Errno::ESRCH
        {
            eprintln!("process group {}: {} was not delivered: {error}", self.pid, farewell.signal);
        }
        let deadline = Instant::now() + farewell.patience;
        while self.is_alive() {
            if Instant::now() > deadline {
                return false;
            }
            // Drop cannot await, and the standard library has no wait with a limit.
            std::thread::sleep(POLL);
        }
        true
    }
}

/// Processes that stand still until this is dropped.
#[must_use]
pub struct Frozen(Vec<Pid>);

impl Drop for Frozen {
    fn drop(&mut self) {
        for pid in self.0.iter().rev() {
            // One of them may lead a group; whoever is gone needs nothing.
            let _ = killpg(*pid, Signal::SIGCONT).or_else(|_| kill(*pid, Signal::SIGCONT));
        }
    }
}

fn children(of: Pid) -> Result<Vec<Pid>> {
    let listed = std::process::Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output();
    let listed = listed.context("running ps")?.stdout;
    let numbers = |line: &str| -> Option<(i32, i32)> {
        let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
        Some((pid.parse().ok()?, parent.trim().parse().ok()?))
    };
    let all = String::from_utf8_lossy(&listed);
    let of_it = all.lines().filter_map(numbers).filter(|(_, parent)| *parent == of.as_raw());
    Ok(of_it.map(|(pid, _)| Pid::from_raw(pid)).collect())
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.stop_with(self.farewell) && !self.stop_with(Farewell::ABRUPT) {
            eprintln!("process group {} could not be killed", self.pid);
        }
    }
}

#[cfg(test)]
mod tests {
    use nix::unistd::getpgid;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn dropping_a_group_stops_what_its_child_started() {
        let group = Group::spawn(&mut shell("sleep 600 & sleep 600"), Farewell::POLITE).unwrap();
        let pid = group.pid;
        drop(group);
        assert_eq!(killpg(pid, None), Err(Errno::ESRCH));
    }

    #[tokio::test]
    async fn leftovers_of_a_finished_child_are_stopped() {
        let mut group = Group::spawn(&mut shell("sleep 600 & exit 3"), Farewell::POLITE).unwrap();
        let pid = group.pid;
        assert_eq!(group.wait().await.unwrap().code(), Some(3));
        drop(group);
        assert_eq!(killpg(pid, None), Err(Errno::ESRCH));
    }

    /// `T` while a process is stopped.
    async fn becomes(pid: Pid, wanted: char) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            let said =
                Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().await.unwrap();
            if String::from_utf8_lossy(&said.stdout).trim().starts_with(wanted) {
                return true;
            }
        }
        false
    }

    #[tokio::test]
    async fn a_frozen_group_stands_still_with_its_children_and_goes_on() {
        let group = Group::spawn(&mut shell("setsid sleep 600 & wait"), Farewell::POLITE).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let leader = |pids: Vec<Pid>| pids.into_iter().find(|pid| getpgid(Some(*pid)) == Ok(*pid));
        let child = loop {
            if let Some(child) = leader(children(group.pid).unwrap()) {
                break child;
            }
            assert!(Instant::now() < deadline, "no child leads a group of its own");
        };
        let frozen = group.freeze().unwrap();
        assert!(becomes(group.pid, 'T').await && becomes(child, 'T').await);
        drop(frozen);
        assert!(becomes(group.pid, 'S').await && becomes(child, 'S').await);
        kill(child, Signal::SIGKILL).unwrap();
    }

    #[tokio::test]
    async fn a_group_that_ignores_the_signal_is_killed() {
        let farewell = Farewell { signal: Signal::SIGTERM, patience: Duration::from_millis(100) };
        let group = Group::spawn(&mut shell("trap '' TERM; sleep 600; sleep 600"), farewell).unwrap();
        let pid = group.pid;
        drop(group);
        assert_eq!(killpg(pid, None), Err(Errno::ESRCH));
    }
}
