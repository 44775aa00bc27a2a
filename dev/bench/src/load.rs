//! Posts bodies over connections that stay open, each sending its next as soon as it is answered.
//!
//! On one thread of its own, so that it takes the same from both sides of a comparison, and at most one core.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::{JoinSet, LocalSet, spawn_blocking};
use tokio::time::{Instant, timeout};

use crate::stats::Samples;

const FORM: &str = "application/x-www-form-urlencoded";
/// A post without an answer for so long fails the run.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub path: String,
}

impl Target {
    /// On this machine.
    pub fn local(port: u16, path: impl Into<String>) -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), path: path.into() }
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Length {
    /// Each body once.
    Once,
    /// The bodies again and again; what is answered during the warm-up does not count.
    For { warm_up: Duration, measured: Duration },
}

/// What came of it.
#[derive(Debug)]
pub struct Load {
    /// Of those posts that count.
    pub answers: Samples,
    /// The time in which they were answered.
    pub took: Duration,
}

impl Load {
    /// Answers a second.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 answers")]
    pub fn rate(&self) -> f64 {
        self.answers.len() as f64 / self.took.as_secs_f64()
    }
}

/// Runs the load to its end.
///
/// # Errors
///
/// If any answer is not 200, or does not come.
pub async fn run(target: Target, bodies: Arc<[Bytes]>, connections: usize, length: Length) -> Result<Load> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        LocalSet::new().block_on(&runtime, drive(target, bodies, connections, length))
    };
    spawn_blocking(work).await.context("the load generator broke")?
}

/// What the connections of one run share.
struct Shared {
    target: Target,
    bodies: Arc<[Bytes]>,
    next: Cell<usize>,
    length: Length,
    started: Instant,
}

async fn drive(target: Target, bodies: Arc<[Bytes]>, connections: usize, length: Length) -> Result<Load> {
    ensure!(!bodies.is_empty(), "there is nothing to post");
    let mut senders = Vec::new();
    let mut carriers = JoinSet::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(target.address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        carriers.spawn_local(connection);
        senders.push(sender);
    }
    let shared = Rc::new(Shared { target, bodies, next: Cell::new(0), length, started: Instant::now() });
    let mut posting = JoinSet::new();
    for sender in senders {
        posting.spawn_local(post_all(shared.clone(), sender));
    }
    let mut answers = Vec::new();
    while let Some(posted) = posting.join_next().await {
        answers.extend(posted??);
    }
    let took = match length {
        Length::Once => shared.started.elapsed(),
        Length::For { measured, .. } => measured,
    };
    Ok(Load { answers: Samples::new(answers), took })
}

/// One connection's posts, one after the other. Returns how long each took that counts.
async fn post_all(shared: Rc<Shared>, mut sender: SendRequest<Full<Bytes>>) -> Result<Vec<Duration>> {
    let mut counted = Vec::new();
    while let Some(body) = shared.next_body() {
        let began = Instant::now();
        let status = timeout(PATIENCE, post(&shared.target, &mut sender, body)).await;
        let status = status.context("a post was not answered in time")??;
        ensure!(status == StatusCode::OK, "a post was answered with {status}");
        let ended = Instant::now();
        if shared.counts(ended) {
            counted.push(ended - began);
        }
    }
    Ok(counted)
}

async fn post(target: &Target, sender: &mut SendRequest<Full<Bytes>>, body: Bytes) -> Result<StatusCode> {
    let request = Request::post(&target.path)
        .header(HOST, "127.0.0.1")
        .header(CONTENT_TYPE, FORM)
        .body(Full::new(body))?;
    sender.ready().await?;
    let mut answer = sender.send_request(request).await?;
    while let Some(frame) = answer.frame().await {
        frame?;
    }
    Ok(answer.status())
}

impl Shared {
    fn next_body(&self) -> Option<Bytes> {
        let number = self.next.replace(self.next.get() + 1);
        match self.length {
            Length::Once => self.bodies.get(number).cloned(),
            Length::For { warm_up, measured } => {
                let is_over = self.started.elapsed() >= warm_up + measured;
                (!is_over).then(|| self.bodies[number % self.bodies.len()].clone())
            }
        }
    }

    fn counts(&self, ended: Instant) -> bool {
        match self.length {
            Length::Once => true,
            Length::For { warm_up, measured } => {
                let since = ended - self.started;
                since >= warm_up && since < warm_up + measured
            }
        }
    }
}
