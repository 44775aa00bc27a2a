//! One connection's worth of publishing: opens the channel, replaces it when it is retired, ends on any fault.

use std::pin::pin;
use std::time::Duration;

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use shared::broker::{BrokerError, BrokerState};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::lane::{self, Parcel, Unusable};

/// How many messages may wait for the channel; who sends one more waits for a place.
const QUEUE: usize = 256;
const OPEN_LIMIT: Duration = Duration::from_secs(3);
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// Takes messages through `place` for as long as the session lives, and withdraws it at the end, also where
/// the session is dropped. What was taken before `shutdown` is still published.
pub async fn run(
    connection: &Connection,
    mut state: watch::Receiver<BrokerState>,
    place: &watch::Sender<Option<mpsc::Sender<Parcel>>>,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    loop {
        let channel = open(connection).await?;
        let ended = carry(&channel, place, shutdown).await;
        if shutdown.is_cancelled() {
            // A channel that is merely dropped would still be closing when the connection says goodbye, which
            // the library takes for an error.
            close(&channel, "bye").await;
            return Ok(());
        }
        match ended {
            Ok(()) => return Err(BrokerError::Lost),
            Err(Unusable::Broken(error)) => {
                return Err(BrokerError::Refused { call: "publish", source: error.as_ref().clone() });
            }
            Err(Unusable::Unresolved) => {
                tracing::warn!("Replacing the channel: a message was not confirmed in time");
                // While the broker is blocked it reads nothing, so no channel would open.
                let reads = state.wait_for(|state| *state != BrokerState::Blocked).await.is_ok();
                if !reads {
                    return Err(BrokerError::Lost);
                }
                close(&channel, "unconfirmed").await;
            }
        }
    }
}

async fn carry(
    channel: &Channel,
    place: &watch::Sender<Option<mpsc::Sender<Parcel>>>,
    shutdown: &CancellationToken,
) -> Result<(), Unusable> {
    let (send, mut queue) = mpsc::channel(QUEUE);
    place.send_replace(Some(send));
    let withdraw = Withdraw(place);
    let mut carrying = pin!(lane::carry(channel, &mut queue));
    tokio::select! {
        ended = &mut carrying => return ended,
        () = shutdown.cancelled() => {}
    }
    drop(withdraw);
    carrying.await
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

/// It is given up whatever the answer is.
async fn close(channel: &Channel, reason: &str) {
    if !matches!(timeout(CLOSE_LIMIT, channel.close(200, reason.into())).await, Ok(Ok(()))) {
        tracing::debug!(channel = channel.id(), "The broker did not close the channel in time");
    }
}

struct Withdraw<'a>(&'a watch::Sender<Option<mpsc::Sender<Parcel>>>);

impl Drop for Withdraw<'_> {
    fn drop(&mut self) {
        self.0.send_replace(None);
    }
}
