//! A name server that knows one name, as Docker's knows a scaled service: with the address of every replica.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::task::JoinSet;

const ADDRESS: u16 = 1;
const HEADER: usize = 12;

/// Answers until it is dropped.
pub struct NameServer {
    pub address: SocketAddr,
    replicas: watch::Sender<Vec<Ipv4Addr>>,
    _serving: JoinSet<()>,
}

impl NameServer {
    pub async fn start(name: &'static str, replicas: Vec<Ipv4Addr>) -> Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = socket.local_addr()?;
        let replicas = watch::Sender::new(replicas);
        let known = replicas.subscribe();
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query).await {
                let known = known.borrow().clone();
                if let Some(answer) = answer(&query[..length], name, &known) {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Ok(Self { address, replicas, _serving: serving })
    }

    /// As Docker does once a container is gone.
    pub fn forget(&self, replica: Ipv4Addr) {
        self.replicas.send_modify(|replicas| replicas.retain(|known| *known != replica));
    }
}

/// The question again, and after it one record for each replica.
fn answer(query: &[u8], name: &str, replicas: &[Ipv4Addr]) -> Option<Vec<u8>> {
    let (asked, end) = question(query)?;
    let kind = u16::from_be_bytes([*query.get(end)?, *query.get(end + 1)?]);
    let question = query.get(HEADER..end + 4)?;
    let is_ours = asked == name;
    let records = if is_ours && kind == ADDRESS { replicas } else { &[] };
    let no_such_name = if is_ours { 0 } else { 3 };
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
