//! A TCP relay to stand between a service and its servers, and to be what a network can be: broken, deaf, or gone
//! in the middle of an answer.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

const AMQP_PORT: u16 = 5672;
const POSTGRES_PORT: u16 = 5432;
const BUFFER: usize = 16 * 1024;
/// Of an answer, before it breaks: less than any answer has.
const BEGINNING: usize = 5;

/// Relays until it is dropped.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    line: watch::Sender<Line>,
    serving: JoinHandle<()>,
}

/// How the network is at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Open,
    /// Every connection breaks at once, and every new one.
    Cut,
    /// Connections stay and may be made, and nothing comes through; once the line is open again, it does.
    Silent,
    /// Requests come through, of each answer only the beginning does.
    BreaksAnswers,
}

impl Relay {
    /// Stands before the server that `url` is an address of. Returns also the address through the relay.
    ///
    /// # Errors
    ///
    /// If `url` names no host, or no port can be had.
    pub async fn before(url: &str) -> Result<(Self, String)> {
        let mut through: Url = url.parse().context("the address of a server")?;
        let host = through.host_str().context("an address has a host")?;
        let usual = if through.scheme().starts_with("amqp") { AMQP_PORT } else { POSTGRES_PORT };
        let relay =
            Self::among(vec![format!("{host}:{}", through.port_or_known_default().unwrap_or(usual))]).await?;
        through.set_host(Some("127.0.0.1"))?;
        through
            .set_port(Some(relay.address.port()))
            .map_err(|()| anyhow::anyhow!("{url} can have no port"))?;
        Ok((relay, through.to_string()))
    }

    /// Stands before several servers, `host:port` each, and hands connections to those that answer, in turn.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub async fn among(servers: Vec<String>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let line = watch::Sender::new(Line::Open);
        let serving = tokio::spawn(serve(listener, servers, line.subscribe()));
        Ok(Self { address, line, serving })
    }

    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// Breaks every connection at once, and from now on every new one.
    pub fn cut(&self) {
        self.set(Line::Cut);
    }

    /// Lets connections through again.
    pub fn heal(&self) {
        self.set(Line::Open);
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

async fn serve(listener: TcpListener, servers: Vec<String>, line: watch::Receiver<Line>) {
    let mut pipes = JoinSet::new();
    let turn = AtomicUsize::new(0);
    while let Ok((client, _)) = listener.accept().await {
        while pipes.try_join_next().is_some() {}
        if *line.borrow() != Line::Cut {
            let first = turn.fetch_add(1, Ordering::Relaxed) % servers.len().max(1);
            let (before, after) = servers.split_at(first);
            let in_turn = [after, before].concat();
            pipes.spawn(pipe(client, in_turn, line.clone()));
        }
    }
}

/// A connection that breaks on either side breaks on the other; nobody is to be told why.
async fn pipe(client: TcpStream, servers: Vec<String>, mut line: watch::Receiver<Line>) {
    let mut cut = line.clone();
    let carry = async {
        line.wait_for(|line| *line != Line::Silent).await.map_err(io::Error::other)?;
        let (mut asks, mut hears) = client.into_split();
        let (mut answers, mut takes) = connect(&servers).await?.into_split();
        let (up, down) = (line.clone(), line);
        tokio::try_join!(
            up_the_line(&mut asks, &mut takes, up),
            down_the_line(&mut answers, &mut hears, down)
        )
    };
    tokio::select! {
        _ = cut.wait_for(|line| *line == Line::Cut) => {}
        _ = carry => {}
    }
}

/// To the first that answers.
async fn connect(servers: &[String]) -> io::Result<TcpStream> {
    let mut failure = io::ErrorKind::NotConnected.into();
    for server in servers {
        match TcpStream::connect(server).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

async fn up_the_line(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = from.read(&mut buffer).await?;
        line.wait_for(|line| *line != Line::Silent).await.map_err(io::Error::other)?;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
    }
}

async fn down_the_line(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = from.read(&mut buffer).await?;
        let line = *line.wait_for(|line| *line != Line::Silent).await.map_err(io::Error::other)?;
        if length == 0 {
            return to.shutdown().await;
        }
        if line == Line::BreaksAnswers {
            to.write_all(&buffer[..length.min(BEGINNING)]).await?;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        to.write_all(&buffer[..length]).await?;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// Says back what it hears, as a server that listens.
    async fn echo() -> Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reader, mut writer) = stream.split();
                    tokio::io::copy(&mut reader, &mut writer).await
                });
            }
        });
        Ok(address)
    }

    async fn says(stream: &mut TcpStream, text: &str) -> io::Result<String> {
        stream.write_all(text.as_bytes()).await?;
        let mut heard = vec![0; text.len()];
        stream.read_exact(&mut heard).await?;
        Ok(String::from_utf8_lossy(&heard).into_owned())
    }

    #[tokio::test]
    async fn a_cut_breaks_connections_and_a_server_that_is_away_is_passed_over() -> Result<()> {
        let away = "127.0.0.1:9".to_owned();
        let relay = Relay::among(vec![away, echo().await?]).await?;
        for _ in 0..2 {
            let mut stream = TcpStream::connect(relay.address()).await?;
            assert_eq!(says(&mut stream, "hello").await?, "hello");
            relay.cut();
            assert!(says(&mut stream, "hello").await.is_err());
            let mut stream = TcpStream::connect(relay.address()).await?;
            assert!(says(&mut stream, "hello").await.is_err());
            relay.heal();
        }
        Ok(())
    }

    #[tokio::test]
    async fn what_was_said_into_silence_arrives_after_it() -> Result<()> {
        let relay = Relay::among(vec![echo().await?]).await?;
        let mut old = TcpStream::connect(relay.address()).await?;
        assert_eq!(says(&mut old, "hello").await?, "hello");
        relay.set(Line::Silent);
        let mut new = TcpStream::connect(relay.address()).await?;
        for stream in [&mut old, &mut new] {
            assert!(timeout(Duration::from_millis(100), says(stream, "there?")).await.is_err());
        }
        relay.heal();
        for stream in [&mut old, &mut new] {
            let mut heard = [0; 6];
            timeout(Duration::from_secs(5), stream.read_exact(&mut heard)).await??;
            assert_eq!(&heard, b"there?");
        }
        Ok(())
    }

    #[tokio::test]
    async fn an_answer_can_break_off() -> Result<()> {
        let relay = Relay::among(vec![echo().await?]).await?;
        let mut stream = TcpStream::connect(relay.address()).await?;
        assert_eq!(says(&mut stream, "hello").await?, "hello");
        relay.set(Line::BreaksAnswers);
        stream.write_all(b"a longer word").await?;
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await?;
        assert_eq!(heard, "a lon");
        Ok(())
    }
}
