//! Loads what a card or a notice shows to one person.

use sqlx::PgConnection;

use super::views::{CANDIDATES_A_PAGE, Candidate, CardView, Face, ManagerView, NoticeView};
use super::{ActionError, Refused};
use crate::domain::facts::Field;
use crate::domain::history::{Author, Line, What};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{Canceller, Measurement, Status, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{self, Action};
use crate::domain::user::{Name, Role, User};
use crate::storage::{StorageError, employees, measurements, users};

/// A measurement as `viewer` may see it now: a stub without facts where he may not.
///
/// # Errors
///
/// Refused as unknown if there is no such measurement.
pub async fn card(
    conn: &mut PgConnection,
    viewer: &User,
    id: MeasurementId,
    face: Face,
    headline: Option<NoticeKind>,
    is_live: bool,
) -> Result<CardView, ActionError> {
    let measurement = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let actor = viewer.actor();
    let actions = permissions::actions(&actor, &measurement);
    let (candidates, has_more_candidates) = match page_of_candidates(face, &actions) {
        Some(page) => candidates(conn, page).await?,
        None => (Vec::new(), false),
    };
    let assignment = measurement.status().assignment().copied();
    let cancelled_by = match measurement.status() {
        Status::Cancelled { by: Canceller::Person(user), .. } => Some(*user),
        _ => None,
    };
    Ok(CardView {
        look: permissions::look(&actor, &measurement),
        measurer: name(conn, assignment.map(|a| a.measurer)).await?,
        assigned_by: name(conn, assignment.map(|a| a.by)).await?,
        cancelled_by: name(conn, cancelled_by).await?,
        manager: manager(conn, &measurement).await?,
        measurement,
        actions,
        face,
        headline,
        is_live,
        candidates,
        has_more_candidates,
    })
}

/// One event of a measurement, with the names that were frozen in its history line.
pub async fn notice(
    conn: &mut PgConnection,
    line: &Line,
    kind: NoticeKind,
    fields: Vec<Field>,
) -> Result<NoticeView, ActionError> {
    let measurement = measurements::find(conn, line.measurement_id).await?.ok_or(Refused::Unknown)?;
    let author = match line.author {
        Author::Person(user) => Some(user),
        Author::AmoCrm | Author::System => None,
    };
    let (from, to) = match line.what {
        What::Assigned { to } => (None, Some(to)),
        What::Reassigned { from, to } => (Some(from), Some(to)),
        What::Returned { from } => (Some(from), None),
        _ => (None, None),
    };
    Ok(NoticeView {
        kind,
        measurement_id: measurement.id,
        lead_name: measurement.facts.lead_name.clone(),
        status: status_after(&line.what).unwrap_or_else(|| measurement.status().kind()),
        what: line.what.clone(),
        at: line.at,
        author: name(conn, author).await?,
        from: name(conn, from).await?,
        to: name(conn, to).await?,
        fields,
    })
}

fn status_after(what: &What) -> Option<StatusKind> {
    match what {
        What::Opened | What::Restored | What::Returned { .. } => Some(StatusKind::Pending),
        What::Assigned { .. } | What::Reassigned { .. } => Some(StatusKind::Assigned),
        What::Started => Some(StatusKind::InProgress),
        What::Completed => Some(StatusKind::Completed),
        What::Cancelled { .. } => Some(StatusKind::Cancelled),
        What::FactsChanged { .. } | What::ResponsibleChanged { .. } => None,
    }
}

/// A pending measurement shows measurers at once; any open one does after «Сменить замерщика».
fn page_of_candidates(face: Face, actions: &[Action]) -> Option<u32> {
    match face {
        Face::Main if actions.contains(&Action::Assign) => Some(0),
        Face::Measurers(page) if actions.contains(&Action::Assign) || actions.contains(&Action::Reassign) => {
            Some(page)
        }
        _ => None,
    }
}

async fn candidates(conn: &mut PgConnection, page: u32) -> Result<(Vec<Candidate>, bool), StorageError> {
    let a_page = i64::from(CANDIDATES_A_PAGE);
    let mut rows = users::list_candidates(conn, i64::from(page) * a_page, a_page + 1).await?;
    let has_more = rows.len() > usize::from(CANDIDATES_A_PAGE);
    rows.truncate(usize::from(CANDIDATES_A_PAGE));
    let candidate = |(id, name, open)| Candidate { id, name, open };
    Ok((rows.into_iter().map(candidate).collect(), has_more))
}

async fn manager(
    conn: &mut PgConnection,
    measurement: &Measurement,
) -> Result<Option<ManagerView>, StorageError> {
    let Some(employee) = measurement.responsible else { return Ok(None) };
    let linked =
        users::find_by_employee(conn, employee).await?.filter(|user| user.actor().roles.has(Role::Manager));
    let in_amocrm = employees::find_name(conn, employee).await?;
    let name = in_amocrm.or_else(|| linked.as_ref().map(|user| user.name.full()));
    Ok(name.map(|name| ManagerView { name, is_in_bot: linked.is_some() }))
}

async fn name(conn: &mut PgConnection, user: Option<UserId>) -> Result<Option<Name>, StorageError> {
    match user {
        Some(user) => Ok(users::find(conn, user).await?.map(|user| user.name)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests;
