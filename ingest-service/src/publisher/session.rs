//! One connection's worth of publishing: opens the channels, replaces what is retired, ends on any fault.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use shared::broker::{BrokerError, BrokerState};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::group::{self, Parcel, Unusable};

/// Few, so that under load groups become large, which spares the broker half of its work; more than one, so
/// that a message that comes alone seldom waits for a group that is under way.
const CHANNELS: usize = 8;
/// How many messages may wait for a channel; who sends one more waits for a place.
const QUEUE: usize = 256;
const OPEN_LIMIT: Duration = Duration::from_secs(3);
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// Takes messages through `place` for as long as the session lives, and withdraws it at the end, also where
/// the session is dropped. What was taken before `shutdown` is still published.
pub async fn run(
    connection: &Connection,
    state: watch::Receiver<BrokerState>,
    place: &watch::Sender<Option<mpsc::Sender<Parcel>>>,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let (send, queue) = mpsc::channel(QUEUE);
    let queue = Mutex::new(queue);
    let mut channels = FuturesUnordered::new();
    for _ in 0..CHANNELS {
        channels.push(carry(connection, open(connection).await?, &queue, state.clone()));
    }
    place.send_replace(Some(send));
    let withdraw = Withdraw(place);
    tokio::select! {
        () = shutdown.cancelled() => {}
        ended = channels.next() => return ended.unwrap_or(Ok(())).and(Err(BrokerError::Lost)),
    }
    drop(withdraw);
    let ending = async { while channels.next().await.is_some() {} };
    if timeout(CLOSE_LIMIT, ending).await.is_err() {
        tracing::debug!("The broker did not close every channel in time");
    }
    Ok(())
}

/// Carries one group after the other until nobody can send any more. Channels that are merely dropped would
/// still be closing when the connection says goodbye, which the library takes for an error.
async fn carry(
    connection: &Connection,
    mut channel: Channel,
    queue: &Mutex<mpsc::Receiver<Parcel>>,
    mut state: watch::Receiver<BrokerState>,
) -> Result<(), BrokerError> {
    loop {
        let group = group::next(queue).await;
        if group.is_empty() {
            return channel.close(200, "bye".into()).await.map_err(BrokerError::refused("close a channel"));
        }
        match group::deliver(&channel, group).await {
            Ok(()) => {}
            Err(Unusable::Unresolved) => channel = replace(connection, channel, &mut state).await?,
            Err(Unusable::Broken(error)) => {
                return Err(BrokerError::Refused { call: "publish", source: error.as_ref().clone() });
            }
        }
    }
}

/// While the broker is blocked it reads nothing, so a new channel would not open: waits until it does.
async fn replace(
    connection: &Connection,
    old: Channel,
    state: &mut watch::Receiver<BrokerState>,
) -> Result<Channel, BrokerError> {
    state.wait_for(|state| *state != BrokerState::Blocked).await.map_err(|_| BrokerError::Lost)?;
    tracing::warn!(channel = old.id(), "Replacing a channel whose message was not confirmed in time");
    // It is given up whatever the answer is.
    let _ = timeout(CLOSE_LIMIT, old.close(200, "unconfirmed".into())).await;
    open(connection).await
}

async fn open(connection: &Connection) -> Result<Channel, BrokerError> {
    let opened = async {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(channel)
    };
    timeout(OPEN_LIMIT, opened)
        .await
        .map_err(|_| BrokerError::Silent(OPEN_LIMIT, "open a channel"))?
        .map_err(BrokerError::refused("open a channel"))
}

struct Withdraw<'a>(&'a watch::Sender<Option<mpsc::Sender<Parcel>>>);

impl Drop for Withdraw<'_> {
    fn drop(&mut self) {
        self.0.send_replace(None);
    }
}
