//! `measurements`: reading, locking and saving one; lists and counts are in [`lists`].

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::facts::Facts;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{Measurement, Origin};

pub mod lists;
mod row;
mod unaccepted;

pub use unaccepted::{Unaccepted, take_unaccepted};

use row::{Row, StatusColumns, origin_code, problem_code};

/// A measurement that does not exist yet.
#[derive(Debug, Clone)]
pub struct NewRow<'a> {
    pub lead_id: LeadId,
    pub origin: Origin,
    pub previous_id: Option<MeasurementId>,
    pub responsible: Option<AmoUserId>,
    pub facts: &'a Facts,
    pub moved_on_to: Option<&'a str>,
    pub is_provisional: bool,
}

/// # Errors
///
/// With the constraint `measurements_one_open_per_lead` if the deal itself has opened one, or
/// `measurements_one_open_follow_up` if a person has asked for one after the same.
pub async fn insert(
    conn: &mut PgConnection,
    new: &NewRow<'_>,
    now: DateTime<Utc>,
) -> Result<MeasurementId, StorageError> {
    let facts = new.facts;
    let id = sqlx::query_scalar!(
        "insert into measurements (lead_id, origin, previous_id, status, responsible_amo_user_id, lead_name,
             address, client_name, phones, order_number, zone, product, comment, moved_on_to, is_provisional,
             created_at, waiting_since, dealer, company)
         values ($1, $15, $2, 'pending', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $16, $17)
         returning id",
        new.lead_id.0,
        new.previous_id.map(|id| id.0),
        new.responsible.map(|id| id.0),
        facts.lead_name,
        facts.address,
        facts.client_name,
        phones(facts)?,
        facts.order_number,
        facts.zone,
        facts.product,
        facts.comment,
        new.moved_on_to,
        new.is_provisional,
        now,
        origin_code(new.origin),
        facts.dealer,
        facts.company,
    )
    .fetch_one(conn)
    .await?;
    Ok(MeasurementId(id))
}

/// The deal of the newest measurement.
pub async fn newest_lead(conn: &mut PgConnection) -> Result<Option<LeadId>, StorageError> {
    let lead = sqlx::query_scalar!("select lead_id from measurements order by id desc limit 1")
        .fetch_optional(conn)
        .await?;
    Ok(lead.map(LeadId))
}

pub async fn find(conn: &mut PgConnection, id: MeasurementId) -> Result<Option<Measurement>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select id, lead_id, origin, previous_id, status, step, responsible_amo_user_id, measurer_id, lead_name,
                address, client_name, phones, order_number, zone, dealer, company, product, comment, moved_on_to,
                is_provisional, created_at, assigned_at, assigned_by, started_at, completed_at, cancelled_at, cancelled_by,
                cancelled_because, accepted_at, problem_reason, problem_text,
                problem_at, undoable
         from measurements where id = $1",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Measurement::try_from).transpose()
}

/// Reads a measurement and locks its row until the transaction ends, so that two people pressing a button at
/// the same moment are served one after the other.
pub async fn lock(conn: &mut PgConnection, id: MeasurementId) -> Result<Option<Measurement>, StorageError> {
    sqlx::query_scalar!("select id from measurements where id = $1 for update", id.0)
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

/// Locks the deal's open measurements, that of the deal and those that people asked for, in the order of their numbers.
/// Serialised by the deal's own row.
pub async fn lock_open_of_lead(
    conn: &mut PgConnection,
    lead: LeadId,
) -> Result<Vec<Measurement>, StorageError> {
    let ids = sqlx::query_scalar!(
        "select id from measurements
         where lead_id = $1 and status in ('pending', 'assigned', 'in_progress') order by id for update",
        lead.0,
    )
    .fetch_all(&mut *conn)
    .await?;
    find_all(conn, ids).await
}

/// The open measurements of so many deals, unlocked, by the number of the deal: those after this one.
pub async fn list_open_of_deals(
    conn: &mut PgConnection,
    after: LeadId,
    deals: i64,
) -> Result<Vec<Measurement>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        "select id, lead_id, origin, previous_id, status, step, responsible_amo_user_id, measurer_id, lead_name,
                address, client_name, phones, order_number, zone, dealer, company, product, comment, moved_on_to,
                is_provisional, created_at, assigned_at, assigned_by, started_at, completed_at, cancelled_at, cancelled_by,
                cancelled_because, accepted_at, problem_reason, problem_text,
                problem_at, undoable
         from measurements
         where status in ('pending', 'assigned', 'in_progress') and lead_id in (
             select distinct lead_id from measurements
             where status in ('pending', 'assigned', 'in_progress') and lead_id > $1
             order by lead_id limit $2)
         order by lead_id, id",
        after.0,
        deals,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Measurement::try_from).collect()
}

/// An open measurement of the deal, whoever asked for it, unlocked.
pub async fn find_open_of_lead(
    conn: &mut PgConnection,
    lead: LeadId,
) -> Result<Option<MeasurementId>, StorageError> {
    let id = sqlx::query_scalar!(
        "select id from measurements
         where lead_id = $1 and status in ('pending', 'assigned', 'in_progress') order by id desc limit 1",
        lead.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(MeasurementId))
}

/// An open measurement of the deal that was opened, or put back into the queue, after a moment.
pub async fn find_open_since(
    conn: &mut PgConnection,
    lead: LeadId,
    since: DateTime<Utc>,
) -> Result<Option<MeasurementId>, StorageError> {
    let id = sqlx::query_scalar!(
        "select id from measurements
         where lead_id = $1 and status in ('pending', 'assigned', 'in_progress') and waiting_since > $2
         order by id desc limit 1",
        lead.0,
        since,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(MeasurementId))
}

/// The open measurement that a person asked for after this one.
pub async fn find_follow_up(
    conn: &mut PgConnection,
    previous: MeasurementId,
) -> Result<Option<Measurement>, StorageError> {
    let id = sqlx::query_scalar!(
        "select id from measurements
         where previous_id = $1 and origin = 'person' and status in ('pending', 'assigned', 'in_progress')",
        previous.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => find(conn, MeasurementId(id)).await,
        None => Ok(None),
    }
}

/// The deal's newest measurement.
pub async fn find_last_of_lead(
    conn: &mut PgConnection,
    lead: LeadId,
) -> Result<Option<MeasurementId>, StorageError> {
    let id = sqlx::query_scalar!(
        "select id from measurements where lead_id = $1 order by id desc limit 1",
        lead.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(MeasurementId))
}

/// The deal's measurements that have another responsible employee than this one, locked in the order of their
/// numbers.
pub async fn lock_with_other_responsible(
    conn: &mut PgConnection,
    lead: LeadId,
    responsible: Option<AmoUserId>,
) -> Result<Vec<Measurement>, StorageError> {
    let ids = sqlx::query_scalar!(
        "select id from measurements
         where lead_id = $1 and responsible_amo_user_id is distinct from $2 order by id for update",
        lead.0,
        responsible.map(|id| id.0),
    )
    .fetch_all(&mut *conn)
    .await?;
    find_all(conn, ids).await
}

/// The open measurements of a measurer, locked in the order of their numbers.
pub async fn lock_open_of_measurer(
    conn: &mut PgConnection,
    measurer: UserId,
) -> Result<Vec<Measurement>, StorageError> {
    let ids = sqlx::query_scalar!(
        "select id from measurements
         where measurer_id = $1 and status in ('assigned', 'in_progress') order by id for update",
        measurer.0,
    )
    .fetch_all(&mut *conn)
    .await?;
    find_all(conn, ids).await
}

async fn find_all(conn: &mut PgConnection, ids: Vec<i64>) -> Result<Vec<Measurement>, StorageError> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(find(conn, MeasurementId(id)).await?);
    }
    Ok(found)
}

/// Writes a transition: the status with its columns, the problem, and the step. Where it waits for a measurer after it,
/// it does so since `queued_at`, or since before.
pub async fn save_status(
    conn: &mut PgConnection,
    measurement: &Measurement,
    queued_at: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    let columns = StatusColumns::from(measurement.status());
    let problem = measurement.problem();
    let undoable = measurement.undoable().map(serde_json::to_value).transpose();
    let undoable = undoable.map_err(|error| sqlx::Error::Encode(error.into()))?;
    let done = sqlx::query!(
        "update measurements set status = $2, step = $3, version = version + 1, measurer_id = $4,
             assigned_at = $5, assigned_by = $6, started_at = $7, completed_at = $8, cancelled_at = $9,
             cancelled_by = $10, cancelled_because = $11,
             waiting_since = case when $2 = 'pending' then coalesce($12, waiting_since) else waiting_since end,
             problem_reason = $13, problem_text = $14, problem_at = $15, accepted_at = $16,
             unaccepted_told_at = case when assigned_at = $5 then unaccepted_told_at end,
             undoable = $17
         where id = $1 and step = $3 - 1",
        measurement.id.0,
        columns.status,
        measurement.step(),
        columns.measurer_id,
        columns.assigned_at,
        columns.assigned_by,
        columns.started_at,
        columns.completed_at,
        columns.cancelled_at,
        columns.cancelled_by,
        columns.cancelled_because,
        queued_at,
        problem.map(|problem| problem_code(problem.reason)),
        problem.and_then(|problem| problem.text.as_deref()),
        problem.map(|problem| problem.at),
        columns.accepted_at,
        undoable,
    )
    .execute(conn)
    .await?;
    one_row("measurements", done.rows_affected())
}

/// Writes what AmoCRM says of the deal; status and step stay.
pub async fn save_facts(conn: &mut PgConnection, measurement: &Measurement) -> Result<(), StorageError> {
    let facts = &measurement.facts;
    let done = sqlx::query!(
        "update measurements set version = version + 1, responsible_amo_user_id = $2, lead_name = $3,
             address = $4, client_name = $5, phones = $6, order_number = $7, zone = $8, product = $9,
             comment = $10, moved_on_to = $11, is_provisional = $12, dealer = $13, company = $14
         where id = $1",
        measurement.id.0,
        measurement.responsible.map(|id| id.0),
        facts.lead_name,
        facts.address,
        facts.client_name,
        phones(facts)?,
        facts.order_number,
        facts.zone,
        facts.product,
        facts.comment,
        measurement.moved_on_to,
        measurement.is_provisional,
        facts.dealer,
        facts.company,
    )
    .execute(conn)
    .await?;
    one_row("measurements", done.rows_affected())
}

fn phones(facts: &Facts) -> Result<serde_json::Value, StorageError> {
    serde_json::to_value(&facts.phones).map_err(|error| sqlx::Error::Encode(error.into()).into())
}

#[cfg(test)]
mod tests;
