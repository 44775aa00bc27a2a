//! A TCP relay between a test and its database: it can cut connections, let them go silent, be away, and lose a commit
//! or the answer to one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// The server has answered a commit by then.
const ANSWERED: Duration = Duration::from_secs(10);

/// What happens to the next commit that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// It does not reach the server.
    Lost,
    /// The server makes it, and nobody hears of that.
    AnswerLost,
}

/// Relays until it is dropped.
pub struct Relay {
    options: PgConnectOptions,
    address: SocketAddr,
    state: watch::Sender<State>,
    next_commit: Arc<Mutex<Option<Commit>>>,
    serving: JoinHandle<()>,
}

/// Connections that were made before a count rose are concerned.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    is_away: bool,
    cuts: u32,
    silences: u32,
    refused: u32,
}

impl Relay {
    /// Stands before the database that this pool leads to.
    pub async fn before(db: &PgPool) -> Self {
        let options = (*db.connect_options()).clone();
        let server = format!("{}:{}", options.get_host(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, next_commit) = (watch::Sender::new(State::default()), Arc::default());
        #[expect(clippy::disallowed_methods, reason = "ends with the relay")]
        let serving = tokio::spawn(serve(listener, server, state.clone(), Arc::clone(&next_commit)));
        Self { options, address, state, next_commit, serving }
    }

    /// The way through the relay.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone().host("127.0.0.1").port(self.address.port())
    }

    /// Ends every connection.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.cuts += 1);
    }

    /// Forwards nothing more on any connection of this moment; new ones are not concerned.
    pub fn silence(&self) {
        self.state.send_modify(|state| state.silences += 1);
    }

    /// Ends every connection, and every new one at once.
    pub fn go_away(&self) {
        self.state.send_modify(|state| {
            state.is_away = true;
            state.cuts += 1;
            state.refused = 0;
        });
    }

    pub fn come_back(&self) {
        self.state.send_modify(|state| state.is_away = false);
    }

    /// Returns when so many connections were refused since it went away.
    pub async fn until_refused(&self, times: u32) {
        self.state.subscribe().wait_for(|state| state.refused >= times).await.unwrap();
    }

    pub fn on_next_commit(&self, commit: Commit) {
        *self.next_commit.lock().unwrap() = Some(commit);
    }

    /// What was to happen to the next commit will not.
    pub fn disarm(&self) {
        self.next_commit.lock().unwrap().take();
    }

    /// Whether the commit that something was to happen to has passed.
    pub fn has_met_the_commit(&self) -> bool {
        self.next_commit.lock().unwrap().is_none()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(
    listener: TcpListener,
    server: String,
    state: watch::Sender<State>,
    next_commit: Arc<Mutex<Option<Commit>>>,
) {
    let mut pipes = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while pipes.try_join_next().is_some() {}
        if state.borrow().is_away {
            state.send_modify(|state| state.refused += 1);
        } else {
            pipes.spawn(pipe(client, server.clone(), state.subscribe(), Arc::clone(&next_commit)));
        }
    }
}

async fn pipe(
    mut client: TcpStream,
    server: String,
    mut state: watch::Receiver<State>,
    next_commit: Arc<Mutex<Option<Commit>>>,
) {
    let born = *state.borrow();
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    let mut cut = state.clone();
    let cut = cut.wait_for(|state| state.cuts > born.cuts);
    let silenced = async { drop(state.wait_for(|state| state.silences > born.silences).await) };
    let carried = async {
        tokio::select! {
            () = carry(&mut client, &mut server, &next_commit) => {}
            () = silenced => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = cut => {}
        () = carried => {}
    }
}

/// Until either side ends, or a commit is met that something is to happen to.
async fn carry(client: &mut TcpStream, server: &mut TcpStream, next_commit: &Mutex<Option<Commit>>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                let is_commit = asked[..count].windows(7).any(|window| window == b"COMMIT\0");
                let commit = if is_commit { next_commit.lock().unwrap().take() } else { None };
                if commit == Some(Commit::Lost) || server.write_all(&asked[..count]).await.is_err() {
                    return;
                }
                if commit == Some(Commit::AnswerLost) {
                    let _ = timeout(ANSWERED, server.read(&mut answered)).await;
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                if client.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}
