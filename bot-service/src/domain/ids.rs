//! Ids that our own database gives.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! own_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

own_ids! {
    /// A person who was ever let in, whatever his roles now.
    UserId,
    /// The number that people say: «№12».
    MeasurementId,
    HistoryId,
    CardId,
    OutboxId,
    /// A message that nobody could read, kept for a person to decide about.
    ParkedId,
    InviteId,
    /// A line of what changed besides measurements.
    AuditId,
    /// What a person looked for: new with every search.
    SearchId,
    ZoneId,
    DealerId,
    /// A name in deals that means nothing here yet.
    UnknownNameId,
    /// What somebody said about a measurement, with all that came with it.
    CommentId,
    /// One file of a comment.
    FileId,
}

/// A private chat in Telegram; its number is the person's own there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub i64);

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
