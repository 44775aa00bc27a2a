//! Who may do what to a measurement, now. The only match on [`Role`] that decides about rights.
//!
//! Actions ask [`check`] before they act, keyboards ask [`actions`] before they show a button; both are the
//! same table, so a button is shown exactly when it would work.

use super::measurement::{Canceller, Measurement, Status};
use super::user::{Actor, Role};

/// What a person can do to one measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    View,
    Assign,
    Reassign,
    Start,
    Complete,
    Cancel,
    Restore,
}

impl Action {
    pub const ALL: [Self; 7] =
        [Self::View, Self::Assign, Self::Reassign, Self::Start, Self::Complete, Self::Cancel, Self::Restore];
}

/// Why an action was refused. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("only an administrator assigns")]
    AssignedByAdmin,
    #[error("only an administrator may do this")]
    AdminOnly,
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
}

/// As whom a person looks at a measurement: it decides which facts and lines the card has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Admin,
    Measurer,
    Manager,
}

/// Whether `actor` may do `action` to `measurement` in its present state.
///
/// # Errors
///
/// The reason why not: a missing right comes before a wrong state.
pub fn check(actor: &Actor, action: Action, measurement: &Measurement) -> Result<(), Refusal> {
    has_right(actor, action, measurement)?;
    if state_allows(measurement.status(), action) { Ok(()) } else { Err(Refusal::WrongState) }
}

/// All that `actor` can do to `measurement` now, in the order of the buttons.
pub fn actions(actor: &Actor, measurement: &Measurement) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| check(actor, *action, measurement).is_ok()).collect()
}

/// As whom `actor` sees `measurement`; `None` if he does not.
pub fn look(actor: &Actor, measurement: &Measurement) -> Option<Look> {
    if actor.roles.has(Role::Admin) {
        Some(Look::Admin)
    } else if is_measurer_of(actor, measurement) {
        Some(Look::Measurer)
    } else if is_manager_of(actor, measurement) {
        Some(Look::Manager)
    } else {
        None
    }
}

/// Whether `actor` may manage people: invite, link, disable.
///
/// # Errors
///
/// As [`check_role`] for admins.
pub fn check_people(actor: &Actor) -> Result<(), Refusal> {
    check_role(actor, Role::Admin)
}

/// Whether `actor` has what belongs to a role as a whole: its lists and its commands.
///
/// # Errors
///
/// Whose it is, or [`Refusal::NoAccess`] for who has no role at all.
pub fn check_role(actor: &Actor, role: Role) -> Result<(), Refusal> {
    let otherwise = match role {
        Role::Admin => Refusal::AdminOnly,
        Role::Measurer => Refusal::MeasurerOnly,
        Role::Manager => Refusal::ManagerOnly,
    };
    if actor.roles.has(role) { Ok(()) } else { Err(lacking(actor, otherwise)) }
}

fn has_right(actor: &Actor, action: Action, measurement: &Measurement) -> Result<(), Refusal> {
    let (granted, otherwise) = match action {
        Action::View => (look(actor, measurement).is_some(), Refusal::NotYours),
        Action::Assign | Action::Reassign => (actor.roles.has(Role::Admin), Refusal::AssignedByAdmin),
        Action::Cancel | Action::Restore => (actor.roles.has(Role::Admin), Refusal::AdminOnly),
        Action::Start | Action::Complete => (is_measurer_of(actor, measurement), Refusal::NotYours),
    };
    if granted { Ok(()) } else { Err(lacking(actor, otherwise)) }
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

fn state_allows(status: &Status, action: Action) -> bool {
    match action {
        Action::View => true,
        Action::Assign => matches!(status, Status::Pending),
        Action::Reassign | Action::Complete => {
            matches!(status, Status::Assigned(_) | Status::InProgress { .. })
        }
        Action::Start => matches!(status, Status::Assigned(_)),
        Action::Cancel => status.kind().is_open(),
        Action::Restore => matches!(status, Status::Cancelled { by: Canceller::AmoCrm(_), .. }),
    }
}

#[cfg(test)]
mod tests;
