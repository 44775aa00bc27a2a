//! Lists of measurements and the counts in menus, for the person who asks.

use sqlx::PgConnection;

use super::ActionError;
use super::views::{COUNT_CAP, Cursor, Filter, ListKind, ListRow, ListView, MenuView, ROWS_A_PAGE};
use crate::domain::ids::MeasurementId;
use crate::domain::measurement::StatusKind;
use crate::domain::permissions::check_role;
use crate::domain::user::{Actor, Role};
use crate::storage::StorageError;
use crate::storage::measurements::lists::{self, From, Listed, Which};

const OPEN: &[StatusKind] = &[StatusKind::Pending, StatusKind::Assigned, StatusKind::InProgress];
const ACTIVE: &[StatusKind] = &[StatusKind::Assigned, StatusKind::InProgress];
const CLOSED: &[StatusKind] = &[StatusKind::Completed, StatusKind::Cancelled];
const PENDING: &[StatusKind] = &[StatusKind::Pending];
const COMPLETED: &[StatusKind] = &[StatusKind::Completed];

/// One page of a list.
///
/// # Errors
///
/// Refused to who lacks the role that the list is for.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: ListKind,
    cursor: Cursor,
) -> Result<ListView, ActionError> {
    check_role(actor, role(kind))?;
    let Some(which) = which(actor, kind) else {
        return Ok(ListView { kind, total: 0, rows: vec![], previous: None, next: None, is_unlinked: true });
    };
    let total = lists::count(conn, which, COUNT_CAP + 1).await?;
    let (rows, has_previous, has_next) = around(conn, kind, which, cursor).await?;
    let first = rows.first().filter(|_| has_previous).map(|row| Cursor::Before(row.id));
    let last = rows.last().filter(|_| has_next).map(|row| Cursor::After(row.id));
    let rows = rows.into_iter().map(row).collect();
    Ok(ListView { kind, total, rows, previous: first, next: last, is_unlinked: false })
}

/// The counts on a person's menu.
pub async fn menu(conn: &mut PgConnection, actor: &Actor) -> Result<MenuView, ActionError> {
    let mut view = MenuView { roles: actor.roles, ..MenuView::default() };
    for (role, kind) in
        [(Role::Admin, ListKind::Pending), (Role::Measurer, ListKind::My), (Role::Manager, ListKind::Orders)]
    {
        let Some(which) = which(actor, kind).filter(|_| actor.roles.has(role)) else { continue };
        let count = lists::count(conn, which, COUNT_CAP + 1).await?;
        match role {
            Role::Admin => view.pending = count,
            Role::Measurer => view.my_active = count,
            Role::Manager => view.my_orders = count,
        }
    }
    Ok(view)
}

/// Whose list it is.
fn role(kind: ListKind) -> Role {
    match kind {
        ListKind::Pending | ListKind::All(_) => Role::Admin,
        ListKind::My | ListKind::MyCompleted => Role::Measurer,
        ListKind::Orders | ListKind::OrdersClosed => Role::Manager,
    }
}

/// The rows of a list; `None` for a manager who is nobody in AmoCRM yet.
fn which(actor: &Actor, kind: ListKind) -> Option<Which<'static>> {
    let of = |statuses| Which { statuses, ..Which::default() };
    let mine = |statuses| Which { statuses, measurer: Some(actor.id), ..Which::default() };
    let orders = |statuses| {
        actor.amo_user_id.map(|employee| Which { statuses, responsible: Some(employee), ..Which::default() })
    };
    Some(match kind {
        ListKind::Pending => of(PENDING),
        ListKind::All(Filter::Open) => of(OPEN),
        ListKind::All(Filter::Everything) => of(&[]),
        ListKind::All(Filter::Status(status)) => of(only(status)),
        ListKind::My => mine(ACTIVE),
        ListKind::MyCompleted => mine(COMPLETED),
        ListKind::Orders => orders(OPEN)?,
        ListKind::OrdersClosed => orders(CLOSED)?,
    })
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
    let from = match cursor {
        Cursor::First => From::Start,
        Cursor::After(id) => From::After(id),
        Cursor::Before(id) => From::Before(id),
    };
    let mut rows = read(conn, kind, which, from, i64::from(ROWS_A_PAGE) + 1).await?;
    let has_more = rows.len() > usize::from(ROWS_A_PAGE);
    if has_more && matches!(cursor, Cursor::Before(_)) {
        rows.remove(0);
    }
    rows.truncate(usize::from(ROWS_A_PAGE));
    let is_outside = |row: Option<&Listed>, from: fn(MeasurementId) -> From| row.map(|row| from(row.id));
    let (has_previous, has_next) = match cursor {
        Cursor::First => (false, has_more),
        Cursor::After(_) => {
            let before = is_outside(rows.first(), From::Before);
            (has_any(conn, kind, which, before).await?, has_more)
        }
        Cursor::Before(_) => {
            let after = is_outside(rows.last(), From::After);
            (has_more, has_any(conn, kind, which, after).await?)
        }
    };
    Ok((rows, has_previous, has_next))
}

async fn has_any(
    conn: &mut PgConnection,
    kind: ListKind,
    which: Which<'_>,
    from: Option<From>,
) -> Result<bool, ActionError> {
    match from {
        Some(from) => Ok(!read(conn, kind, which, from, 1).await?.is_empty()),
        None => Ok(false),
    }
}

async fn read(
    conn: &mut PgConnection,
    kind: ListKind,
    which: Which<'_>,
    from: From,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    match (kind, which.measurer) {
        (ListKind::Pending, _) => lists::list_waiting(conn, from, limit).await,
        (ListKind::My, Some(measurer)) => lists::list_work(conn, measurer, from, limit).await,
        _ => lists::list(conn, which, from, limit).await,
    }
}

fn row(listed: Listed) -> ListRow {
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
