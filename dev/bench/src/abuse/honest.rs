//! A webhook at even intervals, each over a connection of its own: who is new must find a place, too.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hyper::body::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::load::Target;
use crate::stats::Samples;

/// As the busiest accounts of AmoCRM send them.
const EACH: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);

/// How long each took, from the first packet of its connection. None waits for the one before.
///
/// # Errors
///
/// If one is not answered with 200.
pub async fn post(target: &Target, bodies: &Arc<[Bytes]>, during: Duration) -> Result<Samples> {
    let mut posting = JoinSet::new();
    let mut ticks = interval(EACH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let started = Instant::now();
    for number in 0.. {
        ticks.tick().await;
        if started.elapsed() >= during {
            break;
        }
        posting.spawn(one(target.clone(), bodies[number % bodies.len()].clone()));
    }
    let mut took = Vec::new();
    while let Some(posted) = posting.join_next().await {
        took.push(posted??);
    }
    Ok(Samples::new(took))
}

async fn one(target: Target, body: Bytes) -> Result<Duration> {
    let began = Instant::now();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        target.path,
        body.len()
    );
    let talk = async {
        let mut stream = TcpStream::connect(target.address).await?;
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&body).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        anyhow::Ok(answer)
    };
    let answer = timeout(PATIENCE, talk).await.context("it was not answered in time")??;
    let answer = String::from_utf8_lossy(&answer);
    ensure!(answer.starts_with("HTTP/1.1 200"), "it was answered with {answer}");
    Ok(began.elapsed())
}
