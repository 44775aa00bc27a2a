//! `outbox` and `outbox_attempts`: every message to send, and every call made for it.

mod deliveries;
mod enqueue;
mod queue;
mod reach;
mod recent;
mod settle;
mod told;

use sqlx::PgConnection;

use super::StorageError;
pub use deliveries::list_deliveries;
pub use enqueue::{
    delay_comment, enqueue_alert, enqueue_card, enqueue_commands, enqueue_files, enqueue_notice,
    enqueue_screen, has_asked_for_files,
};
pub use queue::{Due, Kind, Lane, Row, find_pending, list_due};
pub use reach::{
    commands_shown, end_unreachable, language, mark_unreachable, pause_chat, revive, set_commands_shown,
};
pub use recent::{Sent, list_sent};
pub use settle::{
    AttemptId, End, begin_attempt, end, end_all, erase_texts, finish_attempt, postpone, send_anew, set_card,
};
pub use told::{about, has_newer_assignment, list_unsent_new, never_knew_he_was_off, was_told};

/// The channel of PostgreSQL that wakes the sender.
pub const CHANNEL: &str = "outbox";

/// Wakes the sender when the transaction commits.
pub(in crate::storage) async fn announce(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select pg_notify($1, '')", CHANNEL).fetch_one(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
