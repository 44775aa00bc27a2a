//! What must still be so where something is taken back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::lock_measurer;
use crate::actions::{ActionError, Refused};
use crate::domain::measurement::Measurement;
use crate::storage::{lead_nudges, measurements};

/// Whether the state before the last move can be true again: what comes back to a measurer needs one who has access,
/// and nothing may have been opened of the deal because this was over.
///
/// # Errors
///
/// Refused where it cannot.
pub(super) async fn allow(
    conn: &mut PgConnection,
    measurement: &Measurement,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let Some(last) = measurement.undoable() else { return Ok(()) };
    if !last.status.kind().is_open() || now > last.until() {
        return Ok(());
    }
    let measurer = last.status.assignment().map(|assignment| assignment.measurer);
    if let Some(measurer) = measurer.filter(|_| !measurement.is_open() || measurement.measurer() != measurer)
    {
        lock_measurer(conn, measurer).await?;
    }
    if measurement.is_open() {
        return Ok(());
    }
    if let Some(other) = measurements::find_open_since(conn, measurement.lead_id, last.at).await? {
        return Err(Refused::AnotherIsOpen(other).into());
    }
    // While it was over, it took no facts.
    Ok(lead_nudges::ask(conn, measurement.lead_id, now).await?)
}
