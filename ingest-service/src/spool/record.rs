//! A message as it is written down: its body as it is, everything else (exchange, routing key, properties) as
//! a line of JSON, so that it leaves later as it would have left now.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::publisher::Message;

#[derive(Debug, Clone)]
pub struct Record {
    /// When the message came to the spool.
    pub at: DateTime<Utc>,
    pub head: String,
    pub message: Arc<Message>,
}

impl Record {
    /// # Errors
    ///
    /// If a property has no form in JSON; none of ours is so.
    pub fn new(message: Arc<Message>, at: DateTime<Utc>) -> Result<Self, serde_json::Error> {
        Ok(Self { at, head: serde_json::to_string(&*message)?, message })
    }

    /// What it takes in a file at most. Pages are of four kilobytes, and what is larger gets twice as much
    /// room each time that it does not fit.
    pub fn room(&self) -> u64 {
        room(&self.head, self.message.body())
    }
}

pub fn room(head: &str, body: &[u8]) -> u64 {
    const BESIDE: usize = 64;
    (head.len() + body.len() + BESIDE).next_power_of_two() as u64
}

/// # Errors
///
/// If the record is of another version, or damaged.
pub fn message(head: &str, body: &[u8]) -> Result<Message, serde_json::Error> {
    Ok(serde_json::from_str::<Message>(head)?.with_body(body.to_vec()))
}
