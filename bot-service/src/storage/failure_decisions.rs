//! `failure_decisions`: who decided what about something that was stuck. Append-only.

use chrono::{DateTime, Utc};
use shared::ids::LeadId;
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::failures::{Decided, WhyParked, WhyStuck};
use crate::domain::ids::{ParkedId, UserId};
use crate::domain::user::Name;

/// What was decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Deal(LeadId, WhyStuck),
    Message(ParkedId, WhyParked),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub at: DateTime<Utc>,
    pub by: UserId,
    pub name: Name,
    pub decided: Decided,
    pub subject: Subject,
}

pub async fn append(
    conn: &mut PgConnection,
    by: UserId,
    decided: Decided,
    subject: Subject,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let (lead, parked, why) = match subject {
        Subject::Deal(lead, why) => (Some(lead.0), None, why.as_str()),
        Subject::Message(id, why) => (None, Some(id.0), why.as_str()),
    };
    sqlx::query!(
        "insert into failure_decisions (at, user_id, decision, lead_id, parked_id, why)
         values ($1, $2, $3, $4, $5, $6)",
        now,
        by.0,
        decided.as_str(),
        lead,
        parked,
        why,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The last decision about a deal.
pub async fn last_of_deal(conn: &mut PgConnection, lead: LeadId) -> Result<Option<Decision>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select d.at, d.user_id, u.first_name, u.last_name, d.decision, d.lead_id, d.parked_id, d.why
         from failure_decisions d join users u on u.id = d.user_id
         where d.lead_id = $1 order by d.id desc limit 1",
        lead.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(decision))
}

/// The last decision about a message.
pub async fn last_of_message(
    conn: &mut PgConnection,
    id: ParkedId,
) -> Result<Option<Decision>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select d.at, d.user_id, u.first_name, u.last_name, d.decision, d.lead_id, d.parked_id, d.why
         from failure_decisions d join users u on u.id = d.user_id
         where d.parked_id = $1 order by d.id desc limit 1",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(decision))
}

/// The newest decisions.
pub async fn list(conn: &mut PgConnection, limit: i64) -> Result<Vec<Decision>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        "select d.at, d.user_id, u.first_name, u.last_name, d.decision, d.lead_id, d.parked_id, d.why
         from failure_decisions d join users u on u.id = d.user_id
         order by d.id desc limit $1",
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().filter_map(decision).collect())
}

struct Row {
    at: DateTime<Utc>,
    user_id: i64,
    first_name: String,
    last_name: Option<String>,
    decision: String,
    lead_id: Option<i64>,
    parked_id: Option<i64>,
    why: String,
}

/// What another version wrote, and this one does not know, is not shown.
fn decision(row: Row) -> Option<Decision> {
    let subject = match (row.lead_id, row.parked_id) {
        (Some(lead), _) => Subject::Deal(LeadId(lead), WhyStuck::parse(&row.why)?),
        (None, Some(id)) => Subject::Message(ParkedId(id), WhyParked::parse(&row.why)?),
        (None, None) => return None,
    };
    let name = Name { first: row.first_name, last: row.last_name };
    Some(Decision {
        at: row.at,
        by: UserId(row.user_id),
        name,
        decided: Decided::parse(&row.decision)?,
        subject,
    })
}
