//! Lists of measurements and the counts in menus, for the person who asks.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::views::{COUNT_CAP, Chosen, Cursor, Filter, ListKind, ListRow, ListView, MenuView, ROWS_A_PAGE};
use super::{ActionError, failures};
use crate::domain::measurement::StatusKind;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::StorageError;
use crate::storage::measurements::lists::{self, From, Listed, Which, Whose};

mod sieve;

use sieve::chosen;
pub use sieve::{choices, sieve};

const OPEN: &[StatusKind] = &[StatusKind::Pending, StatusKind::Assigned, StatusKind::InProgress];
const ACTIVE: &[StatusKind] = &[StatusKind::Assigned, StatusKind::InProgress];
const CLOSED: &[StatusKind] = &[StatusKind::Completed, StatusKind::Cancelled];
const PENDING: &[StatusKind] = &[StatusKind::Pending];
const COMPLETED: &[StatusKind] = &[StatusKind::Completed];

/// One page of a list.
///
/// # Errors
///
/// Refused to whom the list is not for.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: ListKind,
    cursor: Cursor,
) -> Result<ListView, ActionError> {
    page_since(conn, actor, kind, cursor, None).await
}

/// As [`page`], of what was opened since a moment.
///
/// # Errors
///
/// As [`page`], and as unknown for a zone that is gone.
pub async fn page_since(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: ListKind,
    cursor: Cursor,
    since: Option<DateTime<Utc>>,
) -> Result<ListView, ActionError> {
    check_area(actor, area(kind))?;
    let Some(mut which) = which(actor, kind) else {
        let nothing = ListView {
            kind,
            total: 0,
            rows: vec![],
            previous: None,
            next: None,
            is_unlinked: true,
            of: Chosen::default(),
        };
        return Ok(nothing);
    };
    if let Some(since) = since {
        which.first = lists::first_since(conn, since).await?;
    }
    let of = chosen(conn, kind).await?;
    let total = lists::count(conn, which, COUNT_CAP + 1).await?;
    let (rows, has_previous, has_next) = around(conn, kind, which, cursor).await?;
    let first = rows.first().filter(|_| has_previous).map(|row| Cursor::Before(row.id));
    let last = rows.last().filter(|_| has_next).map(|row| Cursor::After(row.id));
    let rows = rows.into_iter().map(row).collect();
    Ok(ListView { kind, total, rows, previous: first, next: last, is_unlinked: false, of })
}

/// The counts on a person's menu.
pub async fn menu(
    conn: &mut PgConnection,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<MenuView, ActionError> {
    let mut view = MenuView { roles: actor.roles, ..MenuView::default() };
    if check_area(actor, Area::Failures).is_ok() {
        let stuck = failures::overview(conn, actor, now).await?;
        view.failures = stuck.deals + stuck.messages;
    }
    let counts = [
        (ListKind::Pending, &mut view.pending),
        (ListKind::My, &mut view.my_active),
        (ListKind::Orders, &mut view.my_orders),
    ];
    for (kind, count) in counts {
        if check_area(actor, area(kind)).is_ok()
            && let Some(which) = which(actor, kind)
        {
            *count = lists::count(conn, which, COUNT_CAP + 1).await?;
        }
    }
    Ok(view)
}

fn area(kind: ListKind) -> Area {
    match kind {
        ListKind::Pending | ListKind::All(_) | ListKind::Sifted(..) => Area::Measurements,
        ListKind::My | ListKind::MyCompleted => Area::Visits,
        ListKind::Orders | ListKind::OrdersClosed => Area::Orders,
    }
}

/// The rows of a list; `None` for a manager who is nobody in AmoCRM yet.
fn which(actor: &Actor, kind: ListKind) -> Option<Which<'static>> {
    let of = |statuses| Which { statuses, ..Which::default() };
    let mine = |statuses| Which { whose: Whose::Measurer(actor.id), ..of(statuses) };
    let orders = |statuses| {
        actor.amo_user_id.map(|employee| Which { whose: Whose::Manager(employee), ..of(statuses) })
    };
    Some(match kind {
        ListKind::Pending => of(PENDING),
        ListKind::All(filter) => of(statuses(filter)),
        ListKind::Sifted(filter, sieve) => {
            let whose = sieve.measurer.map_or(Whose::default(), Whose::Measurer);
            Which { whose, zone: sieve.zone, ..of(statuses(filter)) }
        }
        ListKind::My => mine(ACTIVE),
        ListKind::MyCompleted => mine(COMPLETED),
        ListKind::Orders => orders(OPEN)?,
        ListKind::OrdersClosed => orders(CLOSED)?,
    })
}

fn statuses(filter: Filter) -> &'static [StatusKind] {
    match filter {
        Filter::Open => OPEN,
        Filter::Everything => &[],
        Filter::Status(status) => only(status),
    }
}

fn only(status: StatusKind) -> &'static [StatusKind] {
    match status {
        StatusKind::Pending => PENDING,
        StatusKind::Assigned => &[StatusKind::Assigned],
        StatusKind::InProgress => &[StatusKind::InProgress],
        StatusKind::Completed => COMPLETED,
        StatusKind::Cancelled => &[StatusKind::Cancelled],
    }
}

/// A page beside the cursor, and whether there is something before and after it.
async fn around(
    conn: &mut PgConnection,
    kind: ListKind,
    which: Which<'_>,
    cursor: Cursor,
) -> Result<(Vec<Listed>, bool, bool), ActionError> {
    let rows = read(conn, kind, which, place(cursor), MORE_THAN_A_PAGE).await?;
    let (rows, has_more) = cut(rows, cursor);
    let is_beyond = match behind(&rows, cursor) {
        Some(from) => !read(conn, kind, which, from, 1).await?.is_empty(),
        None => false,
    };
    let (has_previous, has_next) = sides(cursor, has_more, is_beyond);
    Ok((rows, has_previous, has_next))
}

/// One row more than is shown tells that there are more.
pub(super) const MORE_THAN_A_PAGE: i64 = ROWS_A_PAGE as i64 + 1;

pub(super) fn place(cursor: Cursor) -> From {
    match cursor {
        Cursor::First => From::Start,
        Cursor::After(id) => From::After(id),
        Cursor::Before(id) => From::Before(id),
    }
}

/// Of [`MORE_THAN_A_PAGE`] rows beside the cursor a page, and whether there are more.
pub(super) fn cut(mut rows: Vec<Listed>, cursor: Cursor) -> (Vec<Listed>, bool) {
    let has_more = rows.len() > usize::from(ROWS_A_PAGE);
    if has_more && matches!(cursor, Cursor::Before(_)) {
        rows.remove(0);
    }
    rows.truncate(usize::from(ROWS_A_PAGE));
    (rows, has_more)
}

/// From where to look whether the side from which the page was reached still has something.
pub(super) fn behind(rows: &[Listed], cursor: Cursor) -> Option<From> {
    match cursor {
        Cursor::First => None,
        Cursor::After(_) => rows.first().map(|row| From::Before(row.id)),
        Cursor::Before(_) => rows.last().map(|row| From::After(row.id)),
    }
}

/// Whether something comes before the page, and after it.
pub(super) fn sides(cursor: Cursor, has_more: bool, is_behind: bool) -> (bool, bool) {
    match cursor {
        Cursor::First => (false, has_more),
        Cursor::After(_) => (is_behind, has_more),
        Cursor::Before(_) => (has_more, is_behind),
    }
}

async fn read(
    conn: &mut PgConnection,
    kind: ListKind,
    which: Which<'_>,
    from: From,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    match (kind, which.whose) {
        (ListKind::Pending, _) => lists::list_waiting(conn, from, limit).await,
        (ListKind::My, Whose::Measurer(measurer)) => lists::list_work(conn, measurer, from, limit).await,
        _ => lists::list(conn, which, from, limit).await,
    }
}

pub(super) fn row(listed: Listed) -> ListRow {
    ListRow {
        id: listed.id,
        lead_name: listed.lead_name,
        address: listed.address,
        status: listed.status,
        since: listed.since,
        measurer: listed.measurer,
    }
}

#[cfg(test)]
mod tests;
