//! Is the service alive? Asked over HTTP, as a container's health check: its image has no other program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(3);
/// More than the first line of an answer needs.
const ENOUGH: u64 = 1024;

/// Asks `/health` of the service that listens on `address`; one that listens everywhere is asked here.
///
/// # Errors
///
/// Unless it answers 200 within three seconds.
pub async fn health(address: SocketAddr) -> anyhow::Result<()> {
    let address = nearby(address);
    let answer = timeout(LIMIT, ask(address)).await;
    let answer = answer.with_context(|| format!("no answer from {address} within {LIMIT:?}"))?;
    let answer = answer.with_context(|| format!("asking http://{address}/health"))?;
    let status = answer.lines().next().unwrap_or_default();
    ensure!(status.split(' ').nth(1) == Some("200"), "http://{address}/health answered `{status}`");
    Ok(())
}

async fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let mut connection = TcpStream::connect(address).await?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.take(ENOUGH).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn nearby(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// What is said of a server that answers like this.
    async fn said_of(answer: &'static str) -> Result<(), String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let everywhere = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), listener.local_addr().unwrap().port());
        let serving = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = [0; 256];
            let read = connection.read(&mut request).await.unwrap();
            assert!(request[..read].starts_with(b"GET /health HTTP/1.1\r\n"));
            connection.write_all(answer.as_bytes()).await.unwrap();
        };
        let (said, ()) = tokio::join!(health(everywhere), serving);
        said.map_err(|error| format!("{error:#}"))
    }

    #[tokio::test]
    async fn only_200_is_health() {
        assert_eq!(said_of("HTTP/1.1 200 OK\r\n\r\n{}").await, Ok(()));
        let said = said_of("HTTP/1.1 503 Service Unavailable\r\n\r\n").await.unwrap_err();
        assert!(said.ends_with("/health answered `HTTP/1.1 503 Service Unavailable`"), "{said}");
        assert!(said_of("").await.unwrap_err().ends_with("answered ``"));
    }

    #[tokio::test]
    async fn nobody_there_is_said_with_the_address() {
        let said = format!("{:#}", health("127.0.0.1:1".parse().unwrap()).await.unwrap_err());
        assert!(said.starts_with("asking http://127.0.0.1:1/health: Connection refused"), "{said}");
    }
}
