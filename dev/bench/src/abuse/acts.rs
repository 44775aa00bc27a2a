//! What is done to ingest-service, and how it must answer.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::load::Target;
use crate::plan::Abuses;

const PATIENCE: Duration = Duration::from_secs(10);
/// A body that has no end: more chunks of it than are read.
static ENDLESS: LazyLock<String> =
    LazyLock::new(|| format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(100));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abuse {
    /// Heads of requests, a byte at a time.
    Loris,
    /// Connections that say nothing.
    Idle,
    /// Authentic bodies without an end.
    Endless,
    /// Compressed bodies, which could be bombs.
    Bombs,
    /// Wrong secrets, before a body that never comes.
    Secrets,
}

impl Abuse {
    pub const ALL: [Self; 5] = [Self::Loris, Self::Idle, Self::Endless, Self::Bombs, Self::Secrets];

    pub fn name(self) -> &'static str {
        match self {
            Self::Loris => "loris",
            Self::Idle => "idle",
            Self::Endless => "endless",
            Self::Bombs => "bombs",
            Self::Secrets => "secrets",
        }
    }

    /// Goes on until `over`. Returns how often it was done, or how many connections there were.
    ///
    /// # Errors
    ///
    /// If it is not answered as it should be.
    pub async fn act(self, target: Target, how: Abuses, over: CancellationToken) -> Result<u64> {
        match self {
            Self::Loris => hold(&target, how.loris, b"POST / HTTP/1.1\r\nX-Slow: ", &over).await,
            Self::Idle => hold(&target, how.idle, b"", &over).await,
            Self::Endless => again_and_again(self, target, how.endless_a_second, &over).await,
            Self::Bombs | Self::Secrets => again_and_again(self, target, how.refused_a_second, &over).await,
        }
    }

    async fn once(self, target: &Target) -> Result<()> {
        let path = &target.path;
        let (path, more, body, expected): (_, _, _, &[&str]) = match self {
            Self::Endless => (path.clone(), "Transfer-Encoding: chunked", ENDLESS.as_str(), &["413", "503"]),
            Self::Bombs => (path.clone(), "Content-Encoding: gzip\r\nContent-Length: 1000000", "", &["415"]),
            _ => (format!("{path}-not"), "Content-Length: 1000000", "", &["401"]),
        };
        let mut stream = TcpStream::connect(target.address).await?;
        stream.write_all(format!("POST {path} HTTP/1.1\r\nHost: test\r\n{more}\r\n\r\n").as_bytes()).await?;
        // Who is refused may be cut off while he still writes.
        let _ = stream.write_all(body.as_bytes()).await;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer);
        let is_expected = expected.iter().any(|status| answer == format!("HTTP/1.1 {status}"));
        ensure!(is_expected, "`{}` was answered with {answer}", self.name());
        Ok(())
    }
}

/// As often as that every second, each beside the others, however long one takes.
async fn again_and_again(
    abuse: Abuse,
    target: Target,
    a_second: u32,
    over: &CancellationToken,
) -> Result<u64> {
    let mut ticks = interval(Duration::from_secs(1) / a_second);
    let mut acts = JoinSet::new();
    let mut count = 0;
    while !over.is_cancelled() {
        ticks.tick().await;
        let target = target.clone();
        acts.spawn(async move { timeout(PATIENCE, abuse.once(&target)).await });
        while let Some(done) = acts.try_join_next() {
            done?.context("it was not answered in time")??;
            count += 1;
        }
    }
    while let Some(done) = acts.join_next().await {
        done?.context("it was not answered in time")??;
        count += 1;
    }
    Ok(count)
}

/// Opens connections and keeps them, saying the next byte of `words` ten times a second. Those that are closed are
/// opened anew.
async fn hold(target: &Target, count: usize, words: &[u8], over: &CancellationToken) -> Result<u64> {
    let mut open = Vec::with_capacity(count);
    for _ in 0..count {
        let stream = timeout(PATIENCE, TcpStream::connect(target.address)).await;
        open.push(stream.context("no place for another connection")??);
    }
    let mut said = 0;
    while !over.is_cancelled() {
        sleep(Duration::from_millis(100)).await;
        if words.is_empty() {
            continue;
        }
        let byte = words.get(said).copied().unwrap_or(b'x');
        said += 1;
        for stream in &mut open {
            if stream.write_all(&[byte]).await.is_err() {
                *stream = TcpStream::connect(target.address).await?;
            }
        }
    }
    Ok(u64::try_from(count)?)
}
