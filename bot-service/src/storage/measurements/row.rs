//! A row and its meaning. Status and columns are matched together; any other mix is `Corrupt`.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};

use crate::domain::facts::Facts;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{
    Assignment, Canceller, DealEnd, Measurement, MeasurementParts, Origin, Problem, ProblemReason, Status,
};
use crate::domain::phone::Phone;
use crate::storage::StorageError;

pub(super) struct Row {
    pub id: i64,
    pub lead_id: i64,
    pub origin: String,
    pub previous_id: Option<i64>,
    pub status: String,
    pub step: i32,
    pub responsible_amo_user_id: Option<i64>,
    pub measurer_id: Option<i64>,
    pub lead_name: String,
    pub address: Option<String>,
    pub client_name: Option<String>,
    pub phones: serde_json::Value,
    pub order_number: Option<String>,
    pub zone: Option<String>,
    pub dealer: Option<String>,
    pub company: Option<String>,
    pub product: Option<String>,
    pub comment: Option<String>,
    pub moved_on_to: Option<String>,
    pub is_provisional: bool,
    pub created_at: DateTime<Utc>,
    pub assigned_at: Option<DateTime<Utc>>,
    pub assigned_by: Option<i64>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub cancelled_by: Option<i64>,
    pub cancelled_because: Option<String>,
    pub problem_reason: Option<String>,
    pub problem_text: Option<String>,
    pub problem_at: Option<DateTime<Utc>>,
    pub undoable: Option<serde_json::Value>,
}

/// The columns that a status fills.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StatusColumns {
    pub status: &'static str,
    pub measurer_id: Option<i64>,
    pub assigned_at: Option<DateTime<Utc>>,
    pub assigned_by: Option<i64>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub cancelled_by: Option<i64>,
    pub cancelled_because: Option<&'static str>,
}

impl From<&Status> for StatusColumns {
    fn from(status: &Status) -> Self {
        let assignment = status.assignment();
        let mut columns = Self {
            status: status.kind().as_str(),
            measurer_id: assignment.map(|a| a.measurer.0),
            assigned_at: assignment.map(|a| a.at),
            assigned_by: assignment.and_then(|a| a.by).map(|by| by.0),
            accepted_at: assignment.and_then(|a| a.accepted_at),
            ..Self::default()
        };
        match *status {
            Status::Pending | Status::Assigned(_) => {}
            Status::InProgress { started_at, .. } => columns.started_at = Some(started_at),
            Status::Completed { started_at, at, .. } => {
                columns.started_at = started_at;
                columns.completed_at = Some(at);
            }
            Status::Cancelled { started_at, at, by, .. } => {
                columns.started_at = started_at;
                columns.cancelled_at = Some(at);
                match by {
                    Canceller::Person(user) => columns.cancelled_by = Some(user.0),
                    Canceller::AmoCrm(DealEnd::Closed) => columns.cancelled_because = Some("deal_closed"),
                    Canceller::AmoCrm(DealEnd::Deleted) => columns.cancelled_because = Some("deal_deleted"),
                }
            }
        }
        columns
    }
}

impl TryFrom<Row> for Measurement {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = |what| StorageError::Corrupt { table: "measurements", id: row.id, what };
        let status = status(&row).ok_or_else(|| corrupt("status and columns"))?;
        let problem = problem(&row).map_err(corrupt)?;
        let origins = [Origin::AmoCrm, Origin::Person];
        let origin = origins.into_iter().find(|origin| origin_code(*origin) == row.origin);
        let origin = origin.ok_or_else(|| corrupt("origin"))?;
        let phones: Vec<Phone> = serde_json::from_value(row.phones).map_err(|_| StorageError::Corrupt {
            table: "measurements",
            id: row.id,
            what: "phones",
        })?;
        let parts = MeasurementParts {
            id: MeasurementId(row.id),
            lead_id: LeadId(row.lead_id),
            origin,
            previous_id: row.previous_id.map(MeasurementId),
            problem,
            // What another version wrote is not taken back.
            undoable: row.undoable.and_then(|undoable| serde_json::from_value(undoable).ok()),
            responsible: row.responsible_amo_user_id.map(AmoUserId),
            facts: Facts {
                lead_name: row.lead_name,
                address: row.address,
                client_name: row.client_name,
                phones,
                order_number: row.order_number,
                zone: row.zone,
                dealer: row.dealer,
                company: row.company,
                product: row.product,
                comment: row.comment,
            },
            moved_on_to: row.moved_on_to,
            is_provisional: row.is_provisional,
            created_at: row.created_at,
        };
        Ok(Self::restored(parts, status, row.step))
    }
}

fn problem(row: &Row) -> Result<Option<Problem>, &'static str> {
    let Some(code) = &row.problem_reason else { return Ok(None) };
    let reason = ProblemReason::ALL.into_iter().find(|reason| problem_code(*reason) == code);
    let (Some(reason), Some(at)) = (reason, row.problem_at) else { return Err("problem") };
    Ok(Some(Problem { reason, text: row.problem_text.clone(), at }))
}

pub(super) fn origin_code(origin: Origin) -> &'static str {
    match origin {
        Origin::AmoCrm => "amocrm",
        Origin::Person => "person",
    }
}

pub(super) fn problem_code(reason: ProblemReason) -> &'static str {
    match reason {
        ProblemReason::ClientAbsent => "client_absent",
        ProblemReason::NotReady => "not_ready",
        ProblemReason::WrongAddress => "wrong_address",
        ProblemReason::Other => "other",
    }
}

fn status(row: &Row) -> Option<Status> {
    let assignment = match (row.measurer_id, row.assigned_by, row.assigned_at) {
        (Some(measurer), by, Some(at)) => {
            let (measurer, by) = (UserId(measurer), by.map(UserId));
            Some(Assignment { measurer, by, at, accepted_at: row.accepted_at })
        }
        (None, None, None) if row.accepted_at.is_none() => None,
        _ => return None,
    };
    let canceller = match (row.cancelled_by, row.cancelled_because.as_deref()) {
        (Some(user), None) => Some(Canceller::Person(UserId(user))),
        (None, Some("deal_closed")) => Some(Canceller::AmoCrm(DealEnd::Closed)),
        (None, Some("deal_deleted")) => Some(Canceller::AmoCrm(DealEnd::Deleted)),
        _ => None,
    };
    let started_at = row.started_at;
    match (row.status.as_str(), assignment, started_at, row.completed_at, row.cancelled_at) {
        ("pending", None, None, None, None) => Some(Status::Pending),
        ("assigned", Some(assignment), None, None, None) => Some(Status::Assigned(assignment)),
        ("in_progress", Some(assignment), Some(started_at), None, None) => {
            Some(Status::InProgress { assignment, started_at })
        }
        ("completed", Some(assignment), started_at, Some(at), None) => {
            Some(Status::Completed { assignment, started_at, at })
        }
        ("cancelled", assignment, started_at, None, Some(at)) => {
            canceller.map(|by| Status::Cancelled { assignment, started_at, at, by })
        }
        _ => None,
    }
}
