//! Finding a measurement, for the person who asks: he finds what he sees (`permissions::look`) and nothing else.

use sqlx::PgConnection;

use super::lists::{MORE_THAN_A_PAGE, behind, cut, place, row, sides};
use super::views::{Cursor, FindView, ListRow};
use super::{ActionError, Refused};
use crate::domain::find::Query;
use crate::domain::ids::MeasurementId;
use crate::domain::permissions::{Refusal, sight};
use crate::domain::user::Actor;
use crate::storage::StorageError;
use crate::storage::measurements::lists::find::{self, Seen};
use crate::storage::measurements::lists::{From, Listed};

/// How many that have a typed number stand before all others.
const MOST_EXACT: i64 = 3;

/// Whether there is anything that he could find.
pub fn sees_any(actor: &Actor) -> bool {
    Seen::of(sight(actor)).is_some()
}

/// One page of what `query` finds.
///
/// # Errors
///
/// Refused to who has no role.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    query: &Query,
    cursor: Cursor,
) -> Result<FindView, ActionError> {
    if actor.roles.is_empty() {
        return Err(Refused::Denied(Refusal::NoAccess).into());
    }
    let Some(seen) = Seen::of(sight(actor)) else {
        return Ok(FindView { is_unlinked: true, ..FindView::default() });
    };
    let exact = exact(conn, query, &seen).await?;
    let except: Vec<MeasurementId> = exact.iter().map(|row| row.id).collect();
    let what = (query, &seen, &except[..]);
    let Some(rows) = read(conn, what, place(cursor), MORE_THAN_A_PAGE).await? else {
        return Ok(FindView { exact: shown(exact), is_too_much: true, ..FindView::default() });
    };
    let (rows, has_more) = cut(rows, cursor);
    let is_behind = match behind(&rows, cursor) {
        // Too many to tell are some.
        Some(from) => read(conn, what, from, 1).await?.is_none_or(|rows| !rows.is_empty()),
        None => false,
    };
    let (has_previous, has_next) = sides(cursor, has_more, is_behind);
    let previous = rows.first().filter(|_| has_previous).map(|row| Cursor::Before(row.id));
    let next = rows.last().filter(|_| has_next).map(|row| Cursor::After(row.id));
    let exact = if has_previous { vec![] } else { shown(exact) };
    Ok(FindView { exact, rows: shown(rows), previous, next, ..FindView::default() })
}

/// What has the typed number comes before all else.
async fn exact(conn: &mut PgConnection, query: &Query, seen: &Seen) -> Result<Vec<Listed>, StorageError> {
    let number = match query {
        Query::Number(id) => Some(id.0),
        Query::Text(wanted) => wanted.number,
        Query::Deal(_) => None,
    };
    let Some(number) = number else { return Ok(vec![]) };
    let mut found = find::by_number(conn, number, seen, MOST_EXACT).await?;
    found.retain(|row| matches!(query, Query::Text(_)) || row.id.0 == number);
    Ok(found)
}

/// `None` where the words are in too many.
async fn read(
    conn: &mut PgConnection,
    (query, seen, except): (&Query, &Seen, &[MeasurementId]),
    from: From,
    limit: i64,
) -> Result<Option<Vec<Listed>>, StorageError> {
    match query {
        Query::Number(_) => Ok(Some(vec![])),
        Query::Deal(lead) => find::of_deal(conn, (*lead, seen), from, limit).await.map(Some),
        Query::Text(wanted) => find::by_words(conn, (wanted, seen, except), from, limit).await,
    }
}

fn shown(rows: Vec<Listed>) -> Vec<ListRow> {
    rows.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests;
