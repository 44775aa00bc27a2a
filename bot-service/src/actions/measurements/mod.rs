//! What happens to a measurement: by a press of a person, or because its deal changed.
//!
//! Every change takes the same way: lock, ask the domain, save, write the history line, raise the cards, queue
//! the notices. The caller commits all of it or nothing.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{ActionError, Refused, proposals as proposing};
use crate::domain::history::{Author, What};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{By, Measurement, Moved, StatusKind, Transition};
use crate::domain::notices::{self, Audience};
use crate::domain::permissions::{self, Refusal};
use crate::domain::proposal::Proposal;
use crate::domain::user::{Actor, Role};
use crate::storage::{StorageError, cards, history, lead_nudges, measurements, outbox, proposals, users};

mod comment;
mod follow_up;
mod of_deal;
mod reasons;
mod stale;
mod undo;

pub use comment::{comment, comment_further};
pub use follow_up::follow_up;
pub use of_deal::{Linked, NewMeasurement, Place, TakenFacts, end_with_deal, hand_over, open, take_facts};
pub use reasons::{asks_why, explain};

/// A person moves a measurement on, from the step that his button was drawn for.
///
/// # Errors
///
/// Refused where the right is missing, the button is stale, or the measurer has no access any more.
pub async fn transit(
    conn: &mut PgConnection,
    actor: &Actor,
    at_step: (MeasurementId, i32),
    transition: Transition,
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    transit_saying(conn, actor, at_step, (transition, None), now).await
}

/// The same with the person's own words for his reason.
///
/// # Errors
///
/// As [`transit`].
pub async fn transit_saying(
    conn: &mut PgConnection,
    actor: &Actor,
    at_step: (MeasurementId, i32),
    (transition, words): (Transition, Option<String>),
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    let measurement = lock_for(conn, actor, at_step, transition).await?;
    match transition {
        Transition::Assign(measurer) if measurement.measurer() != Some(measurer) => {
            lock_measurer(conn, measurer).await?;
        }
        Transition::Restore => {
            if let Some(other) = measurements::find_open_of_lead(conn, measurement.lead_id).await? {
                return Err(Refused::AnotherIsOpen(other).into());
            }
            // While it was over, it took no facts.
            lead_nudges::ask(conn, measurement.lead_id, now).await?;
        }
        Transition::Undo => undo::allow(conn, &measurement, now).await?,
        _ => {}
    }
    let moved = measurement.apply(transition, &By::Person(*actor), now)?;
    save(conn, moved.saying(words), Author::Person(actor.id), now).await
}

/// Checks a press that changes nothing yet (a question, another page of measurers) as the change itself will be.
///
/// # Errors
///
/// As [`transit`].
pub async fn would_allow(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, step): (MeasurementId, i32),
    action: permissions::Action,
) -> Result<Measurement, ActionError> {
    let measurement = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
    match permissions::check(actor, action, &measurement) {
        Ok(()) if measurement.step() == step => Ok(measurement),
        Ok(()) | Err(Refusal::WrongState) => {
            let last = stale::last_change(conn, id).await?;
            Err(Refused::Stale { last: Box::new(last) }.into())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The measurement, locked, if this move is its actor's from this step.
async fn lock_for(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, step): (MeasurementId, i32),
    transition: Transition,
) -> Result<Measurement, ActionError> {
    let measurement = measurements::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    match permissions::check(actor, transition.action(&measurement), &measurement) {
        Ok(()) if measurement.step() == step => Ok(measurement),
        Ok(()) | Err(Refusal::WrongState) => {
            Err(stale::refusal(conn, actor, &measurement, transition).await?)
        }
        Err(Refusal::NotYours) => Err(stale::not_yours(conn, actor, id).await?),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Takes measurements from a person: to another measurer, or back into the queue.
///
/// # Errors
///
/// Refused where the other is no measurer with access.
pub(super) async fn give_all(
    conn: &mut PgConnection,
    measurements: Vec<Measurement>,
    to: Option<UserId>,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    if let Some(measurer) = to {
        lock_measurer(conn, measurer).await?;
    }
    let transition = to.map_or(Transition::Return, Transition::Assign);
    for measurement in measurements {
        carry_out(conn, measurement, transition, By::ConsequenceOf(by), now).await?;
    }
    Ok(())
}

/// A rule gives a measurement to the measurer whom it has found, without asking. Returns false, and does nothing, if he
/// is none any more.
pub(super) async fn assign_by_rule(
    conn: &mut PgConnection,
    measurement: &Measurement,
    measurer: UserId,
    now: DateTime<Utc>,
) -> Result<bool, ActionError> {
    match lock_measurer(conn, measurer).await {
        Err(ActionError::Refused(_)) => return Ok(false),
        held => held?,
    }
    // On the heap: what is given back into the queue is proposed in turn.
    let assigning = carry_out(conn, measurement.clone(), Transition::Assign(measurer), By::Rule, now);
    Box::pin(assigning).await?;
    Ok(true)
}

/// A proposal is part of the measurement's history. Nobody gets a message of its own for it.
pub(super) async fn note_proposal(
    conn: &mut PgConnection,
    measurement: &Measurement,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let what = What::Proposed { to: proposal.measurer, rule: proposal.rule, name: proposal.name.clone() };
    history::append(conn, measurement.id, measurement.step(), Author::System, &what, now).await?;
    Ok(())
}

/// Holds somebody who is about to get work, so that he has the role and his access until it is his.
async fn lock_measurer(conn: &mut PgConnection, measurer: UserId) -> Result<(), ActionError> {
    let chosen = users::lock_shared(conn, measurer).await?.ok_or(Refused::MeasurerUnavailable)?;
    if chosen.actor().roles.has(Role::Measurer) { Ok(()) } else { Err(Refused::MeasurerUnavailable.into()) }
}

async fn carry_out(
    conn: &mut PgConnection,
    measurement: Measurement,
    transition: Transition,
    by: By,
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    let moved = measurement.apply(transition, &by, now)?;
    let author = match by {
        By::Person(actor) => Author::Person(actor.id),
        By::ConsequenceOf(user) => Author::Person(user),
        By::AmoCrm => Author::AmoCrm,
        By::Rule => Author::System,
    };
    save(conn, moved, author, now).await
}

async fn save(
    conn: &mut PgConnection,
    moved: Moved,
    author: Author,
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    let Moved { measurement, what } = moved;
    // What is taken back has not waited anew.
    let queued_at = (!matches!(what, What::Undone { .. })).then_some(now);
    measurements::save_status(conn, &measurement, queued_at).await?;
    let proposed = proposals::remove(conn, measurement.id).await?;
    let what = match what {
        What::Assigned { to, .. } => What::Assigned { to, instead_of: proposed.filter(|user| *user != to) },
        what => what,
    };
    if let What::Assigned { to, .. } | What::Reassigned { to, .. } = what {
        proposals::had_turn(conn, to, now).await?;
    }
    record(conn, &measurement, author, &what, now).await?;
    if measurement.status().kind() == StatusKind::Pending {
        proposing::propose(conn, &measurement, now).await?;
    }
    Ok(measurement)
}

/// The history line of a transition, its cards and its notices.
async fn record(
    conn: &mut PgConnection,
    after: &Measurement,
    author: Author,
    what: &What,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    cards::bump(conn, after.id).await?;
    let audience = audience(conn, after, author).await?;
    note(conn, after, author, what, &audience, now).await
}

/// The history line and the notices that point to it.
async fn note(
    conn: &mut PgConnection,
    after: &Measurement,
    author: Author,
    what: &What,
    audience: &Audience,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let line = history::append(conn, after.id, after.step(), author, what, now).await?;
    for (user, kind) in notices::after(what, after, audience) {
        outbox::enqueue_notice(conn, user, kind, line, after.id, now).await?;
    }
    Ok(())
}

async fn audience(
    conn: &mut PgConnection,
    after: &Measurement,
    author: Author,
) -> Result<Audience, StorageError> {
    let manager = match after.responsible {
        Some(employee) => users::find_by_employee(conn, employee).await?,
        None => None,
    };
    let is_manager = |user: &crate::domain::user::User| user.actor().roles.has(Role::Manager);
    let office = users::list_office(conn).await?;
    Ok(Audience {
        office: office.distributing,
        observers: office.observing,
        manager: manager.filter(is_manager).map(|user| user.id),
        author: match author {
            Author::Person(user) => Some(user),
            Author::AmoCrm | Author::System => None,
        },
    })
}

#[cfg(test)]
mod tests;
