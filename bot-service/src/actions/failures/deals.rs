//! Deals that cannot be read or taken in.

use chrono::{DateTime, Utc};
use shared::ids::LeadId;
use sqlx::PgConnection;

use super::{SHOWN_AFTER, decided_before, is_double_tap};
use crate::actions::views::{COUNT_CAP, DealCursor, DealPlace, FAILURES_A_PAGE, Page, StuckDeal};
use crate::actions::{ActionError, Refused};
use crate::domain::failures::Decided;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::failure_decisions::{self, Subject};
use crate::storage::lead_nudges::{self, From, Stuck};

/// One page of them, the longest stuck first.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    cursor: DealCursor,
    now: DateTime<Utc>,
) -> Result<Page<StuckDeal, DealCursor>, ActionError> {
    check_area(actor, Area::Failures)?;
    let (until, limit) = (now - SHOWN_AFTER, usize::from(FAILURES_A_PAGE));
    let mut stuck =
        lead_nudges::list_stuck(conn, from(cursor)?, until, i64::from(FAILURES_A_PAGE) + 1).await?;
    let has_more = stuck.len() > limit;
    if has_more && matches!(cursor, DealCursor::Before(_)) {
        stuck.remove(0);
    }
    stuck.truncate(limit);
    let (has_previous, has_next) = match (cursor, stuck.first(), stuck.last()) {
        (DealCursor::Before(_), _, Some(last)) => {
            (has_more, lead_nudges::any_beyond(conn, From::After(last.since, last.lead_id), until).await?)
        }
        (DealCursor::After(_), Some(first), _) => {
            (lead_nudges::any_beyond(conn, From::Before(first.since, first.lead_id), until).await?, has_more)
        }
        _ => (false, has_more),
    };
    Ok(Page {
        total: lead_nudges::count(conn, until, COUNT_CAP + 1).await?,
        previous: stuck.first().filter(|_| has_previous).map(|deal| DealCursor::Before(place(deal))),
        next: stuck.last().filter(|_| has_next).map(|deal| DealCursor::After(place(deal))),
        rows: stuck.into_iter().map(view).collect(),
    })
}

/// # Errors
///
/// Refused to who is not an admin, and where the deal is not stuck any more.
pub async fn deal(conn: &mut PgConnection, actor: &Actor, lead: LeadId) -> Result<StuckDeal, ActionError> {
    check_area(actor, Area::Failures)?;
    Ok(view(find(conn, lead).await?))
}

/// Has the deal read at once, as if it had not failed before.
///
/// # Errors
///
/// As [`deal`], and to who has just done the same.
pub async fn repeat(
    conn: &mut PgConnection,
    actor: &Actor,
    lead: LeadId,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    check_area(actor, Area::Failures)?;
    let stuck = find(conn, lead).await?;
    let last = failure_decisions::last_of_deal(conn, lead).await?;
    if is_double_tap(last.as_ref(), actor, Decided::Repeated, now) {
        return Err(Refused::AlreadyDone.into());
    }
    lead_nudges::repeat(conn, lead, now).await?;
    let subject = Subject::Deal(lead, stuck.why);
    Ok(failure_decisions::append(conn, actor.id, Decided::Repeated, subject, now).await?)
}

/// Forgets what the deal's events ask for. The next event of the deal has it read as any other.
///
/// # Errors
///
/// As [`deal`], and if an event came that the person has not seen.
pub async fn skip(
    conn: &mut PgConnection,
    actor: &Actor,
    (lead, seq): (LeadId, i64),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    check_area(actor, Area::Failures)?;
    let stuck = find(conn, lead).await?;
    if stuck.seq != seq {
        return Err(Refused::MovedOn.into());
    }
    lead_nudges::skip(conn, lead, seq).await?;
    let subject = Subject::Deal(lead, stuck.why);
    Ok(failure_decisions::append(conn, actor.id, Decided::Skipped, subject, now).await?)
}

/// Locks what is stuck of the deal.
async fn find(conn: &mut PgConnection, lead: LeadId) -> Result<Stuck, ActionError> {
    if let Some(stuck) = lead_nudges::find_stuck(conn, lead).await? {
        return Ok(stuck);
    }
    let last = failure_decisions::last_of_deal(conn, lead).await?;
    let skipped = last.filter(|last| last.decided == Decided::Skipped);
    Err(decided_before(skipped, Refused::NotStuck).into())
}

fn from(cursor: DealCursor) -> Result<From, ActionError> {
    let since = |place: DealPlace| DateTime::from_timestamp_micros(place.since).ok_or(Refused::Unknown);
    Ok(match cursor {
        DealCursor::First => From::Start,
        DealCursor::After(place) => From::After(since(place)?, place.lead_id),
        DealCursor::Before(place) => From::Before(since(place)?, place.lead_id),
    })
}

fn place(stuck: &Stuck) -> DealPlace {
    DealPlace { since: stuck.since.timestamp_micros(), lead_id: stuck.lead_id }
}

fn view(stuck: Stuck) -> StuckDeal {
    StuckDeal {
        lead_id: stuck.lead_id,
        seq: stuck.seq,
        name: stuck.name,
        event: stuck.event,
        since: stuck.since,
        why: stuck.why,
        next_attempt_at: stuck.next_attempt_at,
        is_taken_from_hook: stuck.is_taken_from_hook,
    }
}
