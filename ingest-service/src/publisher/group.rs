//! Messages that are published together on one channel, and what the broker's answers say of each.
//!
//! The client library attaches a returned message to the next confirm of the channel, whichever message that
//! one is of. So within a group nobody knows whose message was returned, and none of it counts as published.
//! No return strays out of its group: it comes before the confirm of its own message, and the channel carries
//! nothing else until every message of the group is confirmed. Where one is not, the
//! channel is given up, and none of the group counts as published either.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use lapin::{Channel, Confirmation};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::{Message, PublishError};

/// How many messages are unconfirmed on a channel at most.
const SIZE: usize = 32;

/// A message that waits for a channel. Who sent it may have given up by now.
#[derive(Debug)]
pub struct Parcel {
    pub message: Arc<Message>,
    pub deadline: Instant,
    pub receipt: oneshot::Sender<Result<(), PublishError>>,
}

/// Why the channel must not be used again.
#[derive(Debug)]
pub enum Unusable {
    /// A confirm did not come: the library still keeps it.
    Unresolved,
    /// The broker closed it, or the connection is gone.
    Broken(Arc<lapin::Error>),
}

/// What came of one message in time: the broker's word or the channel's fault, or none of both.
type Answer = Option<Result<Confirmation, lapin::Error>>;

/// Waits for a message, and takes with it what else waits. Empty once nobody can send any more.
pub async fn next(queue: &Mutex<mpsc::Receiver<Parcel>>) -> Vec<Parcel> {
    let mut group = Vec::new();
    queue.lock().await.recv_many(&mut group, SIZE).await;
    group
}

/// Publishes a group and gives out the receipts, once the last message is confirmed or out of time.
///
/// # Errors
///
/// If the channel cannot carry another group.
pub async fn deliver(channel: &Channel, group: Vec<Parcel>) -> Result<(), Unusable> {
    let now = Instant::now();
    let group: Vec<_> = group.into_iter().filter(|parcel| parcel.deadline > now).collect();
    let (outcomes, usable) = judge(publish(channel, &group).await);
    for (parcel, outcome) in group.into_iter().zip(outcomes) {
        // Nobody waits for it any more: the sender counts it as not published and comes again.
        let _ = parcel.receipt.send(outcome);
    }
    usable
}

/// Waits for the answers until the last sender has given up.
async fn publish(channel: &Channel, group: &[Parcel]) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(group.len());
    if let Some(last) = group.iter().map(|parcel| parcel.deadline).max() {
        let mut sending: FuturesOrdered<_> =
            group.iter().map(|parcel| parcel.message.send(channel)).collect();
        let in_order = async {
            while let Some(answer) = sending.next().await {
                answers.push(Some(answer));
            }
        };
        // Those that are still missing then are told by their absence.
        let _ = timeout_at(last, in_order).await;
    }
    answers.resize_with(group.len(), || None);
    answers
}

fn judge(answers: Vec<Answer>) -> (Vec<Result<(), PublishError>>, Result<(), Unusable>) {
    let is_return = |answer: &Answer| {
        matches!(answer, Some(Ok(Confirmation::Ack(Some(_)) | Confirmation::Nack(Some(_)))))
    };
    let confirmed = if answers.iter().any(is_return) {
        Err(PublishError::Returned)
    } else if answers.iter().any(Option::is_none) {
        // The confirm that is missing may be on its way, and carry the return of another message.
        Err(PublishError::Silent)
    } else {
        Ok(())
    };
    let mut usable = Ok(());
    let outcomes = answers.into_iter().map(|answer| match answer {
        Some(Ok(Confirmation::Ack(_))) => confirmed.clone(),
        Some(Ok(Confirmation::Nack(_))) => Err(PublishError::Refused),
        Some(Ok(Confirmation::NotRequested)) => {
            usable = Err(Unusable::Unresolved);
            Err(PublishError::Unconfirmed)
        }
        Some(Err(error)) => {
            let error = Arc::new(error);
            usable = Err(Unusable::Broken(error.clone()));
            Err(PublishError::Broken(error))
        }
        None => {
            if usable.is_ok() {
                usable = Err(Unusable::Unresolved);
            }
            Err(PublishError::Silent)
        }
    });
    (outcomes.collect(), usable)
}

#[cfg(test)]
mod tests {
    use lapin::message::{BasicReturnMessage, Delivery};

    use super::*;

    fn returned() -> BasicReturnMessage {
        let delivery = Delivery::mock(0, "exchange".into(), "key".into(), false, Vec::new());
        BasicReturnMessage { delivery, reply_code: 312, reply_text: "NO_ROUTE".into() }
    }

    /// What is said of each message of a group, and whether its channel may carry another.
    fn judged(words: Vec<Confirmation>) -> (Vec<Result<(), &'static str>>, bool) {
        let (outcomes, usable) = judge(words.into_iter().map(|word| Some(Ok(word))).collect());
        let outcomes = outcomes.into_iter().map(|outcome| outcome.map_err(|error| error.as_str()));
        (outcomes.collect(), usable.is_ok())
    }

    #[test]
    fn only_a_plain_confirm_is_a_success() {
        use Confirmation::{Ack, Nack, NotRequested};
        assert_eq!(judged(vec![Ack(None)]), (vec![Ok(())], true));
        assert_eq!(judged(vec![Ack(None), Nack(None)]), (vec![Ok(()), Err("nack")], true));
        assert_eq!(judged(vec![Ack(None), NotRequested]), (vec![Ok(()), Err("unconfirmed")], false));
    }

    #[test]
    fn whose_message_was_returned_is_not_known_so_none_of_the_group_counts() {
        use Confirmation::{Ack, Nack};
        let none = (vec![Err("returned"), Err("returned")], true);
        assert_eq!(judged(vec![Ack(None), Ack(Some(returned()))]), none);
        assert_eq!(judged(vec![Ack(Some(returned())), Ack(None)]), none);
        let nacked = (vec![Err("returned"), Err("nack")], true);
        assert_eq!(judged(vec![Ack(None), Nack(Some(returned()))]), nacked);
    }

    #[test]
    fn a_confirm_that_is_missing_spoils_its_group_and_its_channel() {
        let (outcomes, usable) = judge(vec![Some(Ok(Confirmation::Ack(None))), None]);
        assert!(
            matches!(outcomes[..], [Err(PublishError::Silent), Err(PublishError::Silent)]),
            "{outcomes:?}"
        );
        assert!(matches!(usable, Err(Unusable::Unresolved)));
    }
}
