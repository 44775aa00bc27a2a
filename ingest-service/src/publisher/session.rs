//! One connection's worth of publishing: opens the pool, replaces what is retired, ends on any fault.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use shared::broker::{BrokerError, BrokerState};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::pool::{Pool, Retired};

/// As fast as pipelining at this scale, with a better tail.
const CHANNELS: usize = 32;
const OPEN_LIMIT: Duration = Duration::from_secs(3);
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// Publishes the pool through `place` for as long as the session lives, and withdraws it at the end, also
/// where the session is dropped.
pub async fn run(
    connection: &Connection,
    mut state: watch::Receiver<BrokerState>,
    place: &watch::Sender<Option<Arc<Pool>>>,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let (retire, mut retired) = mpsc::unbounded_channel();
    let pool = Arc::new(Pool::new(retire));
    for _ in 0..CHANNELS {
        pool.add(open(connection).await?);
    }
    place.send_replace(Some(pool.clone()));
    let _withdraw = Withdraw { place, pool: &pool };
    tokio::select! {
        () = shutdown.cancelled() => {
            say_goodbye(pool.close()).await;
            Ok(())
        }
        error = keep_up(connection, &pool, &mut retired, &mut state) => Err(error),
    }
}

/// Replaces what is retired, until that cannot be done.
async fn keep_up(
    connection: &Connection,
    pool: &Pool,
    retired: &mut mpsc::UnboundedReceiver<Retired>,
    state: &mut watch::Receiver<BrokerState>,
) -> BrokerError {
    loop {
        let replaced = match retired.recv().await {
            Some(Retired::Unresolved(channel)) => replace(connection, channel, state).await,
            Some(Retired::Broken(error)) => {
                return BrokerError::Refused { call: "publish", source: error.as_ref().clone() };
            }
            None => return BrokerError::Lost,
        };
        match replaced {
            Ok(channel) => pool.add(channel),
            Err(error) => return error,
        }
    }
}

/// Channels that are merely dropped would still be closing when the connection says goodbye, which the
/// library takes for an error.
async fn say_goodbye(channels: Vec<Channel>) {
    let closing = channels.iter().map(|channel| channel.close(200, "bye".into()));
    if timeout(CLOSE_LIMIT, join_all(closing)).await.is_err() {
        tracing::debug!("The broker did not close every channel in time");
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

struct Withdraw<'a> {
    place: &'a watch::Sender<Option<Arc<Pool>>>,
    pool: &'a Pool,
}

impl Drop for Withdraw<'_> {
    fn drop(&mut self) {
        self.place.send_replace(None);
        drop(self.pool.close());
    }
}
