//! Loads what a card or a notice shows to one person.

mod comment;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

pub use comment::{comment_of, comment_with};

use super::views::{
    CANDIDATES_A_PAGE, COMMENTS_ON_A_CARD, COUNT_CAP, Candidate, CardView, Face, ManagerView, NoticeView,
    ProposalView,
};
use super::{ActionError, Refused, paging};
use crate::domain::facts::Field;
use crate::domain::history::{Author, Line, What};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{CancelReason, Canceller, Measurement, Status, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{self, Action};
use crate::domain::proposal::Proposal;
use crate::domain::user::{Name, Role, User};
use crate::storage::users::Available;
use crate::storage::{StorageError, employees, files, history, measurements, proposals, users};

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
    (is_live, now): (bool, DateTime<Utc>),
) -> Result<CardView, ActionError> {
    let measurement = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let actor = viewer.actor();
    let actions = permissions::actions(&actor, &measurement);
    let stored = if actions.contains(&Action::Assign) { proposals::find(conn, id).await? } else { None };
    let proposed = stored.and_then(|stored| Some((stored.proposal?, stored.number, stored.before)));
    let (candidates, has_more_candidates) = match (page_of_candidates(face, &actions), &proposed) {
        (Some(_), Some((proposal, ..))) if face == Face::Main => (next(conn, &proposal.next).await?, true),
        (Some(page), _) => candidates(conn, id, page, now).await?,
        (None, _) => (Vec::new(), false),
    };
    let proposal = match proposed {
        Some(proposed) => proposal(conn, proposed).await?,
        None => None,
    };
    let assignment = measurement.status().assignment().copied();
    let cancelled_by = match measurement.status() {
        Status::Cancelled { by: Canceller::Person(user), .. } => Some(*user),
        _ => None,
    };
    Ok(CardView {
        look: permissions::look(&actor, &measurement),
        measurer: name(conn, assignment.map(|a| a.measurer)).await?,
        assigned_by: name(conn, assignment.and_then(|a| a.by)).await?,
        cancelled_by: name(conn, cancelled_by).await?,
        cancelled_because: cancelled_because(conn, &measurement).await?,
        manager: manager(conn, &measurement).await?,
        measurement,
        actions,
        face,
        headline,
        is_live,
        candidates,
        has_more_candidates,
        proposal,
        comments: comment::latest(conn, id, COMMENTS_ON_A_CARD).await?,
        files: files::count(conn, id).await?,
    })
}

async fn proposal(
    conn: &mut PgConnection,
    (proposal, number, before): (Proposal, i32, Option<UserId>),
) -> Result<Option<ProposalView>, StorageError> {
    let Some(name) = self::name(conn, Some(proposal.measurer)).await? else { return Ok(None) };
    let mut passed = Vec::with_capacity(proposal.passed.len());
    for (user, why) in proposal.passed {
        passed.extend(self::name(conn, Some(user)).await?.map(|name| (name, why)));
    }
    Ok(Some(ProposalView {
        measurer: proposal.measurer,
        name,
        number,
        rule: proposal.rule,
        of: proposal.name,
        busy: proposal.busy,
        last: proposal.last,
        passed,
        before: self::name(conn, before).await?,
    }))
}

/// Who comes behind the one who is proposed.
async fn next(conn: &mut PgConnection, next: &[(UserId, i64)]) -> Result<Vec<Candidate>, StorageError> {
    let mut candidates = Vec::with_capacity(next.len());
    for (id, open) in next {
        let name = name(conn, Some(*id)).await?;
        let of = |name| Candidate { id: *id, name, open: *open, has_declined: false, is_away: false };
        candidates.extend(name.map(of));
    }
    Ok(candidates)
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
    let (from, to) = line.what.measurers();
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
        comment: comment_of(conn, &line.what).await?,
    })
}

fn status_after(what: &What) -> Option<StatusKind> {
    match what {
        What::Opened | What::Restored { .. } | What::Returned { .. } | What::Declined { .. } => {
            Some(StatusKind::Pending)
        }
        What::Assigned { .. } | What::Reassigned { .. } | What::Accepted => Some(StatusKind::Assigned),
        What::Undone { status, .. } => Some(*status),
        What::Started => Some(StatusKind::InProgress),
        What::Completed => Some(StatusKind::Completed),
        What::Cancelled { .. } => Some(StatusKind::Cancelled),
        What::ProblemReported { .. }
        | What::ProblemCleared
        | What::Proposed { .. }
        | What::Explained { .. }
        | What::Commented { .. }
        | What::FactsChanged { .. }
        | What::ResponsibleChanged { .. } => None,
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

impl From<Available> for Candidate {
    fn from(available: Available) -> Self {
        let Available { id, name, open, has_declined, is_away } = available;
        Self { id, name, open, has_declined, is_away }
    }
}

async fn candidates(
    conn: &mut PgConnection,
    id: MeasurementId,
    page: u32,
    now: DateTime<Utc>,
) -> Result<(Vec<Candidate>, bool), StorageError> {
    let (offset, limit) = paging::window(page, CANDIDATES_A_PAGE);
    let mut rows =
        users::list_candidates(conn, (Some(id), None), offset, limit, (COUNT_CAP + 1, now)).await?;
    let has_more = paging::cut(&mut rows, CANDIDATES_A_PAGE);
    Ok((rows.into_iter().map(Candidate::from).collect(), has_more))
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

async fn cancelled_because(
    conn: &mut PgConnection,
    measurement: &Measurement,
) -> Result<Option<(CancelReason, Option<String>)>, StorageError> {
    let Status::Cancelled { by: Canceller::Person(_), .. } = measurement.status() else { return Ok(None) };
    Ok(match history::last_transition(conn, measurement.id).await?.map(|line| line.what) {
        Some(What::Cancelled { reason, text, .. }) => reason.map(|reason| (reason, text)),
        _ => None,
    })
}

async fn name(conn: &mut PgConnection, user: Option<UserId>) -> Result<Option<Name>, StorageError> {
    match user {
        Some(user) => Ok(users::find(conn, user).await?.map(|user| user.name)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests;
