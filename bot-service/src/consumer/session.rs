//! One connection's worth of consuming.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions,
    ConfirmSelectOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Confirmation, Connection, Consumer};
use shared::broker::BrokerError;
use shared::topology::{LEAD_EVENTS_DEAD, REASON_HEADER};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::{Verdict, pause, step};
use crate::app::App;

const TAG: &str = "bot-service";
/// Bounds what is in memory, and how much a crash brings closer to the delivery limit.
const PREFETCH: u16 = 256;
const BATCH: usize = 200;
const PERSISTENT: u8 = 2;
const CALL_LIMIT: Duration = Duration::from_secs(5);

/// Consumes `queue` until `shutdown`, or until the session is no longer good; a batch that the database does not take
/// for so long is given back to the broker.
pub async fn run(
    app: &App,
    connection: &Connection,
    queue: &str,
    patience: Duration,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let (channel, mut consumer) = subscribe(connection, queue, TAG, PREFETCH).await?;
    loop {
        let first = tokio::select! {
            () = shutdown.cancelled() => break,
            first = consumer.next() => first,
        };
        let mut batch = vec![delivery(first)?];
        // What is here already, without waiting for more.
        while batch.len() < BATCH
            && let Some(next) = consumer.next().now_or_never()
        {
            batch.push(delivery(next)?);
        }
        if !settle(app, connection, &batch, patience, shutdown).await? {
            break;
        }
        // Everything earlier has been acknowledged, so this covers the batch and no more.
        let last = batch.last().map_or(0, |delivery| delivery.delivery_tag);
        limited("ack", channel.basic_ack(last, BasicAckOptions { multiple: true })).await?;
    }
    limited("cancel", channel.basic_cancel(TAG.into(), BasicCancelOptions::default())).await
}

/// A channel of its own, on which no more than `prefetch` messages of the queue are in hand.
pub(super) async fn subscribe(
    connection: &Connection,
    queue: &str,
    tag: &str,
    prefetch: u16,
) -> Result<(Channel, Consumer), BrokerError> {
    let channel = limited("open a channel", connection.create_channel()).await?;
    limited("qos", channel.basic_qos(prefetch, BasicQosOptions::default())).await?;
    let options = BasicConsumeOptions::default();
    let consuming = channel.basic_consume(queue.into(), tag.into(), options, FieldTable::default());
    let consumer = limited("consume", consuming).await?;
    Ok((channel, consumer))
}

pub(super) fn delivery(next: Option<Result<Delivery, lapin::Error>>) -> Result<Delivery, BrokerError> {
    next.ok_or(BrokerError::Unsubscribed)?.map_err(BrokerError::refused("consume"))
}

/// Brings every message of the batch to its end: `false` if it has to be given back to the broker.
async fn settle(
    app: &App,
    connection: &Connection,
    batch: &[Delivery],
    patience: Duration,
    shutdown: &CancellationToken,
) -> Result<bool, BrokerError> {
    let mut left: Vec<&Delivery> = batch.iter().collect();
    let deadline = Instant::now() + patience;
    for tries in 0.. {
        let bodies: Vec<&[u8]> = left.iter().map(|delivery| delivery.data.as_slice()).collect();
        let verdicts = step(app, &bodies).await;
        let mut waiting = Vec::new();
        for (delivery, verdict) in left.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Done => {}
                Verdict::Wait => waiting.push(delivery),
                Verdict::Bury(reason) => {
                    if !bury(connection, delivery, reason).await? {
                        tracing::error!(
                            "The broker does not take a dead message; trying again on a new connection"
                        );
                        return Ok(false);
                    }
                }
            }
        }
        if waiting.is_empty() {
            return Ok(true);
        }
        left = waiting;
        tokio::select! {
            () = shutdown.cancelled() => return Ok(false),
            () = sleep_until(deadline) => break,
            () = sleep(pause(tries)) => {}
        }
    }
    tracing::error!(messages = left.len(), "The database stays away; giving the messages back to the broker");
    Ok(false)
}

/// Puts a message among the dead, as it came; `false` if the broker does not take it. Rare enough for a
/// channel of its own each time.
async fn bury(connection: &Connection, delivery: &Delivery, reason: String) -> Result<bool, BrokerError> {
    let mut headers = delivery.properties.headers().clone().unwrap_or_default();
    headers.insert(REASON_HEADER.into(), AMQPValue::LongString(reason.into()));
    let properties = delivery.properties.clone().with_headers(headers).with_delivery_mode(PERSISTENT);
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let published = async {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let key = LEAD_EVENTS_DEAD.into();
        let confirm =
            channel.basic_publish("".into(), key, options, &delivery.data, properties).await?.await?;
        channel.close(200, "buried".into()).await?;
        Ok(confirm)
    };
    Ok(matches!(limited("bury", published).await?, Confirmation::Ack(None)))
}

pub(super) async fn limited<T>(
    call: &'static str,
    work: impl Future<Output = Result<T, lapin::Error>>,
) -> Result<T, BrokerError> {
    timeout(CALL_LIMIT, work)
        .await
        .map_err(|_| BrokerError::Silent(CALL_LIMIT, call))?
        .map_err(BrokerError::refused(call))
}
