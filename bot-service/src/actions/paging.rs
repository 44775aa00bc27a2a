//! Lists of which a page is shown: one row more than a page is read, and tells whether there is another.

use sqlx::PgConnection;

use super::views::PEOPLE_A_PAGE;
use crate::domain::ids::UserId;
use crate::domain::user::{Name, Role};
use crate::storage::{StorageError, users};

/// From where to read a page that is known by its number, and how many rows.
pub(super) fn window(page: u32, a_page: u8) -> (i64, i64) {
    (i64::from(page) * i64::from(a_page), i64::from(a_page) + 1)
}

/// Leaves a page of what was read. Returns whether there was more.
pub(super) fn cut<T>(rows: &mut Vec<T>, a_page: u8) -> bool {
    let has_more = rows.len() > usize::from(a_page);
    rows.truncate(usize::from(a_page));
    has_more
}

/// A page of measurers with access, by name, and whether there is another.
pub(super) async fn measurers(
    conn: &mut PgConnection,
    page: u32,
) -> Result<(Vec<(UserId, Name)>, bool), StorageError> {
    let (offset, limit) = window(page, PEOPLE_A_PAGE);
    let mut rows = users::list(conn, Some(Role::Measurer), offset, limit, 0).await?;
    let has_next = cut(&mut rows, PEOPLE_A_PAGE);
    Ok((rows.into_iter().map(|person| (person.id, person.name)).collect(), has_next))
}
