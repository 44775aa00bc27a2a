//! Who may do what to a measurement, now. The only match on [`Role`] that decides about rights.
//!
//! Actions ask [`check`] before they act, keyboards ask [`actions`] before they show a button; both are the
//! same table, so a button is shown exactly when it would work.

use shared::ids::AmoUserId;

use super::ids::UserId;
use super::measurement::{Measurement, Status};
use super::user::{Actor, Role, Roles};

/// What a person can do to one measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    View,
    Assign,
    Reassign,
    /// Say that one goes.
    Accept,
    Start,
    Complete,
    Decline,
    ReportProblem,
    /// Have the measurer go again.
    ClearProblem,
    Cancel,
    Restore,
    /// Ask for another visit of the same deal.
    FollowUp,
    /// Take back what one has just done.
    Undo,
    /// Read what happened to it.
    History,
    /// Say something about it.
    Comment,
}

impl Action {
    pub const ALL: [Self; 15] = [
        Self::View,
        Self::Assign,
        Self::ClearProblem,
        Self::Reassign,
        Self::Accept,
        Self::Start,
        Self::Complete,
        Self::Decline,
        Self::ReportProblem,
        Self::Cancel,
        Self::Restore,
        Self::FollowUp,
        Self::Undo,
        Self::History,
        Self::Comment,
    ];
}

/// Why an action was refused. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("only an administrator assigns")]
    AssignedByAdmin,
    #[error("only an administrator may do this")]
    AdminOnly,
    #[error("only an administrator decides who is one")]
    AdminsByAdmin,
    #[error("only an administrator changes settings")]
    SettingsByAdmin,
    #[error("this is for measurers")]
    MeasurerOnly,
    #[error("this is for managers")]
    ManagerOnly,
    #[error("this measurement is not this person's")]
    NotYours,
    #[error("the person has no access")]
    NoAccess,
    #[error("the measurement is not in a state for this")]
    WrongState,
    #[error("this person measures it already")]
    AlreadyTheMeasurer,
    #[error("somebody else did it")]
    NotYourMove,
    #[error("it was done too long ago")]
    TooLate,
}

/// As whom a person looks at a measurement: it decides which facts and lines the card has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Everything, by who may change it: an admin or a supervisor.
    Admin,
    Measurer,
    Manager,
    /// Everything, by who may not.
    Observer,
}

/// Which of all measurements a person sees: [`look`], asked of many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Everything,
    /// Those that he measures, and those whose deals are his; none of either where there is none.
    Own {
        measurer: Option<UserId>,
        responsible: Option<AmoUserId>,
    },
}

/// A part of the product that belongs to some roles as a whole: its lists and its commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// All measurements.
    Measurements,
    /// One's own visits.
    Visits,
    /// The measurements of one's own deals.
    Orders,
    /// Who works here: invites, roles, links to AmoCRM, access.
    People,
    /// Who measures where, and for whom.
    Zones,
    /// How work is given out.
    Settings,
    /// What is stuck, and deals that were there before the bot.
    Failures,
}

/// Whether `actor` may do `action` to `measurement` in its present state.
///
/// # Errors
///
/// The reason why not: a missing right comes before a wrong state.
pub fn check(actor: &Actor, action: Action, measurement: &Measurement) -> Result<(), Refusal> {
    has_right(actor, action, measurement)?;
    if state_allows(measurement, action) { Ok(()) } else { Err(Refusal::WrongState) }
}

/// All that `actor` can do to `measurement` now, in the order of the buttons.
pub fn actions(actor: &Actor, measurement: &Measurement) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| check(actor, *action, measurement).is_ok()).collect()
}

/// As whom `actor` sees `measurement`; `None` if he does not.
pub fn look(actor: &Actor, measurement: &Measurement) -> Option<Look> {
    if actor.roles.distributes() {
        Some(Look::Admin)
    } else if is_measurer_of(actor, measurement) {
        Some(Look::Measurer)
    } else if is_manager_of(actor, measurement) {
        Some(Look::Manager)
    } else if actor.roles.has(Role::Observer) {
        Some(Look::Observer)
    } else {
        None
    }
}

/// As who `actor` speaks about `measurement`; `None` if he does not see it.
pub fn speaks_as(actor: &Actor, measurement: &Measurement) -> Option<Role> {
    Some(match look(actor, measurement)? {
        Look::Admin if actor.roles.has(Role::Admin) => Role::Admin,
        Look::Admin => Role::Supervisor,
        Look::Measurer => Role::Measurer,
        Look::Manager => Role::Manager,
        Look::Observer => Role::Observer,
    })
}

/// What `actor` sees.
pub fn sight(actor: &Actor) -> Sight {
    if check_area(actor, Area::Measurements).is_ok() {
        return Sight::Everything;
    }
    Sight::Own {
        measurer: actor.roles.has(Role::Measurer).then_some(actor.id),
        responsible: actor.amo_user_id.filter(|_| actor.roles.has(Role::Manager)),
    }
}

/// Whether `actor` has a part of the product.
///
/// # Errors
///
/// Whose it is, or [`Refusal::NoAccess`] for who has no role at all.
pub fn check_area(actor: &Actor, area: Area) -> Result<(), Refusal> {
    let roles = actor.roles;
    let (granted, otherwise) = match area {
        Area::Measurements => (roles.distributes() || roles.has(Role::Observer), Refusal::AdminOnly),
        Area::Visits => (roles.has(Role::Measurer), Refusal::MeasurerOnly),
        Area::Orders => (roles.has(Role::Manager), Refusal::ManagerOnly),
        Area::People | Area::Zones | Area::Failures => (roles.distributes(), Refusal::AdminOnly),
        Area::Settings => (roles.has(Role::Admin), Refusal::SettingsByAdmin),
    };
    if granted { Ok(()) } else { Err(lacking(actor, otherwise)) }
}

/// Whether `actor` may decide about the access of somebody with these roles, or give or take them: who is an admin is
/// for admins to say.
///
/// # Errors
///
/// As [`check_area`] for people, and [`Refusal::AdminsByAdmin`].
pub fn check_access(actor: &Actor, roles: Roles) -> Result<(), Refusal> {
    check_area(actor, Area::People)?;
    let is_equal = actor.roles.has(Role::Admin) || !roles.has(Role::Admin);
    if is_equal { Ok(()) } else { Err(Refusal::AdminsByAdmin) }
}

fn has_right(actor: &Actor, action: Action, measurement: &Measurement) -> Result<(), Refusal> {
    let (granted, otherwise) = match action {
        Action::View | Action::Comment => (look(actor, measurement).is_some(), Refusal::NotYours),
        Action::History => (
            matches!(look(actor, measurement), Some(Look::Admin | Look::Observer)),
            if look(actor, measurement).is_some() { Refusal::AdminOnly } else { Refusal::NotYours },
        ),
        Action::Undo => may_undo(actor, measurement),
        Action::Assign | Action::Reassign => (actor.roles.distributes(), Refusal::AssignedByAdmin),
        Action::Cancel | Action::Restore | Action::ClearProblem | Action::FollowUp => {
            (actor.roles.distributes(), Refusal::AdminOnly)
        }
        Action::Accept | Action::Start | Action::Complete | Action::Decline | Action::ReportProblem => {
            (is_measurer_of(actor, measurement), Refusal::NotYours)
        }
    };
    if granted { Ok(()) } else { Err(lacking(actor, otherwise)) }
}

/// Who gave a visit back does not see it any more, and may take that back all the same.
fn may_undo(actor: &Actor, measurement: &Measurement) -> (bool, Refusal) {
    let is_own = measurement.undoable().map(|last| last.is_of(actor));
    match look(actor, measurement) {
        Some(_) => (is_own != Some(false), Refusal::NotYourMove),
        None => (is_own == Some(true), Refusal::NotYours),
    }
}

fn lacking(actor: &Actor, otherwise: Refusal) -> Refusal {
    if actor.roles.is_empty() { Refusal::NoAccess } else { otherwise }
}

fn is_measurer_of(actor: &Actor, measurement: &Measurement) -> bool {
    actor.roles.has(Role::Measurer) && measurement.measurer() == Some(actor.id)
}

fn is_manager_of(actor: &Actor, measurement: &Measurement) -> bool {
    actor.roles.has(Role::Manager)
        && actor.amo_user_id.is_some()
        && actor.amo_user_id == measurement.responsible
}

fn state_allows(measurement: &Measurement, action: Action) -> bool {
    let (status, has_problem) = (measurement.status(), measurement.problem().is_some());
    match action {
        Action::View | Action::History | Action::Comment => true,
        Action::Assign => matches!(status, Status::Pending),
        Action::Reassign | Action::Complete | Action::Decline => {
            matches!(status, Status::Assigned(_) | Status::InProgress { .. })
        }
        Action::ReportProblem => {
            matches!(status, Status::Assigned(_) | Status::InProgress { .. }) && !has_problem
        }
        Action::ClearProblem => has_problem,
        // For ten minutes, which the move itself and the card look at: here there is no clock.
        Action::Undo => measurement.undoable().is_some(),
        Action::Accept => matches!(status, Status::Assigned(a) if a.accepted_at.is_none()),
        Action::Start => matches!(status, Status::Assigned(_)),
        Action::Cancel => status.kind().is_open(),
        // What is cancelled is opened again instead.
        Action::FollowUp => !matches!(status, Status::Cancelled { .. }),
        Action::Restore => !status.kind().is_open(),
    }
}

#[cfg(test)]
mod tests;
