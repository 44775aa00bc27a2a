//! What happens to a measurement: by a press of a person, or because its deal changed.
//!
//! Every change takes the same way: lock, ask the domain, save, write the history line, raise the cards, queue
//! the notices. The caller commits all of it or nothing.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{ActionError, Refused};
use crate::domain::history::{Author, What};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{By, Measurement, Transition};
use crate::domain::notices::{self, Audience};
use crate::domain::permissions::{self, Refusal};
use crate::domain::user::{Actor, Role};
use crate::storage::{StorageError, cards, history, lead_nudges, measurements, outbox, users};

mod of_deal;
mod stale;

pub use of_deal::{NewMeasurement, TakenFacts, end_with_deal, hand_over, open, take_facts};

/// A person moves a measurement on, from the step that his button was drawn for.
///
/// # Errors
///
/// Refused where the right is missing, the button is stale, or the measurer has no access any more.
pub async fn transit(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, step): (MeasurementId, i32),
    transition: Transition,
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    let measurement = measurements::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    match permissions::check(actor, transition.action(&measurement), &measurement) {
        Ok(()) if measurement.step() == step => {}
        Ok(()) | Err(Refusal::WrongState) => {
            return Err(stale::refusal(conn, actor, &measurement, transition).await?);
        }
        Err(Refusal::NotYours) => return Err(stale::not_yours(conn, actor, id).await?),
        Err(refusal) => return Err(refusal.into()),
    }
    match transition {
        Transition::Assign(measurer) if measurement.measurer() != Some(measurer) => {
            let chosen = users::lock_shared(conn, measurer).await?.ok_or(Refused::MeasurerUnavailable)?;
            if !chosen.actor().roles.has(Role::Measurer) {
                return Err(Refused::MeasurerUnavailable.into());
            }
        }
        Transition::Restore => {
            if let Some(other) = measurements::find_open_of_lead(conn, measurement.lead_id).await? {
                return Err(Refused::AnotherIsOpen(other).into());
            }
            // While it was cancelled, it took no facts.
            lead_nudges::ask(conn, measurement.lead_id, now).await?;
        }
        _ => {}
    }
    carry_out(conn, measurement, transition, By::Person(*actor), now).await
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

/// Takes every open measurement from a person who loses his access, back into the queue.
pub(super) async fn return_all(
    conn: &mut PgConnection,
    measurements: Vec<Measurement>,
    admin: UserId,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    for measurement in measurements {
        carry_out(conn, measurement, Transition::Return, By::ConsequenceOf(admin), now).await?;
    }
    Ok(())
}

async fn carry_out(
    conn: &mut PgConnection,
    measurement: Measurement,
    transition: Transition,
    by: By,
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    let moved = measurement.apply(transition, &by, now)?;
    measurements::save_status(conn, &moved.measurement).await?;
    let author = match by {
        By::Person(actor) => Author::Person(actor.id),
        By::ConsequenceOf(user) => Author::Person(user),
        By::AmoCrm => Author::AmoCrm,
    };
    record(conn, &moved.measurement, author, &moved.what, now).await?;
    Ok(moved.measurement)
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
    Ok(Audience {
        admins: users::list_ids_by_role(conn, Role::Admin).await?,
        manager: manager.filter(is_manager).map(|user| user.id),
        author: match author {
            Author::Person(user) => Some(user),
            Author::AmoCrm | Author::System => None,
        },
    })
}

#[cfg(test)]
mod tests;
