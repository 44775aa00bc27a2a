//! A name server that knows some names, as Docker's knows scaled services: each with the address of every replica.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::task::JoinSet;

const ADDRESS: u16 = 1;
const HEADER: usize = 12;

type Names = BTreeMap<&'static str, Vec<Ipv4Addr>>;

/// Answers until it is dropped.
pub struct NameServer {
    pub address: SocketAddr,
    names: watch::Sender<Names>,
    _serving: JoinSet<()>,
}

impl NameServer {
    /// Serves these names on a port of this machine.
    ///
    /// # Errors
    ///
    /// If there is no port to be had.
    pub async fn start(names: impl IntoIterator<Item = (&'static str, Vec<Ipv4Addr>)>) -> Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = socket.local_addr()?;
        let names = watch::Sender::new(Names::from_iter(names));
        let known = names.subscribe();
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query).await {
                let known = known.borrow().clone();
                if let Some(answer) = answer(&query[..length], &known) {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Ok(Self { address, names, _serving: serving })
    }

    /// A name has these replicas from now on.
    pub fn set(&self, name: &'static str, replicas: Vec<Ipv4Addr>) {
        self.names.send_modify(|names| {
            names.insert(name, replicas);
        });
    }

    /// As Docker does once a container is gone.
    pub fn forget(&self, name: &str, replica: Ipv4Addr) {
        self.names.send_modify(|names| {
            if let Some(replicas) = names.get_mut(name) {
                replicas.retain(|known| *known != replica);
            }
        });
    }
}

/// The question again, and after it one record for each replica.
fn answer(query: &[u8], names: &Names) -> Option<Vec<u8>> {
    let (asked, end) = question(query)?;
    let kind = u16::from_be_bytes([*query.get(end)?, *query.get(end + 1)?]);
    let question = query.get(HEADER..end + 4)?;
    let known = names.get(asked.as_str());
    let records = known.filter(|_| kind == ADDRESS).map_or(&[][..], Vec::as_slice);
    let no_such_name = if known.is_some() { 0 } else { 3 };
    let mut answer = query[..2].to_vec();
    answer.extend([0x81, 0x80 | no_such_name, 0, 1, 0, u8::try_from(records.len()).ok()?, 0, 0, 0, 0]);
    answer.extend(question);
    for replica in records {
        // A pointer to the name in the question, type A, class IN, for one second, four bytes.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        answer.extend(replica.octets());
    }
    Some(answer)
}

/// The name that is asked for, and where it ends.
fn question(query: &[u8]) -> Option<(String, usize)> {
    let (mut labels, mut at) = (Vec::new(), HEADER);
    loop {
        let length = usize::from(*query.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        labels.push(String::from_utf8(query.get(at..at + length)?.to_vec()).ok()?);
        at += length;
    }
}
