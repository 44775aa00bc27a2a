//! Why somebody did what he did.
//!
//! A cancellation is asked for its reason before it happens: whoever loses a visit by it reads why. Another measurer is
//! asked for afterwards, on the same card, and need not be answered: choosing him stays one press, skipping costs none
//! (the next change of the measurement takes the question away), and an answer costs one. Asked before the choice,
//! every change of a measurer would cost a press more.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::stale;
use crate::actions::{ActionError, Refused};
use crate::domain::history::{Author, What};
use crate::domain::ids::MeasurementId;
use crate::domain::measurement::ReassignReason;
use crate::domain::permissions::{self, Action};
use crate::domain::user::Actor;
use crate::storage::{history, measurements};

/// Whether the last that happened was a change of the measurer: a first assignment needs no reason.
pub async fn asks_why(conn: &mut PgConnection, id: MeasurementId) -> Result<bool, ActionError> {
    let last = history::last_transition(conn, id).await?;
    Ok(last.is_some_and(|line| matches!(line.what, What::Reassigned { .. })))
}

/// Whoever gave a measurement to another measurer says why, once, while that is the last that happened to it.
///
/// # Errors
///
/// Refused where the right is missing, somebody else did it, or more has happened since.
pub async fn explain(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, step): (MeasurementId, i32),
    (reason, text): (ReassignReason, Option<String>),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let measurement = measurements::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    permissions::check(actor, Action::Reassign, &measurement)?;
    let last = stale::last_change(conn, id).await?;
    let is_own = last.line.author == Author::Person(actor.id);
    if measurement.step() != step || !is_own || !matches!(last.line.what, What::Reassigned { .. }) {
        return Err(Refused::Stale { last: Box::new(last) }.into());
    }
    if history::is_explained(conn, id, step).await? {
        return Err(Refused::AlreadyDone.into());
    }
    let what = What::Explained { reason, text };
    history::append(conn, id, step, Author::Person(actor.id), &what, now).await?;
    Ok(())
}
