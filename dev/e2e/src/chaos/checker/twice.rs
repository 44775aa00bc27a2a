//! A message whose sending was uncertain is sent again: better twice than not at all, but once for each fault.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::books::Books;
use super::{Done, Findings};
use crate::chaos::breaker::Disturbance;
use crate::chaos::cast;
use crate::chaos::plan::faults::{Fault, Link, TelegramTrouble, Who};

/// A message that went out shortly before a fault may not have been noted.
const BEFORE: TimeDelta = TimeDelta::seconds(4);
/// What a network held back arrives after it, when nobody waits for it any more.
const AFTER: TimeDelta = TimeDelta::seconds(6);

pub fn check(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let mut noted: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut sends: BTreeMap<i64, usize> = BTreeMap::new();
    for delivered in &books.delivered {
        noted.entry(delivered.chat).or_default().insert(i64::from(delivered.message));
        *sends.entry(delivered.outbox).or_default() += 1;
    }
    let repeated = sends.iter().filter(|(_, count)| **count > 1);
    findings
        .double
        .extend(repeated.map(|(id, count)| format!("outbox {id} was noted as sent {count} times")));
    for chat in cast::all() {
        let known = noted.remove(&chat).unwrap_or_default();
        let unnoted: Vec<_> = done
            .telegram
            .bot_messages(chat)
            .into_iter()
            .filter(|message| !known.contains(&message.id))
            .collect();
        findings.shown_twice += unnoted.len();
        let mut causes: Vec<_> = done.disturbances.iter().filter(|one| may_double(&one.fault)).collect();
        causes.sort_by_key(|cause| cause.until);
        for message in unnoted {
            match causes.iter().position(|cause| covers(cause, message.sent_at)) {
                Some(place) => drop(causes.remove(place)),
                None => findings.too_often.push(format!(
                    "{chat} got at {} what nobody noted, with no fault to blame: «{}»",
                    message.sent_at.format("%H:%M:%S%.3f"),
                    message.text.lines().next().unwrap_or_default()
                )),
            }
        }
    }
}

fn covers(cause: &Disturbance, at: DateTime<Utc>) -> bool {
    cause.from - BEFORE <= at && cause.until.is_none_or(|until| at <= until + AFTER)
}

/// Whether it can come between a message and the note of it.
fn may_double(fault: &Fault) -> bool {
    match fault {
        Fault::Kill { who, .. } | Fault::Stop { who, .. } | Fault::Freeze { who, .. } => {
            !matches!(who, Who::Ingest(_))
        }
        Fault::KillDatabase { .. } | Fault::FreezeDatabase { .. } | Fault::SwitchOff => true,
        Fault::Network { link, .. } => matches!(link, Link::BotToDatabase | Link::BotToTelegram),
        Fault::Telegram { trouble, .. } => *trouble == TelegramTrouble::LosesAnswer,
        Fault::KillBroker { .. } | Fault::FreezeBroker { .. } | Fault::AmoCrm { .. } => false,
    }
}
