//! Waiting for a server that has just been started.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::group::Group;

const TAIL_LINES: usize = 25;

/// Asks `answers` until it says yes; fails with the end of `log` when the server ends or the time is over.
pub async fn until_ready<A: Future<Output = bool>>(
    name: &str,
    limit: Duration,
    log: &Path,
    server: &mut Group,
    answers: impl Fn() -> A,
) -> Result<()> {
    let deadline = Instant::now() + limit;
    while !answers().await {
        if let Some(status) = server.ended()? {
            bail!("{name} ended during its start ({status}):\n{}", tail(log));
        }
        if Instant::now() > deadline {
            bail!("{name} does not answer after {} s:\n{}", limit.as_secs(), tail(log));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// The last lines of a log, for an error message.
pub fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_else(|error| error.to_string().into_bytes());
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
