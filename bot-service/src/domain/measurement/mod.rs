//! A measurement and every move it can make.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};

use super::facts::Facts;
use super::history::What;
use super::ids::{MeasurementId, UserId};
use super::permissions::{self, Action, Refusal};
use super::user::Actor;

mod problem;
mod reasons;
mod status;
mod undo;

pub use problem::Problem;
pub use reasons::{CancelReason, DeclineReason, ProblemReason, ReassignReason};
pub use status::{Assignment, Canceller, DealEnd, Status, StatusKind};
pub use undo::{UNDO_WITHIN, Undoable};

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
    /// The measurer goes.
    Accept,
    Start,
    Complete,
    Cancel(CancelReason),
    /// AmoCRM ended the deal.
    EndWithDeal(DealEnd),
    /// It was over and is not, whoever had ended it: back into the queue.
    Restore,
    /// Taken from the measurer without another one: back into the queue.
    Return,
    /// The measurer cannot go: back into the queue.
    Decline(DeclineReason),
    /// The measurer cannot measure, and the office has to decide.
    ReportProblem(ProblemReason),
    /// The office decides that the measurer goes again.
    ClearProblem,
    /// Whoever made the last move takes it back.
    Undo,
}

/// On whose behalf a measurement changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Person(Actor),
    AmoCrm,
    /// A consequence of another action, by the person who did that one.
    ConsequenceOf(UserId),
    /// A rule that assigns without asking.
    Rule,
}

/// A measurement as stored. `status`, `problem` and `undoable` change by
/// [`Measurement::apply`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    pub id: MeasurementId,
    pub lead_id: LeadId,
    pub origin: Origin,
    /// The earlier measurement of the same deal.
    pub previous_id: Option<MeasurementId>,
    status: Status,
    step: i32,
    problem: Option<Problem>,
    undoable: Option<Undoable>,
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
        let (problem, undoable) = (parts.problem, parts.undoable.filter(|last| last.step == step));
        Self {
            id,
            lead_id,
            origin,
            previous_id,
            status,
            step,
            problem,
            undoable,
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

    /// What stands in the way of the visit.
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// The last move, where a person may take it back.
    pub fn undoable(&self) -> Option<&Undoable> {
        self.undoable.as_ref()
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
        if transition == Transition::Undo {
            return self.undo(by, now);
        }
        let started_at = self.status.started_at();
        let has_problem = self.problem.is_some();
        let (before, problem_before, step) = (self.status, self.problem.clone(), self.step + 1);
        let (status, what) = match (self.status, transition) {
            (Status::Pending, Transition::Assign(measurer)) => {
                let assignment = Assignment { measurer, by: assigner(by), at: now, accepted_at: None };
                (Status::Assigned(assignment), What::Assigned { to: measurer, instead_of: None })
            }
            (Status::Assigned(a) | Status::InProgress { assignment: a, .. }, Transition::Assign(to)) => {
                if a.measurer == to {
                    return Err(Refusal::AlreadyTheMeasurer);
                }
                let assignment = Assignment { measurer: to, by: assigner(by), at: now, accepted_at: None };
                (Status::Assigned(assignment), What::Reassigned { from: a.measurer, to })
            }
            (Status::Assigned(a), Transition::Accept) if a.accepted_at.is_none() => {
                (Status::Assigned(Assignment { accepted_at: Some(now), ..a }), What::Accepted)
            }
            (Status::Assigned(assignment), Transition::Start) => {
                (Status::InProgress { assignment, started_at: now }, What::Started)
            }
            (Status::Assigned(assignment) | Status::InProgress { assignment, .. }, Transition::Complete) => {
                (Status::Completed { assignment, started_at, at: now }, What::Completed)
            }
            (
                status @ (Status::Pending | Status::Assigned(_) | Status::InProgress { .. }),
                Transition::Cancel(_) | Transition::EndWithDeal(_),
            ) => {
                let assignment = status.assignment().copied();
                let (by, what) = cancelled(transition, by)?;
                (Status::Cancelled { assignment, started_at, at: now, by }, what)
            }
            (Status::Cancelled { .. }, Transition::Restore) => {
                (Status::Pending, What::Restored { from: None })
            }
            (Status::Completed { assignment, .. }, Transition::Restore) => {
                (Status::Pending, What::Restored { from: Some(assignment.measurer) })
            }
            (Status::Assigned(a) | Status::InProgress { assignment: a, .. }, Transition::Return) => {
                (Status::Pending, What::Returned { from: a.measurer })
            }
            (Status::Assigned(a) | Status::InProgress { assignment: a, .. }, Transition::Decline(reason)) => {
                (Status::Pending, What::Declined { from: a.measurer, reason, text: None })
            }
            (
                status @ (Status::Assigned(_) | Status::InProgress { .. }),
                Transition::ReportProblem(reason),
            ) if !has_problem => (status, What::ProblemReported { reason, text: None }),
            (status, Transition::ClearProblem) if has_problem => (status, What::ProblemCleared),
            _ => return Err(Refusal::WrongState),
        };
        let problem = match transition {
            Transition::ReportProblem(reason) => Some(Problem { reason, text: None, at: now }),
            Transition::Accept | Transition::Start => self.problem,
            _ => None,
        };
        let undoable = match by {
            By::Person(actor) if transition.is_undoable() => {
                let (what, status, problem) = (what.clone(), before, problem_before);
                Some(Undoable { step, by: actor.id, at: now, what, status, problem })
            }
            _ => None,
        };
        Ok(Moved { measurement: Self { status, step, problem, undoable, ..self }, what })
    }

    fn undo(self, by: &By, now: DateTime<Utc>) -> Result<Moved, Refusal> {
        let from = self.measurer();
        let (By::Person(_), Some(last)) = (by, self.undoable) else { return Err(Refusal::WrongState) };
        if now > last.until() {
            return Err(Refusal::TooLate);
        }
        let Undoable { what, status, problem, .. } = last;
        let to = status.assignment().map(|assignment| assignment.measurer);
        let what = What::Undone { of: Box::new(what), from, to, status: status.kind() };
        let (step, undoable) = (self.step + 1, None);
        Ok(Moved { measurement: Self { status, step, problem, undoable, ..self }, what })
    }
}

impl Moved {
    /// The same with somebody's own words, where there is a place for them.
    #[must_use]
    pub fn saying(mut self, words: Option<String>) -> Self {
        if let (What::ProblemReported { .. }, Some(problem)) = (&self.what, &mut self.measurement.problem) {
            problem.text.clone_from(&words);
        }
        self.what = self.what.saying(words);
        if let Some(undoable) = &mut self.measurement.undoable {
            undoable.what = self.what.clone();
        }
        self
    }
}

impl Transition {
    /// The right that a person needs to ask for this move.
    pub fn action(self, measurement: &Measurement) -> Action {
        match self {
            Self::Assign(_) if measurement.measurer().is_none() => Action::Assign,
            Self::Assign(_) | Self::Return => Action::Reassign,
            Self::Decline(_) => Action::Decline,
            Self::Accept => Action::Accept,
            Self::Start => Action::Start,
            Self::Complete => Action::Complete,
            Self::Cancel(_) | Self::EndWithDeal(_) => Action::Cancel,
            Self::Restore => Action::Restore,
            Self::ReportProblem(_) => Action::ReportProblem,
            Self::ClearProblem => Action::ClearProblem,
            Self::Undo => Action::Undo,
        }
    }
}

fn assigner(by: &By) -> Option<UserId> {
    match by {
        By::Person(actor) => Some(actor.id),
        By::ConsequenceOf(user) => Some(*user),
        By::AmoCrm | By::Rule => None,
    }
}

fn cancelled(transition: Transition, by: &By) -> Result<(Canceller, What), Refusal> {
    let by_person = |user, reason| {
        let what = What::Cancelled { because: None, reason: Some(reason), text: None };
        (Canceller::Person(user), what)
    };
    match (transition, by) {
        (Transition::EndWithDeal(end), _) => {
            let what = What::Cancelled { because: Some(end), reason: None, text: None };
            Ok((Canceller::AmoCrm(end), what))
        }
        (Transition::Cancel(reason), By::Person(actor)) => Ok(by_person(actor.id, reason)),
        (Transition::Cancel(reason), By::ConsequenceOf(user)) => Ok(by_person(*user, reason)),
        _ => Err(Refusal::WrongState),
    }
}

/// What a measurement is made of besides its state.
#[derive(Debug, Clone)]
pub struct MeasurementParts {
    pub id: MeasurementId,
    pub lead_id: LeadId,
    pub origin: Origin,
    pub previous_id: Option<MeasurementId>,
    pub problem: Option<Problem>,
    pub undoable: Option<Undoable>,
    pub responsible: Option<AmoUserId>,
    pub facts: Facts,
    pub moved_on_to: Option<String>,
    pub is_provisional: bool,
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests;
