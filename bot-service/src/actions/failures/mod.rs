//! What is stuck, and what admins decide about it: to try once more, or to pass it over.
//!
//! Every decision is kept with the name of who made it. Of two who decide at once the second one is told of the first.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::views::{About, COUNT_CAP, DECISIONS_SHOWN, DecisionView, FailuresView};
use super::{ActionError, DOUBLE_TAP, Refused};
use crate::domain::failures::Decided;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::failure_decisions::{self, Decision, Subject};
use crate::storage::{backlog, lead_nudges, parked_messages};

pub mod deals;
pub mod messages;

/// What fails for a shorter time is about to be tried again, and nobody need look at it.
pub const SHOWN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// All that is stuck, in numbers.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn overview(
    conn: &mut PgConnection,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<FailuresView, ActionError> {
    check_area(actor, Area::Failures)?;
    let failing = backlog::failing(conn, COUNT_CAP + 1).await?;
    Ok(FailuresView {
        deals: lead_nudges::count(conn, now - SHOWN_AFTER, COUNT_CAP + 1).await?,
        messages: parked_messages::count(conn, COUNT_CAP + 1).await?,
        unsent: failing.outbox,
        given_up: failing.updates,
    })
}

/// The newest decisions.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn decisions(conn: &mut PgConnection, actor: &Actor) -> Result<Vec<DecisionView>, ActionError> {
    check_area(actor, Area::Failures)?;
    let decisions = failure_decisions::list(conn, DECISIONS_SHOWN.into()).await?;
    Ok(decisions.into_iter().map(view).collect())
}

/// Why there is nothing to decide about any more.
fn decided_before(last: Option<Decision>, otherwise: Refused) -> Refused {
    last.map_or(otherwise, |last| Refused::Decided(Box::new(view(last))))
}

/// Whether this person has just done the same.
fn is_double_tap(last: Option<&Decision>, actor: &Actor, decided: Decided, now: DateTime<Utc>) -> bool {
    last.is_some_and(|last| last.by == actor.id && last.decided == decided && now - last.at < DOUBLE_TAP)
}

fn view(decision: Decision) -> DecisionView {
    let about = match decision.subject {
        Subject::Deal(lead, why) => About::Deal(lead, why),
        Subject::Message(id, why) => About::Message(id, why),
    };
    DecisionView { at: decision.at, name: decision.name, decided: decision.decided, about }
}

#[cfg(test)]
mod tests;
