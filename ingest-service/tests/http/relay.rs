//! A wire to the broker that a test can cut and freeze.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream, lookup_host};
use tokio::sync::watch;
use tokio::task::JoinSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    Whole,
    /// Connections stay, and nothing comes through.
    Frozen,
    /// Connections end, and new ones end at once.
    Cut,
}

pub struct Relay {
    /// The broker's address with the relay in place of the host.
    pub url: String,
    wire: Arc<Mutex<watch::Sender<Wire>>>,
    /// The wires of peers that are gone without a word.
    forgotten: Mutex<Vec<watch::Sender<Wire>>>,
    words: watch::Sender<Vec<u8>>,
    heard: watch::Sender<Vec<u8>>,
    _tasks: JoinSet<()>,
}

impl Relay {
    pub async fn to(amqp_url: &str) -> Self {
        let uri: lapin::uri::AMQPUri = amqp_url.parse().unwrap();
        let authority = &uri.authority;
        let target = lookup_host((authority.host.as_str(), authority.port)).await.unwrap().next().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let user = &authority.userinfo;
        let vhost = uri.vhost.replace('/', "%2f");
        let url = format!("amqp://{}:{}@127.0.0.1:{port}/{vhost}", user.username, user.password);
        let wire = Arc::new(Mutex::new(watch::Sender::new(Wire::Whole)));
        let words = watch::Sender::default();
        let heard = watch::Sender::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, target, wire.clone(), words.clone(), heard.clone()));
        Self { url, wire, forgotten: Mutex::default(), words, heard, _tasks: tasks }
    }

    pub fn set(&self, wire: Wire) {
        self.wire.lock().unwrap().send_replace(wire);
    }

    /// As after a host lost its power: the connections of this moment stay and say nothing for ever, new ones work.
    pub fn leave_half_open(&self) {
        let old = std::mem::replace(&mut *self.wire.lock().unwrap(), watch::Sender::new(Wire::Whole));
        old.send_replace(Wire::Frozen);
        self.forgotten.lock().unwrap().push(old);
    }

    /// Says what a broker says that has no memory or disk left. Nothing else must be on the wire.
    pub fn say_blocked(&self) {
        self.words.send_replace(frame(60, Some("low on memory")));
    }

    /// Whether the last thing that came from the client is its goodbye.
    pub fn has_heard_goodbye(&self) -> bool {
        self.heard.borrow().windows(GOODBYE.len()).any(|part| part == GOODBYE)
    }

    pub fn say_unblocked(&self) {
        self.words.send_replace(frame(61, None));
    }
}

/// `connection.close`, as it begins.
const GOODBYE: [u8; 4] = [0, 10, 0, 50];

/// A frame of the protocol: one method without arguments, or with a text, of the class `connection`.
fn frame(method: u8, text: Option<&str>) -> Vec<u8> {
    let mut payload = vec![0, 10, 0, method];
    if let Some(text) = text {
        payload.push(u8::try_from(text.len()).unwrap());
        payload.extend(text.bytes());
    }
    let mut frame = vec![1, 0, 0, 0, 0, 0, u8::try_from(payload.len()).unwrap()];
    frame.extend(payload);
    frame.push(0xCE);
    frame
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    wire: Arc<Mutex<watch::Sender<Wire>>>,
    words: watch::Sender<Vec<u8>>,
    heard: watch::Sender<Vec<u8>>,
) {
    let mut connections = JoinSet::new();
    loop {
        let (near, _) = listener.accept().await.unwrap();
        let wire = wire.lock().unwrap().subscribe();
        if *wire.borrow() == Wire::Cut {
            continue;
        }
        let far = TcpStream::connect(target).await.unwrap();
        let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
        connections.spawn(pump(near_in, far_out, wire.clone(), watch::channel(Vec::new()).1, heard.clone()));
        connections.spawn(pump(far_in, near_out, wire, words.subscribe(), watch::Sender::default()));
    }
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut wire: watch::Receiver<Wire>,
    mut words: watch::Receiver<Vec<u8>>,
    heard: watch::Sender<Vec<u8>>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            _ = wire.wait_for(|wire| *wire == Wire::Cut) => return,
            Ok(()) = words.changed() => None,
            read = from.read(&mut buffer) => Some(read),
        };
        let Some(read) = read else {
            let words = words.borrow_and_update().clone();
            to.write_all(&words).await.unwrap();
            continue;
        };
        let Ok(length @ 1..) = read else { return };
        heard.send_replace(buffer[..length].to_vec());
        let thawed = wire.wait_for(|wire| *wire != Wire::Frozen).await.map(|wire| *wire);
        if thawed.ok() != Some(Wire::Whole) || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// A port at which nobody listens.
pub async fn dead_url() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    format!("amqp://127.0.0.1:{}/%2f", listener.local_addr().unwrap().port())
}
