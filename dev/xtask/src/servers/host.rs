//! The process that owns the private servers: starts them, says where they are, holds them until the end of
//! its input, stops them.

use std::os::fd::AsFd;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use private_servers::{Folder, Postgres, RabbitMq};
use serde_json::json;
use tokio::io::{copy, sink};
use tokio::net::unix::pipe;

use crate::servers::Wanted;

/// Runs until the input ends, also when that happens during the start.
pub async fn run(wanted: Wanted) -> Result<ExitCode> {
    tokio::select! {
        failed = hold(wanted) => failed,
        ended = input_ended() => ended.map(|()| ExitCode::SUCCESS),
    }
}

async fn hold(wanted: Wanted) -> Result<ExitCode> {
    let since = Instant::now();
    let folder = Folder::create()?;
    let (postgres, rabbitmq) = tokio::try_join!(
        async {
            if wanted.postgres {
                Postgres::start(&folder, wanted.is_durable).await.map(Some)
            } else {
                Ok(None)
            }
        },
        async { if wanted.rabbitmq { RabbitMq::start(&folder).await.map(Some) } else { Ok(None) } },
    )?;
    let answer = json!({
        "seconds": since.elapsed().as_secs_f32(),
        "database_url": postgres.as_ref().map(|server| &server.url),
        "amqp_url": rabbitmq.as_ref().map(|server| &server.url),
    });
    println!("{answer}");
    std::future::pending().await
}

async fn input_ended() -> Result<()> {
    let input = std::io::stdin().as_fd().try_clone_to_owned().context("copying the input's descriptor")?;
    let mut input = pipe::Receiver::from_owned_fd(input).context("the host's input must be a pipe")?;
    copy(&mut input, &mut sink()).await.context("waiting for the end of the input")?;
    Ok(())
}
