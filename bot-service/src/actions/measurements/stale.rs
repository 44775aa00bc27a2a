//! A button that was drawn for an older state: what happened meanwhile, and by whom.

use sqlx::PgConnection;

use crate::actions::{ActionError, LastChange, Refused};
use crate::domain::history::{Author, What};
use crate::domain::ids::MeasurementId;
use crate::domain::measurement::{Measurement, Transition};
use crate::domain::permissions::Refusal;
use crate::domain::user::Actor;
use crate::storage::{history, users};

/// Whether the button was overtaken by somebody, or pressed twice by the same person.
pub(super) async fn refusal(
    conn: &mut PgConnection,
    actor: &Actor,
    measurement: &Measurement,
    transition: Transition,
) -> Result<ActionError, ActionError> {
    let last = last_change(conn, measurement.id).await?;
    let is_own = last.line.author == Author::Person(actor.id);
    if is_own && is_result_of(&last.line.what, transition) {
        return Ok(Refused::AlreadyDone.into());
    }
    Ok(Refused::Stale { last: Box::new(last) }.into())
}

/// A button of a measurement that was taken from this person: he reads by whom. Who never had it reads no more than
/// that it is not his.
pub(super) async fn not_yours(
    conn: &mut PgConnection,
    actor: &Actor,
    id: MeasurementId,
) -> Result<ActionError, ActionError> {
    let last = last_change(conn, id).await?;
    Ok(match last.line.what {
        What::Reassigned { from, .. } | What::Returned { from } if from == actor.id => {
            Refused::Stale { last: Box::new(last) }.into()
        }
        What::Declined { from, .. } if from == actor.id => Refused::AlreadyDone.into(),
        _ => Refusal::NotYours.into(),
    })
}

fn is_result_of(what: &What, transition: Transition) -> bool {
    match (what, transition) {
        (What::Assigned { to, .. } | What::Reassigned { to, .. }, Transition::Assign(measurer)) => {
            *to == measurer
        }
        (What::ProblemReported { reason, .. }, Transition::ReportProblem(pressed)) => *reason == pressed,
        (What::Accepted, Transition::Accept)
        | (What::Started, Transition::Start)
        | (What::Undone { .. }, Transition::Undo)
        | (What::Completed, Transition::Complete)
        | (What::Cancelled { because: None, .. }, Transition::Cancel(_))
        | (What::Restored { .. }, Transition::Restore)
        | (What::ProblemCleared, Transition::ClearProblem) => true,
        _ => false,
    }
}

/// The latest transition of a measurement with the names in it.
pub async fn last_change(conn: &mut PgConnection, id: MeasurementId) -> Result<LastChange, ActionError> {
    let line = history::last_transition(conn, id).await?.ok_or(Refused::Unknown)?;
    let author = match line.author {
        Author::Person(user) => users::find(conn, user).await?.map(|user| user.name),
        Author::AmoCrm | Author::System => None,
    };
    let to = match line.what {
        What::Assigned { to, .. } | What::Reassigned { to, .. } => {
            users::find(conn, to).await?.map(|user| user.name)
        }
        _ => None,
    };
    Ok(LastChange { line, author, to })
}
