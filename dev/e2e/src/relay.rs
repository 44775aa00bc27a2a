//! A TCP relay to stand between a service and a server: it can cut every connection and refuse new ones.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use reqwest::Url;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

const AMQP_PORT: u16 = 5672;

/// Relays until it is dropped.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    is_open: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Relay {
    /// Stands before the server that `url` is an address of. Returns also the address through the relay.
    ///
    /// # Errors
    ///
    /// If `url` names no host, or no port can be had.
    pub async fn before(url: &str) -> Result<(Self, String)> {
        let mut through: Url = url.parse().context("the address of the broker")?;
        let host = through.host_str().context("an address has a host")?;
        let server = format!("{host}:{}", through.port().unwrap_or(AMQP_PORT));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let is_open = watch::Sender::new(true);
        let serving = tokio::spawn(serve(listener, server, is_open.subscribe()));
        through.set_host(Some("127.0.0.1"))?;
        through.set_port(Some(address.port())).map_err(|()| anyhow::anyhow!("{url} can have no port"))?;
        Ok((Self { address, is_open, serving }, through.to_string()))
    }

    /// Breaks every connection at once, and from now on every new one.
    pub fn cut(&self) {
        self.is_open.send_replace(false);
    }

    /// Lets connections through again.
    pub fn heal(&self) {
        self.is_open.send_replace(true);
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, server: String, is_open: watch::Receiver<bool>) {
    let mut pipes = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while pipes.try_join_next().is_some() {}
        if *is_open.borrow() {
            pipes.spawn(pipe(client, server.clone(), is_open.clone()));
        }
    }
}

/// A connection that breaks on either side breaks on the other; nobody is to be told why.
async fn pipe(mut client: TcpStream, server: String, mut is_open: watch::Receiver<bool>) {
    let carry = async {
        let mut server = TcpStream::connect(server).await?;
        copy_bidirectional(&mut client, &mut server).await
    };
    tokio::select! {
        _ = is_open.wait_for(|open| !open) => {}
        _ = carry => {}
    }
}
