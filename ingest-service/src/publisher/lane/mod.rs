//! One channel: publishes what comes, and says of each message what the broker says of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use lapin::types::ShortString;
use lapin::{Channel, Confirmation};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::window::Window;
use super::{Message, PublishError};

/// How many messages are unconfirmed at most. So many that the broker syncs large groups of them to its disk.
const WIDTH: usize = 256;
/// How often is looked whether a confirm is overdue. Who waits for it has a clock of his own.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A message that waits for its turn. Who sent it may have given up by now.
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

/// Publishes until nobody can send any more and everything is confirmed.
///
/// # Errors
///
/// If the channel is of no more use. What is not confirmed then counts as not published.
pub async fn carry(channel: &Channel, queue: &mut mpsc::Receiver<Parcel>) -> Result<(), Unusable> {
    let mut window = Window::new();
    let mut sent = Sent::default();
    let mut waiting = Vec::with_capacity(WIDTH);
    let mut overdue = interval(LOOK_EVERY);
    overdue.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_open = true;
    while is_open || !sent.is_empty() {
        let room = WIDTH - sent.len();
        tokio::select! {
            biased;
            answers = window.outcomes() => sent.judge(answers)?,
            count = queue.recv_many(&mut waiting, room), if is_open && room > 0 => {
                is_open = count > 0;
                for parcel in waiting.drain(..) {
                    let message = parcel.message.clone();
                    let Some(number) = sent.add(parcel) else { continue };
                    window.push(async move { (number, message.send(channel).await) });
                }
            }
            now = overdue.tick(), if !sent.is_empty() => sent.look(now)?,
        }
    }
    Ok(())
}

type Answer = Result<Confirmation, lapin::Error>;

/// What was published on the channel and has no receipt yet.
#[derive(Debug, Default)]
struct Sent {
    parcels: HashMap<u64, Parcel>,
    last: u64,
    /// Ids of messages that came back, and whose own confirm is still to come.
    returned: HashSet<ShortString>,
}

impl Sent {
    fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }

    fn len(&self) -> usize {
        self.parcels.len()
    }

    /// Returns the number of a message that is to be sent; none if it is too late for it.
    fn add(&mut self, parcel: Parcel) -> Option<u64> {
        if parcel.deadline <= Instant::now() {
            give(parcel, Err(PublishError::Busy));
            return None;
        }
        self.last += 1;
        self.parcels.insert(self.last, parcel);
        Some(self.last)
    }

    /// Gives out receipts. No confirm that came earlier may be missing from `answers`.
    fn judge(&mut self, answers: Vec<(u64, Answer)>) -> Result<(), Unusable> {
        for (_, answer) in &answers {
            if let Ok(Confirmation::Ack(Some(message)) | Confirmation::Nack(Some(message))) = answer {
                let Some(id) = message.properties.message_id() else {
                    return Err(self.give_up(Unusable::Unresolved));
                };
                self.returned.insert(id.clone());
            }
        }
        let mut unusable = None;
        for (number, answer) in answers {
            let Some(parcel) = self.parcels.remove(&number) else { continue };
            let came_back = parcel.message.id().is_some_and(|id| self.returned.remove(id));
            let outcome = match answer {
                Ok(Confirmation::Ack(_)) if !came_back => Ok(()),
                Ok(Confirmation::Ack(_)) => Err(PublishError::Returned),
                Ok(Confirmation::Nack(_)) => Err(PublishError::Refused),
                Ok(Confirmation::NotRequested) => {
                    unusable.get_or_insert(Unusable::Unresolved);
                    Err(PublishError::Unconfirmed)
                }
                Err(error) => {
                    let error = Arc::new(error);
                    unusable = Some(Unusable::Broken(error.clone()));
                    Err(PublishError::Broken(error))
                }
            };
            give(parcel, outcome);
        }
        match unusable {
            None => Ok(()),
            Some(unusable) => Err(self.give_up(unusable)),
        }
    }

    fn look(&mut self, now: Instant) -> Result<(), Unusable> {
        if self.parcels.values().any(|parcel| parcel.deadline <= now) {
            return Err(self.give_up(Unusable::Unresolved));
        }
        Ok(())
    }

    fn give_up(&mut self, why: Unusable) -> Unusable {
        for (_, parcel) in self.parcels.drain() {
            let outcome = match &why {
                Unusable::Unresolved => PublishError::Silent,
                Unusable::Broken(error) => PublishError::Broken(error.clone()),
            };
            give(parcel, Err(outcome));
        }
        why
    }
}

/// Nobody may wait for it any more: the sender counts it as not published and comes again.
fn give(parcel: Parcel, outcome: Result<(), PublishError>) {
    let _ = parcel.receipt.send(outcome);
}

#[cfg(test)]
mod tests;
