//! What happens to measurements because their deal changed.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};
use sqlx::PgConnection;

use super::{audience, carry_out, note, record};
use crate::actions::{ActionError, Refused, proposals as proposing};
use crate::domain::facts::{Facts, Field, FieldChange};
use crate::domain::history::{Author, What};
use crate::domain::ids::MeasurementId;
use crate::domain::intake::Source;
use crate::domain::measurement::{By, DealEnd, Measurement, Origin, StatusKind, Transition};
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

/// What a source says of a deal with open measurements.
#[derive(Debug, Clone)]
pub struct TakenFacts {
    /// A hook lists filled fields only: its facts are laid over those we have.
    pub source: Source,
    pub facts: Facts,
    pub client: Linked,
    pub company: Linked,
    pub place: Place,
    /// [`hand_over`] has just given it to another manager.
    pub is_handed_over: bool,
}

/// Whether the deal's facts hold what AmoCRM keeps beside the deal: its client, its company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    Known,
    /// It was not read: what we know of it stays.
    NotRead,
}

/// Where a deal is that has a measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a stage that measurements are opened from.
    Trigger,
    /// In another, by its name.
    MovedOn(String),
    /// The source does not say.
    Untold,
}

/// Opens a measurement for a deal, with the earlier one of the same deal behind it. The rules have not looked at it yet:
/// that is for later in the transaction, by [`crate::actions::proposals::renew`].
pub async fn open(
    conn: &mut PgConnection,
    lead_id: LeadId,
    new: &NewMeasurement,
    now: DateTime<Utc>,
) -> Result<MeasurementId, ActionError> {
    let row = NewRow {
        lead_id,
        origin: Origin::AmoCrm,
        previous_id: measurements::find_last_of_lead(conn, lead_id).await?,
        responsible: new.responsible,
        facts: &new.facts,
        moved_on_to: new.moved_on_to.as_deref(),
        is_provisional: new.is_provisional,
    };
    Ok(insert(conn, &row, Author::AmoCrm, now).await?.id)
}

/// Opens one, and tells of it. Its proposal is still to be made.
pub(super) async fn insert(
    conn: &mut PgConnection,
    row: &NewRow<'_>,
    author: Author,
    now: DateTime<Utc>,
) -> Result<Measurement, ActionError> {
    let id = measurements::insert(conn, row, now).await?;
    let opened = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
    record(conn, &opened, author, &What::Opened, now).await?;
    Ok(opened)
}

/// AmoCRM closed or deleted the deal: whatever is open of it, by whomever it was asked for, is cancelled.
pub async fn end_with_deal(
    conn: &mut PgConnection,
    lead_id: LeadId,
    end: DealEnd,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    for measurement in measurements::lock_open_of_lead(conn, lead_id).await? {
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

/// Brings the facts of the deal's open measurements up to date. Says nothing where nothing differs.
pub async fn take_facts(
    conn: &mut PgConnection,
    lead_id: LeadId,
    taken: &TakenFacts,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    for before in measurements::lock_open_of_lead(conn, lead_id).await? {
        let after = with(&before, taken);
        if after != before {
            save(conn, &before, &after, taken.is_handed_over, now).await?;
        }
    }
    Ok(())
}

fn with(before: &Measurement, taken: &TakenFacts) -> Measurement {
    let mut facts = taken.facts.clone();
    if taken.client == Linked::NotRead {
        facts.client_name.clone_from(&before.facts.client_name);
        facts.phones.clone_from(&before.facts.phones);
    }
    if taken.company == Linked::NotRead {
        facts.company.clone_from(&before.facts.company);
    }
    let mut after = before.clone();
    after.facts = match taken.source {
        Source::AmoCrm => facts,
        Source::Hook => before.facts.clone().overlaid_by(facts),
    };
    after.moved_on_to = match &taken.place {
        Place::MovedOn(stage) if before.origin == Origin::AmoCrm => Some(stage.clone()),
        Place::Untold => before.moved_on_to.clone(),
        // Whoever asked for another visit knew where the deal was.
        Place::MovedOn(_) | Place::Trigger => None,
    };
    after.is_provisional = before.is_provisional && taken.source == Source::Hook;
    after
}

async fn save(
    conn: &mut PgConnection,
    before: &Measurement,
    after: &Measurement,
    is_handed_over: bool,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    measurements::save_facts(conn, after).await?;
    cards::bump_keeping_face(conn, after.id).await?;
    let mut changes = before.facts.changes_to(&after.facts);
    let is_for_rules =
        |change: &FieldChange| matches!(change.field, Field::Zone | Field::Address | Field::Dealer);
    let has_other_company = before.facts.company != after.facts.company;
    if after.status().kind() == StatusKind::Pending && (has_other_company || changes.iter().any(is_for_rules))
    {
        proposing::propose(conn, after, now).await?;
    }
    if before.is_provisional {
        // Filling in what a hook could not tell is no change of the deal.
        changes.retain(|change| change.from.is_some());
    }
    if changes.is_empty() {
        return Ok(());
    }
    let mut audience = audience(conn, after, Author::AmoCrm).await?;
    if is_handed_over {
        // The new manager gets the card with all of its facts.
        audience.manager = None;
    }
    Ok(note(conn, after, Author::AmoCrm, &What::FactsChanged { changes }, &audience, now).await?)
}
