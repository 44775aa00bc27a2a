//! Another visit of the same deal, because a person asks for it: after one that is done, or beside one that is open.
//!
//! From then on it follows the deal as the first does. One open visit is asked for after each: what is asked for twice
//! by mistake is there once, and who needs a third asks for it on the card of the second.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{of_deal, stale};
use crate::actions::{ActionError, DOUBLE_TAP, Refused, proposals as proposing};
use crate::domain::history::Author;
use crate::domain::ids::MeasurementId;
use crate::domain::measurement::Origin;
use crate::domain::permissions::{self, Action, Refusal};
use crate::domain::user::Actor;
use crate::storage::measurements::NewRow;
use crate::storage::{lead_nudges, measurements};

/// Opens it, from the step that the button was drawn for.
///
/// # Errors
///
/// Refused where the right is missing, the button is stale, or such a visit is open already.
pub async fn follow_up(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, step): (MeasurementId, i32),
    now: DateTime<Utc>,
) -> Result<MeasurementId, ActionError> {
    let before = measurements::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    match permissions::check(actor, Action::FollowUp, &before) {
        Ok(()) if before.step() == step => {}
        Ok(()) | Err(Refusal::WrongState) => {
            let last = stale::last_change(conn, id).await?;
            return Err(Refused::Stale { last: Box::new(last) }.into());
        }
        Err(refusal) => return Err(refusal.into()),
    }
    if let Some(open) = measurements::find_follow_up(conn, id).await? {
        let is_second_tap = open.created_at > now - DOUBLE_TAP;
        return Err(if is_second_tap { Refused::AlreadyDone } else { Refused::AnotherIsOpen(open.id) }.into());
    }
    let row = NewRow {
        lead_id: before.lead_id,
        origin: Origin::Person,
        previous_id: Some(id),
        responsible: before.responsible,
        facts: &before.facts,
        moved_on_to: None,
        is_provisional: before.is_provisional,
    };
    let opened = of_deal::insert(conn, &row, Author::Person(actor.id), now).await?;
    proposing::propose(conn, &opened, now).await?;
    // What is over took no facts.
    lead_nudges::ask(conn, before.lead_id, now).await?;
    Ok(opened.id)
}
