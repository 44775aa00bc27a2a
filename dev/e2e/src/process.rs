//! One of the services as a process: started with its settings, watched, stopped or killed.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::wait;

/// What to start, and with what.
#[derive(Debug, Clone)]
pub struct Service {
    pub binary: PathBuf,
    pub settings: BTreeMap<&'static str, String>,
    /// Where it listens, for `/ready`.
    pub port: u16,
    pub log: PathBuf,
}

/// A running one. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    service: Service,
}

impl Service {
    /// Starts the process and waits until it says that it is ready.
    ///
    /// # Errors
    ///
    /// If it ends instead, or is not ready in time; the end of its log is in the error.
    pub async fn start(&self) -> Result<Process> {
        let mut process = self.spawn()?;
        let ready = format!("http://127.0.0.1:{}/ready", self.port);
        let name = self.binary.display().to_string();
        let what = format!("{name} to be ready");
        let started = wait::until(&what, wait::LIMIT, async || {
            if let Ok(Some(status)) = process.child.try_wait() {
                return Some(Err(anyhow!("{name} ended with {status}")));
            }
            let answer = reqwest::get(&ready).await.ok()?;
            answer.status().is_success().then_some(Ok(()))
        });
        started.await.and_then(|outcome| outcome).with_context(|| self.end_of_log())?;
        Ok(process)
    }

    /// Starts the process and waits for nothing. Its environment holds our settings alone.
    ///
    /// # Errors
    ///
    /// If the binary or the log cannot be opened.
    pub fn spawn(&self) -> Result<Process> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let folder = self.log.parent().context("a log is in a folder")?;
        let child = Command::new(&self.binary)
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (*name, value)))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", self.binary.display()))?;
        Ok(Process { child, service: self.clone() })
    }

    /// The last lines of the log, for an error.
    pub fn end_of_log(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        let last = lines.len().saturating_sub(30);
        format!("the end of {}:\n{}", self.log.display(), lines[last..].join("\n"))
    }
}

impl Process {
    /// SIGTERM, and the time that a container would give it.
    ///
    /// # Errors
    ///
    /// If it does not end within ten seconds.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        self.signal(Signal::SIGTERM)?;
        match timeout(Duration::from_secs(10), self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => bail!("it did not stop within ten seconds; {}", self.service.end_of_log()),
        }
    }

    /// `kill -9`, and waits for the end.
    ///
    /// # Errors
    ///
    /// If the process cannot be waited for.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// How it ended, or none while it runs.
    ///
    /// # Errors
    ///
    /// If the kernel cannot be asked.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The kernel's number of it; none once it has ended.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// # Errors
    ///
    /// If it is gone already.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let id = self.child.id().context("the process is gone")?;
        kill(Pid::from_raw(i32::try_from(id)?), signal)?;
        Ok(())
    }
}

/// A port that was free a moment ago.
///
/// # Errors
///
/// If none can be had.
pub async fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}

/// Where the services' binaries are: named by the environment, or beside the running program.
///
/// # Errors
///
/// If there is none; the error says how to build them.
pub fn binary(variable: &str, name: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    let running = std::env::current_exe()?;
    let beside =
        running.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.is_file());
    beside.with_context(|| format!("no {name} beside {}: run cargo build --bins", show(&running)))
}

fn show(path: &Path) -> String {
    path.display().to_string()
}
