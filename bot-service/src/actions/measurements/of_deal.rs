//! What happens to measurements because their deal changed.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};
use sqlx::PgConnection;

use super::{audience, carry_out, note, record};
use crate::actions::{ActionError, Refused};
use crate::domain::facts::Facts;
use crate::domain::history::{Author, What};
use crate::domain::ids::MeasurementId;
use crate::domain::intake::Source;
use crate::domain::measurement::{By, DealEnd, Transition};
use crate::domain::notices::Audience;
use crate::storage::measurements::NewRow;
use crate::storage::{cards, measurements};

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
    pub moved_on_to: Option<String>,
    /// [`hand_over`] has just given it to another manager.
    pub is_handed_over: bool,
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
    let opened = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
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

/// Gives all measurements of the deal, those that are over too, to the deal's responsible employee. Who loses
/// sight of one by that gets its card as a stub; of those that are over nobody is told.
///
/// Returns whether an open one changed hands.
pub async fn hand_over(
    conn: &mut PgConnection,
    lead_id: LeadId,
    responsible: Option<AmoUserId>,
    now: DateTime<Utc>,
) -> Result<bool, ActionError> {
    let mut is_open_among_them = false;
    for mut measurement in measurements::lock_with_other_responsible(conn, lead_id, responsible).await? {
        let what = What::ResponsibleChanged { from: measurement.responsible, to: responsible };
        measurement.responsible = responsible;
        measurements::save_facts(conn, &measurement).await?;
        cards::bump_keeping_face(conn, measurement.id).await?;
        let audience = if measurement.is_open() {
            audience(conn, &measurement, Author::AmoCrm).await?
        } else {
            Audience::default()
        };
        note(conn, &measurement, Author::AmoCrm, &what, &audience, now).await?;
        is_open_among_them |= measurement.is_open();
    }
    Ok(is_open_among_them)
}

/// Brings the facts of the deal's open measurement up to date. Says nothing where nothing differs.
pub async fn take_facts(
    conn: &mut PgConnection,
    lead_id: LeadId,
    taken: TakenFacts,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let Some(before) = measurements::lock_open_of_lead(conn, lead_id).await? else { return Ok(()) };
    let mut after = before.clone();
    after.facts = match taken.source {
        Source::AmoCrm => taken.facts,
        Source::Hook => before.facts.clone().overlaid_by(taken.facts),
    };
    after.moved_on_to = taken.moved_on_to;
    after.is_provisional = before.is_provisional && taken.source == Source::Hook;
    if after == before {
        return Ok(());
    }
    measurements::save_facts(conn, &after).await?;
    cards::bump_keeping_face(conn, after.id).await?;
    let mut changes = before.facts.changes_to(&after.facts);
    if before.is_provisional {
        // Filling in what a hook could not tell is no change of the deal.
        changes.retain(|change| change.from.is_some());
    }
    if changes.is_empty() {
        return Ok(());
    }
    let mut audience = audience(conn, &after, Author::AmoCrm).await?;
    if taken.is_handed_over {
        // The new manager gets the card with all of its facts.
        audience.manager = None;
    }
    Ok(note(conn, &after, Author::AmoCrm, &What::FactsChanged { changes }, &audience, now).await?)
}
