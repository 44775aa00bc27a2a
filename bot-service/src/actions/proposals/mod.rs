//! Whom the rules propose for a measurement that waits. Made in the transaction in which it begins to wait, and made
//! anew when the deal, the people or the rules change.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::measurements::{assign_by_rule, note_proposal, transit, would_allow};
use super::{ActionError, Refused};
use crate::domain::dispatch::{self, Dispatch};
use crate::domain::history::What;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{Measurement, StatusKind, Transition};
use crate::domain::permissions::{self, Action};
use crate::domain::proposal::{Mode, Proposal, choose};
use crate::domain::user::Actor;
use crate::storage::proposals::{self, Stored};
use crate::storage::{StorageError, cards, dealers, history, measurements, settings, users};

mod basis;

/// How work is given out today.
pub async fn dispatch(conn: &mut PgConnection) -> Result<Dispatch, StorageError> {
    Ok(settings::find(conn, dispatch::SETTING).await?.unwrap_or_default())
}

/// Whether it matters who the dealer of a deal is.
pub async fn dealers_matter(conn: &mut PgConnection) -> Result<bool, StorageError> {
    Ok(dispatch(conn).await?.rules.dealer != Mode::Off || dealers::are_there(conn).await?)
}

/// Has the rules look at a measurement that waits and is locked, and does what they say. From the turn that it takes to
/// the end of the transaction nobody else can propose, so little should be left to do then.
pub(super) async fn propose(
    conn: &mut PgConnection,
    measurement: &Measurement,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    // First: what changes from here on is newer than this version, and is looked at anew.
    let version = proposals::basis_version(conn).await?;
    let rules = dispatch(conn).await?.rules;
    let before = proposals::find(conn, measurement.id).await?;
    let current = before.as_ref().and_then(|stored| stored.proposal.as_ref());
    let sought = basis::seek(conn, measurement, now).await?;
    proposals::take_turn(conn).await?;
    let basis = sought.with_measurers(conn, measurement.id, now).await?;
    let chosen = choose(&rules, &basis, current.map(|proposal| (proposal.measurer, proposal.rule)));
    if let Some(proposal) = &chosen
        && rules.mode(proposal.rule) == Mode::Assign
        && !was_taken_back(conn, measurement.id).await?
        && assign_by_rule(conn, measurement, proposal.measurer, now).await?
    {
        return Ok(());
    }
    let stored = following(before.as_ref(), chosen);
    let new = stored.proposal.as_ref().filter(|new| current.is_none_or(|old| old.measurer != new.measurer));
    proposals::save(conn, measurement.id, (&stored, new.is_some()), version, now).await?;
    if let Some(new) = new {
        note_proposal(conn, measurement, new, now).await?;
    }
    // What begins to wait has its cards drawn anew for that.
    if before.is_some() && stored.proposal.as_ref().map(shown) != current.map(shown) {
        cards::bump_keeping_face(conn, measurement.id).await?;
    }
    Ok(())
}

/// Whether a person has put the measurement back where it waits by taking something back: then it waits for a person,
/// and no rule does at once again what he has just undone.
async fn was_taken_back(conn: &mut PgConnection, id: MeasurementId) -> Result<bool, StorageError> {
    let last = history::last_transition(conn, id).await?;
    Ok(last.is_some_and(|line| matches!(line.what, What::Undone { .. })))
}

/// What a card is drawn anew for. How busy people are changes all the time.
fn shown(proposal: &Proposal) -> impl PartialEq {
    (proposal.measurer, proposal.rule, &proposal.name, &proposal.passed)
}

/// A new name is a new proposal: the button for the old one confirms nothing any more.
fn following(before: Option<&Stored>, chosen: Option<Proposal>) -> Stored {
    let Some(before) = before else { return Stored { number: 1, proposal: chosen, before: None } };
    let was = before.proposal.as_ref().map(|proposal| proposal.measurer);
    if was == chosen.as_ref().map(|proposal| proposal.measurer) {
        return Stored { proposal: chosen, ..before.clone() };
    }
    Stored { number: before.number + 1, proposal: chosen, before: was.or(before.before) }
}

/// Gives a measurement to whom the card proposed, or to nobody. Returns who got it.
///
/// # Errors
///
/// As [`transit`], and refused where another one is proposed by now.
pub async fn confirm(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, step): (MeasurementId, i32),
    number: i32,
    now: DateTime<Utc>,
) -> Result<UserId, ActionError> {
    let measurement = measurements::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    let may_assign = permissions::check(actor, Action::Assign, &measurement).is_ok();
    let measurer = if may_assign && measurement.step() == step {
        proposed(conn, id, number).await?
    } else if let Some(measurer) = measurement.measurer() {
        // Whatever happened meanwhile, this says it.
        measurer
    } else {
        would_allow(conn, actor, (id, step), Action::Assign).await?;
        return Err(Refused::Unknown.into());
    };
    transit(conn, actor, (id, step), Transition::Assign(measurer), now).await?;
    Ok(measurer)
}

/// Whom this proposal names, if it still stands.
async fn proposed(conn: &mut PgConnection, id: MeasurementId, number: i32) -> Result<UserId, ActionError> {
    let stored = proposals::find(conn, id).await?;
    let standing = stored.and_then(|stored| Some((stored.proposal?.measurer, stored.number)));
    match standing {
        Some((measurer, standing)) if standing == number => Ok(measurer),
        Some((measurer, _)) => {
            let name = users::find(conn, measurer).await?.map(|user| user.name);
            Err(Refused::ProposalChanged(name).into())
        }
        None => Err(Refused::ProposalChanged(None).into()),
    }
}

/// Looks at one measurement again because something has changed that the rules look at. Returns whether it still waits.
///
/// # Errors
///
/// If the database fails.
pub async fn renew(
    conn: &mut PgConnection,
    id: MeasurementId,
    now: DateTime<Utc>,
) -> Result<bool, ActionError> {
    let Some(measurement) = measurements::lock(conn, id).await? else { return Ok(false) };
    let is_waiting = measurement.status().kind() == StatusKind::Pending;
    if is_waiting {
        propose(conn, &measurement, now).await?;
    }
    Ok(is_waiting)
}

#[cfg(test)]
mod tests;
