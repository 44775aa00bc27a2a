//! Signals that end a command early.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

/// A signal that asked the command to stop.
pub struct Received {
    /// Its number on this system; a shell reports the exit code `128 + number`.
    pub number: u8,
}

/// Waits for SIGINT, SIGTERM or SIGHUP.
pub async fn received() -> Result<Received> {
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut hangup = signal(SignalKind::hangup()).context("listening for SIGHUP")?;
    let number = tokio::select! {
        _ = interrupt.recv() => 2,
        _ = terminate.recv() => 15,
        _ = hangup.recv() => 1,
    };
    Ok(Received { number })
}
