//! Messages that nobody could read.
//!
//! An event is decoded again here, and becomes a nudge like any other: a newer version may understand what an older one
//! did not. The body of a webhook only ingest-service can read. So the leader posts it once more to where AmoCRM posts
//! (`jobs/resend.rs`; a press calls nobody), with no second reader of webhooks here and no queue that leads back. What
//! could be read of a body was published when it came; it is published again then, which nudges the deals once more and
//! does no harm. If the body is still not readable it is parked again, in the same row.

use chrono::{DateTime, Utc};
use shared::events::{DecodeError, LeadEvent};
use sqlx::{Connection, PgConnection};

use super::decided_before;
use crate::actions::views::{COUNT_CAP, FAILURES_A_PAGE, MessageCursor, Page, ParkedRow, ParkedView};
use crate::actions::{ActionError, Refused};
use crate::domain::failures::{Decided, ParkedKind, WhyParked};
use crate::domain::ids::ParkedId;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::Cause;
use crate::storage::failure_decisions::{self, Subject};
use crate::storage::lead_nudges::{self, Nudges};
use crate::storage::parked_messages::{self, From, Listed, Parked, State};

/// So many bytes of a message are shown, which is more than a message of Telegram holds of it.
const SHOWN: usize = 2_000;

/// What came of trying once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// It was understood, and its deal is read.
    Understood,
    /// It is on its way to ingest-service.
    Sending,
}

/// One page of them, the newest first.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    cursor: MessageCursor,
) -> Result<Page<ParkedRow, MessageCursor>, ActionError> {
    check_area(actor, Area::Failures)?;
    let (from, limit) = (from(cursor), usize::from(FAILURES_A_PAGE));
    let mut listed = parked_messages::list(conn, from, i64::from(FAILURES_A_PAGE) + 1).await?;
    let has_more = listed.len() > limit;
    if has_more && matches!(cursor, MessageCursor::Before(_)) {
        listed.remove(0);
    }
    listed.truncate(limit);
    let (has_previous, has_next) = match (cursor, listed.first(), listed.last()) {
        (MessageCursor::Before(_), _, Some(last)) => {
            (has_more, parked_messages::any_beyond(conn, From::After(last.id)).await?)
        }
        (MessageCursor::After(_), Some(first), _) => {
            (parked_messages::any_beyond(conn, From::Before(first.id)).await?, has_more)
        }
        _ => (false, has_more),
    };
    Ok(Page {
        total: parked_messages::count(conn, COUNT_CAP + 1).await?,
        previous: listed.first().filter(|_| has_previous).map(|row| MessageCursor::Before(row.id)),
        next: listed.last().filter(|_| has_next).map(|row| MessageCursor::After(row.id)),
        rows: listed.into_iter().map(row).collect(),
    })
}

/// # Errors
///
/// Refused to who is not an admin, and where somebody has decided about it.
pub async fn message(
    conn: &mut PgConnection,
    actor: &Actor,
    id: ParkedId,
) -> Result<ParkedView, ActionError> {
    check_area(actor, Area::Failures)?;
    Ok(view(find(conn, id).await?))
}

/// Tries once more to understand the message.
///
/// # Errors
///
/// As [`message`]; where it is as unreadable as before; where `can_send` says that nobody knows where webhooks go.
pub async fn repeat(
    conn: &mut PgConnection,
    actor: &Actor,
    id: ParkedId,
    can_send: bool,
    now: DateTime<Utc>,
) -> Result<Repeated, ActionError> {
    check_area(actor, Area::Failures)?;
    let parked = find(conn, id).await?;
    let repeated = match parked.kind {
        _ if parked.state == State::Sending => return Err(Refused::IsSending.into()),
        ParkedKind::Event => {
            nudge(conn, parked.body.as_deref().unwrap_or_default(), now).await?;
            parked_messages::set_done(conn, id).await?;
            Repeated::Understood
        }
        ParkedKind::Webhook if !can_send => return Err(Refused::NowhereToSend.into()),
        ParkedKind::Webhook => {
            parked_messages::send(conn, id).await?;
            Repeated::Sending
        }
    };
    let subject = Subject::Message(id, parked.why);
    failure_decisions::append(conn, actor.id, Decided::Repeated, subject, now).await?;
    Ok(repeated)
}

/// Passes the message over. Nothing is kept of what was in it.
///
/// # Errors
///
/// As [`message`], and if it came once more since the person saw it.
pub async fn skip(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, arrivals): (ParkedId, i32),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    check_area(actor, Area::Failures)?;
    let parked = find(conn, id).await?;
    if parked.arrivals != arrivals {
        return Err(Refused::MovedOn.into());
    }
    parked_messages::set_skipped(conn, id).await?;
    let subject = Subject::Message(id, parked.why);
    Ok(failure_decisions::append(conn, actor.id, Decided::Skipped, subject, now).await?)
}

/// Locks the message.
async fn find(conn: &mut PgConnection, id: ParkedId) -> Result<Parked, ActionError> {
    let parked = parked_messages::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if matches!(parked.state, State::Parked | State::Sending) {
        return Ok(parked);
    }
    let last = failure_decisions::last_of_message(conn, id).await?;
    Err(decided_before(last, Refused::Unknown).into())
}

/// Merges the event into what waits. What cannot be stored leaves the transaction as it was.
async fn nudge(conn: &mut PgConnection, body: &[u8], now: DateTime<Utc>) -> Result<(), ActionError> {
    let event = LeadEvent::decode(body).map_err(|error| {
        Refused::StillUnreadable(match error {
            DecodeError::Malformed(_) => WhyParked::NotAnEvent,
            DecodeError::FromTheFuture(_) => WhyParked::Newer,
        })
    })?;
    let mut inner = conn.begin().await.map_err(anyhow::Error::from)?;
    match lead_nudges::upsert(&mut inner, &Nudges::merge([&event]), now).await {
        Ok(()) => Ok(inner.commit().await.map_err(anyhow::Error::from)?),
        Err(error) if error.cause() != Cause::Own => Err(error.into()),
        Err(_) => {
            inner.rollback().await.map_err(anyhow::Error::from)?;
            Err(Refused::StillUnreadable(WhyParked::NotStored).into())
        }
    }
}

fn from(cursor: MessageCursor) -> From {
    match cursor {
        MessageCursor::First => From::Start,
        MessageCursor::After(id) => From::After(id),
        MessageCursor::Before(id) => From::Before(id),
    }
}

fn row(listed: Listed) -> ParkedRow {
    let Listed { id, kind, why, received_at, arrivals, last_error, is_sending } = listed;
    ParkedRow { id, kind, why, received_at, arrivals, last_error, is_sending }
}

fn view(parked: Parked) -> ParkedView {
    let body = parked.body.unwrap_or_default();
    let is_form = parked.content_type.is_some_and(|kind| kind.contains("urlencoded"));
    ParkedView {
        row: ParkedRow {
            id: parked.id,
            kind: parked.kind,
            why: parked.why,
            received_at: parked.received_at,
            arrivals: parked.arrivals,
            last_error: parked.last_error,
            is_sending: parked.state == State::Sending,
        },
        size: parked.size,
        text: readable(&body[..body.len().min(SHOWN)], is_form),
    }
}

/// As a person can read it: a form is `%D0%9E%D0%BA%D0%BD%D0%B0` otherwise.
fn readable(body: &[u8], is_form: bool) -> String {
    let body = if is_form { decoded(body) } else { body.to_vec() };
    String::from_utf8_lossy(&body).replace('\u{fffd}', "")
}

fn decoded(form: &[u8]) -> Vec<u8> {
    let digit = |at: usize| form.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut bytes, mut at) = (Vec::with_capacity(form.len()), 0);
    while let Some(byte) = form.get(at) {
        let escaped = (*byte == b'%').then(|| digit(at + 1).zip(digit(at + 2))).flatten();
        let escaped = escaped.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        bytes.push(match (escaped, byte) {
            (Some(escaped), _) => escaped,
            (None, b'+') => b' ',
            (None, b'&') => b'\n',
            (None, byte) => *byte,
        });
    }
    bytes
}
