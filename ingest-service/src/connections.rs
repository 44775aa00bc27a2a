//! Connections: how many there may be, and how long each may take to say what it wants.
//!
//! Who connects and says nothing, or his request a byte at a time, would else hold his place for ever.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Whoever comes then waits until another one leaves.
    pub connections: usize,
    /// How long the head of a request may take, from the first moment in which it could begin.
    pub head_within: Duration,
}

impl Limits {
    pub const USUAL: Self = Self {
        // One that has said a byte costs some ten kilobytes.
        connections: 16_384,
        // The proxy gives up a connection that rests earlier than that (`deploy/Caddyfile`), so that it never posts
        // into one that we are just closing.
        head_within: Duration::from_secs(30),
    };
}

/// Connections that the system keeps until they are accepted. Whoever finds no place tries again after a second, which
/// is half of a sender's patience; the usual thousand are opened within a moment.
const BACKLOG: u32 = 4096;

/// # Errors
///
/// If the address cannot be had.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `shutdown`. Then accepts nothing more, and returns once every request that was begun is answered.
pub async fn serve(mut listener: TcpListener, router: Router, limits: Limits, shutdown: &CancellationToken) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let tasks = TaskTracker::new();
    let accepting = async {
        while let Ok(place) = places.clone().acquire_owned().await {
            // It tries again where it cannot accept, after a second where files have run out.
            let (stream, _) = Listener::accept(&mut listener).await;
            let carrying = carry(stream, router.clone(), limits.head_within, shutdown.clone());
            tasks.spawn(async move {
                carrying.await;
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = shutdown.cancelled() => {}
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

async fn carry(stream: TcpStream, router: Router, head_within: Duration, shutdown: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "A connection stays with delayed packets");
    }
    // As long as it has said nothing, it costs a socket and no buffers.
    tokio::select! {
        spoke = timeout(head_within, stream.readable()) => if !matches!(spoke, Ok(Ok(()))) { return },
        () = shutdown.cancelled() => return,
    }
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_within);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "A connection broke");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinSet;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    const LIMITS: Limits = Limits { connections: 2, head_within: Duration::from_millis(300) };
    const PATIENCE: Duration = Duration::from_secs(30);

    struct Server {
        address: SocketAddr,
        shutdown: CancellationToken,
        running: JoinSet<()>,
    }

    fn server() -> Server {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let mut running = JoinSet::new();
        let (router, stop) = (Router::new().route("/", get(async || "well")), shutdown.clone());
        running.spawn(async move { serve(listener, router, LIMITS, &stop).await });
        Server { address, shutdown, running }
    }

    async fn connect(server: &Server, words: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(words).await.unwrap();
        stream
    }

    async fn all_until_closed(mut stream: TcpStream) -> String {
        let mut text = Vec::new();
        // What was said in vain may end as a reset.
        let _ = timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("it is closed");
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn who_says_nothing_or_half_of_a_request_is_not_kept() {
        let server = server();
        assert_eq!(all_until_closed(connect(&server, b"").await).await, "");
        let half = all_until_closed(connect(&server, &REQUEST[..20]).await).await;
        assert!(half.is_empty() || half.starts_with("HTTP/1.1 408"), "{half}");
        let whole = all_until_closed(connect(&server, REQUEST).await).await;
        assert!(whole.starts_with("HTTP/1.1 200") && whole.ends_with("well"), "{whole}");
    }

    #[tokio::test]
    async fn who_finds_no_place_gets_that_of_a_silent_one() {
        let server = server();
        let silent = [connect(&server, b"").await, connect(&server, b"GET").await];
        let answer = all_until_closed(connect(&server, REQUEST).await).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        drop(silent);
    }

    #[tokio::test]
    async fn a_stop_waits_for_nobody_who_asks_nothing() {
        let mut server = server();
        let _silent = connect(&server, b"").await;
        server.shutdown.cancel();
        timeout(PATIENCE, server.running.join_next()).await.unwrap().unwrap().unwrap();
        assert!(TcpStream::connect(server.address).await.is_err());
    }
}
