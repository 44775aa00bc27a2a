//! The place of one replica: a process that is killed, stopped, frozen and started again, and watched for ends that
//! nobody asked for, as `restart: unless-stopped` of compose would.

use std::sync::Mutex as Held;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::process::{Process, Service};

/// A replica that does not answer within it counts as away.
const PROBE: Duration = Duration::from_secs(2);
/// How long a fault waits for the one before it.
const TURN: Duration = Duration::from_secs(8);

pub struct Slot {
    pub name: String,
    pub service: Service,
    /// Locked for as long as a fault has it.
    process: Mutex<Option<Process>>,
    http: reqwest::Client,
    own_ends: Held<Vec<String>>,
}

/// Whether a fault found the replica in a state in which it could be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    Done,
    /// It was broken already.
    Missed,
}

impl Slot {
    pub fn new(name: String, service: Service) -> Result<Self> {
        let http = reqwest::Client::builder().timeout(PROBE).no_proxy().pool_max_idle_per_host(0).build()?;
        Ok(Self { name, service, process: Mutex::default(), http, own_ends: Held::default() })
    }

    /// Starts it and waits for nothing.
    ///
    /// # Errors
    ///
    /// If the binary is missing.
    pub async fn start(&self) -> Result<()> {
        let mut process = self.process.lock().await;
        if process.is_none() {
            *process = Some(self.service.spawn()?);
        }
        Ok(())
    }

    /// `kill -9`, and a new start after `down`.
    ///
    /// # Errors
    ///
    /// If it cannot be started again.
    pub async fn kill(&self, down: Duration) -> Result<Met> {
        let Ok(mut held) = tokio::time::timeout(TURN, self.process.lock()).await else {
            return Ok(Met::Missed);
        };
        let Some(process) = held.take() else { return Ok(Met::Missed) };
        process.kill().await?;
        sleep(down).await;
        *held = Some(self.service.spawn()?);
        Ok(Met::Done)
    }

    /// SIGTERM, and a new start after `down`.
    ///
    /// # Errors
    ///
    /// If it does not end well within ten seconds, or cannot be started again.
    pub async fn stop(&self, down: Duration) -> Result<Met> {
        let Ok(mut held) = tokio::time::timeout(TURN, self.process.lock()).await else {
            return Ok(Met::Missed);
        };
        let Some(mut process) = held.take() else { return Ok(Met::Missed) };
        if process.ended()?.is_none() {
            // One that was started a moment ago does not listen to signals yet, and ends of it.
            let is_up = self.answers().await;
            let status = process.stop().await.with_context(|| format!("stopping {}", self.name))?;
            let is_well = status.success() || !is_up;
            anyhow::ensure!(is_well, "{} ended with {status} when it was stopped", self.name);
        }
        sleep(down).await;
        *held = Some(self.service.spawn()?);
        Ok(Met::Done)
    }

    /// SIGSTOP, and SIGCONT after `time`.
    ///
    /// # Errors
    ///
    /// If the process is gone.
    pub async fn freeze(&self, time: Duration) -> Result<Met> {
        let Ok(mut held) = tokio::time::timeout(TURN, self.process.lock()).await else {
            return Ok(Met::Missed);
        };
        let Some(process) = held.as_mut() else { return Ok(Met::Missed) };
        if process.ended()?.is_some() {
            return Ok(Met::Missed);
        }
        process.signal(Signal::SIGSTOP)?;
        sleep(time).await;
        process.signal(Signal::SIGCONT)?;
        Ok(Met::Done)
    }

    /// Ends it for good, as a container is stopped.
    ///
    /// # Errors
    ///
    /// If it does not end well within ten seconds.
    pub async fn end(&self) -> Result<()> {
        let Some(process) = self.process.lock().await.take() else { return Ok(()) };
        let status = process.stop().await.with_context(|| format!("stopping {}", self.name))?;
        anyhow::ensure!(status.success(), "{} ended with {status}", self.name);
        Ok(())
    }

    /// Starts it again where it has ended by itself, and remembers that.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn look_after(&self) -> Result<()> {
        let Ok(mut held) = self.process.try_lock() else { return Ok(()) };
        let Some(process) = held.as_mut() else { return Ok(()) };
        if let Some(status) = process.ended()? {
            let end = format!("{} ended by itself with {status}; {}", self.name, self.service.end_of_log());
            self.own_ends.lock().expect("nothing panics while it holds the list").push(end);
            *held = Some(self.service.spawn()?);
        }
        Ok(())
    }

    /// The ends that nobody asked for.
    pub fn own_ends(&self) -> Vec<String> {
        self.own_ends.lock().expect("nothing panics while it holds the list").clone()
    }

    async fn answers(&self) -> bool {
        self.http.get(format!("http://127.0.0.1:{}/health", self.service.port)).send().await.is_ok()
    }

    /// What it says of itself, if it is ready.
    pub async fn ready(&self) -> Option<Value> {
        let answer =
            self.http.get(format!("http://127.0.0.1:{}/ready", self.service.port)).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        answer.json().await.ok()
    }
}
