//! What happens to a measurement: by a press of a person, or because its deal changed.
//!
//! Every change takes the same way: lock, ask the domain, save, write the history line, raise the cards, queue
//! the notices. The caller commits all of it or nothing.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};
use sqlx::PgConnection;

use super::{ActionError, Refused};
use crate::domain::facts::Facts;
use crate::domain::history::{Author, What};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::intake::Source;
use crate::domain::measurement::{By, DealEnd, Measurement, Transition};
use crate::domain::notices::{self, Audience};
use crate::domain::permissions::{self, Refusal};
use crate::domain::user::{Actor, Role};
use crate::storage::measurements::NewRow;
use crate::storage::{StorageError, cards, history, measurements, outbox, users};

/// A measurement to open, as the deal describes it.
#[derive(Debug, Clone)]
pub struct NewMeasurement {
    pub facts: Facts,
    pub responsible: Option<AmoUserId>,
    /// The stage the deal is at by now, where it has left the trigger stage.
    pub moved_on_to: Option<String>,
    /// Known from a webhook alone.
    pub is_provisional: bool,
}

/// What a source says of a deal with an open measurement.
#[derive(Debug, Clone)]
pub struct TakenFacts {
    /// A hook lists filled fields only: its facts are laid over those we have.
    pub source: Source,
    pub facts: Facts,
    pub responsible: Option<AmoUserId>,
    pub moved_on_to: Option<String>,
}

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

/// Opens a measurement for a deal, with the earlier one of the same deal behind it.
pub async fn open(
    conn: &mut PgConnection,
    lead_id: LeadId,
    new: &NewMeasurement,
    now: DateTime<Utc>,
) -> Result<MeasurementId, ActionError> {
    let row = NewRow {
        lead_id,
        previous_id: measurements::find_last_of_lead(conn, lead_id).await?,
        responsible: new.responsible,
        facts: &new.facts,
        moved_on_to: new.moved_on_to.as_deref(),
        is_provisional: new.is_provisional,
    };
    let id = measurements::insert(conn, &row, now).await?;
    let opened = find(conn, id).await?;
    record(conn, &opened, Author::AmoCrm, &What::Opened, now).await?;
    Ok(id)
}

/// AmoCRM closed or deleted the deal: its open measurement, if there is one, is cancelled.
pub async fn end_with_deal(
    conn: &mut PgConnection,
    lead_id: LeadId,
    end: DealEnd,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    if let Some(measurement) = measurements::lock_open_of_lead(conn, lead_id).await? {
        carry_out(conn, measurement, Transition::EndWithDeal(end), By::AmoCrm, now).await?;
    }
    Ok(())
}

/// Brings the facts of the deal's open measurement up to date. Says nothing where nothing differs.
pub async fn take_facts(
    conn: &mut PgConnection,
    lead_id: LeadId,
    taken: TakenFacts,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let Some(before) = measurements::lock_open_of_lead(conn, lead_id).await? else { return Ok(()) };
    let is_provisional = before.is_provisional && taken.source == Source::Hook;
    let (facts, responsible) = match taken.source {
        Source::AmoCrm => (taken.facts, taken.responsible),
        Source::Hook => {
            (before.facts.clone().overlaid_by(taken.facts), taken.responsible.or(before.responsible))
        }
    };
    let mut after = before.clone();
    after.facts = facts;
    after.responsible = responsible;
    after.moved_on_to = taken.moved_on_to;
    after.is_provisional = is_provisional;
    if after == before {
        return Ok(());
    }
    measurements::save_facts(conn, &after).await?;
    cards::bump_keeping_face(conn, after.id).await?;
    let mut audience = audience(conn, &after, Author::AmoCrm).await?;
    if after.responsible != before.responsible {
        let what = What::ResponsibleChanged { from: before.responsible, to: after.responsible };
        note(conn, &after, Author::AmoCrm, &what, &audience, now).await?;
        // The new manager has just got the card with all of its facts.
        audience.manager = None;
    }
    let changes = before.facts.changes_to(&after.facts);
    // Filling in what a hook could not tell is no change of the deal.
    if !changes.is_empty() && !before.is_provisional {
        note(conn, &after, Author::AmoCrm, &What::FactsChanged { changes }, &audience, now).await?;
    }
    Ok(())
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

async fn find(conn: &mut PgConnection, id: MeasurementId) -> Result<Measurement, ActionError> {
    Ok(measurements::find(conn, id).await?.ok_or(Refused::Unknown)?)
}

mod stale;

#[cfg(test)]
mod tests;
