//! A measurement and every move it can make.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};

use super::facts::Facts;
use super::history::What;
use super::ids::{MeasurementId, UserId};
use super::permissions::{self, Action, Refusal};
use super::user::Actor;

mod status;

pub use status::{Assignment, Canceller, DealEnd, Status, StatusKind};

/// Where a measurement came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A deal entered a trigger stage. At most one such is open for a deal.
    AmoCrm,
    /// A person asked for another visit.
    Person,
}

/// A move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// Gives the work to a measurer, or takes it from one and gives it to another.
    Assign(UserId),
    Start,
    Complete,
    Cancel,
    /// AmoCRM ended the deal.
    EndWithDeal(DealEnd),
    /// Undoes a cancellation that came from AmoCRM: back into the queue.
    Restore,
    /// The measurer lost his access: back into the queue.
    Return,
}

/// On whose behalf a measurement changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Person(Actor),
    AmoCrm,
    /// A consequence of another action, by the person who did that one.
    ConsequenceOf(UserId),
}

/// A measurement as stored. `status` changes by [`Measurement::apply`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    pub id: MeasurementId,
    pub lead_id: LeadId,
    pub origin: Origin,
    /// The earlier measurement of the same deal.
    pub previous_id: Option<MeasurementId>,
    status: Status,
    step: i32,
    /// The deal's responsible employee: the manager is whoever is linked to him now.
    pub responsible: Option<AmoUserId>,
    pub facts: Facts,
    /// The stage that the deal went on to before anybody measured.
    pub moved_on_to: Option<String>,
    /// Opened from a webhook alone; AmoCRM has not been asked yet.
    pub is_provisional: bool,
    pub created_at: DateTime<Utc>,
}

/// A measurement after a move, and what to write into its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub measurement: Measurement,
    pub what: What,
}

impl Measurement {
    /// Builds one from a database row, as it was stored.
    pub fn restored(parts: MeasurementParts, status: Status, step: i32) -> Self {
        let MeasurementParts { id, lead_id, origin, previous_id, responsible, facts, moved_on_to, .. } =
            parts;
        Self {
            id,
            lead_id,
            origin,
            previous_id,
            status,
            step,
            responsible,
            facts,
            moved_on_to,
            is_provisional: parts.is_provisional,
            created_at: parts.created_at,
        }
    }

    pub fn status(&self) -> &Status {
        &self.status
    }

    /// How many transitions it has made. A button carries the step it was drawn for.
    pub fn step(&self) -> i32 {
        self.step
    }

    pub fn measurer(&self) -> Option<UserId> {
        self.status.assignment().map(|assignment| assignment.measurer)
    }

    pub fn is_open(&self) -> bool {
        self.status.kind().is_open()
    }

    /// Moves the measurement on. Every allowed move is decided here; who may ask for it, in `permissions`.
    ///
    /// # Errors
    ///
    /// [`Refusal`], and nothing has changed.
    pub fn apply(self, transition: Transition, by: &By, now: DateTime<Utc>) -> Result<Moved, Refusal> {
        if let By::Person(actor) = by {
            permissions::check(actor, transition.action(&self), &self)?;
        }
        let started_at = self.status.started_at();
        let (status, what) = match (self.status, transition) {
            (Status::Pending, Transition::Assign(measurer)) => {
                let by = assigner(by, measurer);
                (Status::Assigned(Assignment { measurer, by, at: now }), What::Assigned { to: measurer })
            }
            (Status::Assigned(a) | Status::InProgress { assignment: a, .. }, Transition::Assign(to)) => {
                if a.measurer == to {
                    return Err(Refusal::AlreadyTheMeasurer);
                }
                let by = assigner(by, to);
                let status = Status::Assigned(Assignment { measurer: to, by, at: now });
                (status, What::Reassigned { from: a.measurer, to })
            }
            (Status::Assigned(assignment), Transition::Start) => {
                (Status::InProgress { assignment, started_at: now }, What::Started)
            }
            (Status::Assigned(assignment) | Status::InProgress { assignment, .. }, Transition::Complete) => {
                (Status::Completed { assignment, started_at, at: now }, What::Completed)
            }
            (
                status @ (Status::Pending | Status::Assigned(_) | Status::InProgress { .. }),
                Transition::Cancel | Transition::EndWithDeal(_),
            ) => {
                let assignment = status.assignment().copied();
                let (by, because) = canceller(transition, by)?;
                let what = What::Cancelled { because };
                (Status::Cancelled { assignment, started_at, at: now, by }, what)
            }
            (Status::Cancelled { by: Canceller::AmoCrm(_), .. }, Transition::Restore) => {
                (Status::Pending, What::Restored)
            }
            (Status::Assigned(a) | Status::InProgress { assignment: a, .. }, Transition::Return) => {
                (Status::Pending, What::Returned { from: a.measurer })
            }
            _ => return Err(Refusal::WrongState),
        };
        Ok(Moved { measurement: Self { status, step: self.step + 1, ..self }, what })
    }
}

impl Transition {
    /// The right that a person needs to ask for this move.
    pub fn action(self, measurement: &Measurement) -> Action {
        match self {
            Self::Assign(_) if measurement.measurer().is_none() => Action::Assign,
            Self::Assign(_) | Self::Return => Action::Reassign,
            Self::Start => Action::Start,
            Self::Complete => Action::Complete,
            Self::Cancel | Self::EndWithDeal(_) => Action::Cancel,
            Self::Restore => Action::Restore,
        }
    }
}

/// Only people assign; should a rule do so one day, the measurer himself stands for it.
fn assigner(by: &By, measurer: UserId) -> UserId {
    match by {
        By::Person(actor) => actor.id,
        By::ConsequenceOf(user) => *user,
        By::AmoCrm => measurer,
    }
}

fn canceller(transition: Transition, by: &By) -> Result<(Canceller, Option<DealEnd>), Refusal> {
    match (transition, by) {
        (Transition::EndWithDeal(end), _) => Ok((Canceller::AmoCrm(end), Some(end))),
        (_, By::Person(actor)) => Ok((Canceller::Person(actor.id), None)),
        (_, By::ConsequenceOf(user)) => Ok((Canceller::Person(*user), None)),
        (_, By::AmoCrm) => Err(Refusal::WrongState),
    }
}

/// What a measurement is made of besides its state.
#[derive(Debug, Clone)]
pub struct MeasurementParts {
    pub id: MeasurementId,
    pub lead_id: LeadId,
    pub origin: Origin,
    pub previous_id: Option<MeasurementId>,
    pub responsible: Option<AmoUserId>,
    pub facts: Facts,
    pub moved_on_to: Option<String>,
    pub is_provisional: bool,
    pub created_at: DateTime<Utc>,
}
