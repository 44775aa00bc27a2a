//! An admin decides about deals that were in a trigger stage before the first look at it.

use chrono::{DateTime, TimeDelta, Utc};
use shared::ids::Stage;
use sqlx::PgConnection;

use super::views::RecordedChoice;
use super::{ActionError, Refused};
use crate::domain::intake::Entry;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::recorded_deals::{self, Recorded};

/// Deals that changed within this time before they were recorded may be opened.
pub const RECENT: TimeDelta = TimeDelta::days(7);

/// Decides, once for all admins. Returns how many deals open measurements, as soon as each has been read: those
/// that still stand in one of `triggers` and have had no measurement meanwhile.
///
/// # Errors
///
/// Refused to who is not an admin, and once somebody has decided.
pub async fn decide(
    conn: &mut PgConnection,
    actor: &Actor,
    recording: DateTime<Utc>,
    choice: RecordedChoice,
    triggers: &[Stage],
    now: DateTime<Utc>,
) -> Result<i64, ActionError> {
    check_area(actor, Area::Failures)?;
    let deals = recorded_deals::take(conn, recording).await?;
    if deals.is_empty() {
        return Err(Refused::AlreadyDone.into());
    }
    let mut nudges = Nudges::default();
    let is_wanted = |deal: &&Recorded| {
        choice == RecordedChoice::OpenRecent && !deal.is_dealt_with && deal.updated_at >= recording - RECENT
    };
    for deal in deals.iter().filter(is_wanted) {
        if let Some(stage) = deal.stage.filter(|stage| triggers.contains(stage)) {
            nudges.ask_with_entry(deal.lead_id, Entry::of_journal(stage, deal.updated_at, now));
        }
    }
    lead_nudges::upsert(conn, &nudges, now).await?;
    Ok(i64::try_from(nudges.hooks().len()).unwrap_or(i64::MAX))
}
