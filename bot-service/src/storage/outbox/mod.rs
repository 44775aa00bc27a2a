//! `outbox` and `outbox_attempts`: every message to send, and every call made for it.

mod enqueue;

pub use enqueue::{enqueue_alert, enqueue_card, enqueue_commands, enqueue_notice, enqueue_screen};

/// The channel of PostgreSQL that wakes the sender.
pub const CHANNEL: &str = "outbox";
