//! Folders on a real disk, and files that processes have left behind.

mod folder;
mod record;
mod store;
mod writer;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::events::{LeadAction, LeadEvent, Subject, VERSION};
use shared::ids::LeadId;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::record::Record;
use super::store::{Store, Stored};
use crate::publisher::Message;

/// When the first message comes; the next ones follow a second later each.
const START: i64 = 1_700_000_000;

fn second(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(START, 0).unwrap() + TimeDelta::seconds(number)
}

fn event(number: i64) -> Message {
    let subject = Subject::Lead {
        lead_id: LeadId(number),
        action: LeadAction::Add,
        changed_at: Some(second(number)),
        entry: None,
    };
    Message::event(&LeadEvent {
        version: VERSION,
        id: Uuid::from_u128(u128::try_from(number).unwrap()),
        received_at: second(number),
        subject,
        payload: json!({ "name": "Окна" }),
    })
}

/// The record of an event that came in this second.
fn record(number: i64) -> Record {
    Record::new(event(number).into(), second(number)).unwrap()
}

/// A body that is kept raw, of so many bytes.
fn raw(bytes: usize) -> Message {
    let reason = "json".to_owned();
    Message::unreadable(vec![b'\xff'; bytes], Some("application/json; charset=кои8"), reason, second(0))
}

fn numbers(batch: &[Stored]) -> Vec<u64> {
    batch.iter().map(|stored| stored.number).collect()
}

/// Everything in a file, in its order, once it has been gone through.
fn messages(store: &Store) -> Vec<Message> {
    let batches = std::iter::from_fn(|| Some(store.next_batch().unwrap()).filter(|batch| !batch.is_empty()));
    batches.flatten().map(|stored| stored.message.unwrap()).collect()
}

fn open(path: &Path) -> Result<Store, redb::Error> {
    Store::open(path.to_owned(), &CancellationToken::new())
}
