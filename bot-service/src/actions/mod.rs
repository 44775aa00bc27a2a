//! Use cases: lock, ask the domain, save with history and messages, all in the caller's one transaction.
//!
//! Nothing here knows Telegram or AmoCRM, and every read on behalf of a person takes an `Actor`.

pub mod alerts;
mod called;
pub mod dealers;
pub mod dispatch;
pub mod faces;
pub mod failures;
pub mod files;
pub mod find;
pub mod history;
pub mod intake;
pub mod invites;
pub mod lists;
pub mod measurements;
mod names;
mod paging;
pub mod people;
pub mod proposals;
pub mod reach;
pub mod recorded;
pub mod setup;
pub mod status;
pub mod views;
pub mod views_of;
pub mod zones;

use chrono::TimeDelta;

use views::DecisionView;

use crate::domain::failures::WhyParked;
use crate::domain::history::Line;
use crate::domain::ids::MeasurementId;
use crate::domain::permissions::Refusal;
use crate::domain::user::Name;

/// Whoever asks for the same new thing again so soon has tapped twice.
pub const DOUBLE_TAP: TimeDelta = TimeDelta::seconds(2);

/// Why an action did not happen. The transaction holds no change of it.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The person asked for what cannot be; he is told.
    #[error("the action was refused")]
    Refused(Refused),
    /// Something broke; he is told so, and it may be tried again.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// A refusal with what the person must hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A right is missing, or the state does not allow it.
    Denied(Refusal),
    /// The button was drawn for an older state; `last` is what happened meanwhile.
    Stale { last: Box<LastChange> },
    /// The same press once more: it is done already, by the same person.
    AlreadyDone,
    /// The chosen measurer has no access any more, or is no measurer.
    MeasurerUnavailable,
    /// The rules propose somebody else by now, or nobody.
    ProposalChanged(Option<Name>),
    /// Another zone is called so.
    NameTaken(String),
    /// Another dealer is called so.
    DealerTaken(String),
    /// A name without a letter or a digit, or too long.
    NoName,
    /// Another measurement of the same deal is open.
    AnotherIsOpen(MeasurementId),
    /// No such measurement, person or list.
    Unknown,
    /// The AmoCRM employee belongs to another person of the bot.
    EmployeeTaken(Name),
    /// A person of `ADMIN_IDS`, or the last way in.
    Protected,
    /// Who has no role has no access: that is another button.
    LastRole,
    /// So many visits are his; they need another measurer first.
    HasVisits(i64),
    /// Somebody has decided about it meanwhile.
    Decided(Box<DecisionView>),
    /// The deal could be read meanwhile.
    NotStuck,
    /// Something came after that what the person has seen.
    MovedOn,
    /// It was looked at once more, to no avail.
    StillUnreadable(WhyParked),
    /// It is about to be sent already.
    IsSending,
    /// A stage opens measurements or ends them.
    StageIsUsed,
    /// With none, any stage would open measurements.
    LastStage,
    /// It is not configured where webhooks are taken.
    NowhereToSend,
}

/// The latest line of a measurement's history with the names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    pub line: Line,
    pub author: Option<Name>,
    /// The measurer whom the line names as the new one.
    pub to: Option<Name>,
}

impl From<Refusal> for ActionError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Refused::Denied(refusal))
    }
}

impl From<Refused> for ActionError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<crate::storage::StorageError> for ActionError {
    fn from(error: crate::storage::StorageError) -> Self {
        Self::Failed(error.into())
    }
}
