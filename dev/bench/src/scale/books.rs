//! What must be true after a burst: nothing lost, nothing twice, one leader from beginning to end.

use std::fmt;

use anyhow::{Result, ensure};
use e2e::database::Database;
use e2e::people::ANNA;
use e2e::system::Places;
use e2e::wait;
use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties};
use shared::topology;
use simulator::telegram::Outcome;
use simulator::{amocrm, telegram};

/// The database's, Telegram's and AmoCRM's, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    pub measurements: usize,
    pub deals: usize,
    /// Of the leader's lease: counts its owners.
    pub leaders: usize,
    /// Attempts that reached the chat, and the messages that they were for.
    pub delivered: usize,
    pub messages: usize,
    /// As the admin's chat shows them.
    pub shown: usize,
    /// Two who asked Telegram for updates at once.
    pub conflicts: usize,
    /// Calls to AmoCRM, and those of them that it refused because there were too many.
    pub calls: usize,
    pub too_many: usize,
}

impl Books {
    /// # Errors
    ///
    /// If the database cannot be asked.
    pub async fn read(
        database: &Database,
        telegram: &telegram::Simulator,
        amocrm: &amocrm::Simulator,
    ) -> Result<Self> {
        let (measurements, deals, leaders, delivered, messages): (i64, i64, i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from measurements), (select count(distinct lead_id) from measurements),
                    (select epoch from leases where name = 'leader'),
                    count(*) filter (where a.message_id is not null),
                    count(distinct a.outbox_id) filter (where a.message_id is not null)
             from outbox_attempts a where a.outcome = 'delivered'",
        )
        .fetch_one(&mut database.connect().await?)
        .await?;
        let (polls, calls) = (telegram.calls_of("getUpdates"), amocrm.call_counts());
        let is_conflict = |outcome: &Outcome| matches!(outcome, Outcome::Refused { code: 409, .. });
        Ok(Self {
            measurements: usize::try_from(measurements)?,
            deals: usize::try_from(deals)?,
            leaders: usize::try_from(leaders)?,
            delivered: usize::try_from(delivered)?,
            messages: usize::try_from(messages)?,
            shown: telegram.bot_messages(ANNA).len(),
            conflicts: polls.iter().filter(|call| is_conflict(&call.outcome)).count(),
            calls: usize::try_from(calls.total)?,
            too_many: usize::try_from(calls.too_many)?,
        })
    }

    /// # Errors
    ///
    /// If anything was lost or done twice.
    pub fn are_right(&self, deals: usize) -> Result<()> {
        let is_each_once = self.measurements == deals && self.deals == deals;
        ensure!(is_each_once, "{deals} deals, and {self}");
        ensure!(
            self.delivered == self.messages && self.shown == self.messages,
            "messages came twice: {self}"
        );
        ensure!(self.leaders == 1, "the leader changed, though nobody died: {self}");
        ensure!(self.conflicts == 0, "two asked Telegram for updates: {self}");
        // Of one that keeps to the limit, a call that was held up on its way may meet the next; of two, every second
        // is too many.
        ensure!(self.too_many * 10 <= self.calls, "two called AmoCRM: {self}");
        Ok(())
    }
}

impl fmt::Display for Books {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} measurements of {} deals, {} messages delivered {} times and shown {} times, {} leader, {} of {} calls \
             to AmoCRM refused",
            self.measurements,
            self.deals,
            self.messages,
            self.delivered,
            self.shown,
            self.leaders,
            self.too_many,
            self.calls
        )
    }
}

/// How many lead events are in the queue, which nobody consumes.
///
/// # Errors
///
/// If the broker does not answer, or does not come to hold as many as were accepted.
pub async fn waiting_events(places: &Places, accepted: usize) -> Result<usize> {
    let connection = Connection::connect(&places.amqp_url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let waiting = wait::until("the queue to hold all that was accepted", wait::LIMIT, async || {
        let queue = channel.queue_declare(topology::LEAD_EVENTS.into(), options, FieldTable::default());
        let waiting = usize::try_from(queue.await.ok()?.message_count()).ok()?;
        (waiting >= accepted).then_some(waiting)
    })
    .await?;
    connection.close(200, "counted".into()).await?;
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: Books = Books {
        measurements: 20,
        deals: 20,
        leaders: 1,
        delivered: 8,
        messages: 8,
        shown: 8,
        conflicts: 0,
        calls: 20,
        too_many: 2,
    };

    #[test]
    fn every_kind_of_wrong_is_seen() {
        assert!(RIGHT.are_right(20).is_ok());
        assert!(RIGHT.are_right(21).is_err(), "one is lost");
        for wrong in [
            Books { measurements: 21, ..RIGHT },
            Books { delivered: 9, ..RIGHT },
            Books { shown: 9, ..RIGHT },
            Books { leaders: 2, ..RIGHT },
            Books { conflicts: 1, ..RIGHT },
            Books { too_many: 3, ..RIGHT },
        ] {
            assert!(wrong.are_right(20).is_err(), "{wrong:?}");
        }
    }
}
