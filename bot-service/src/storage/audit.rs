//! `audit`: append-only.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::audit::{AuditLine, Change};
use crate::domain::ids::{AuditId, UserId};
use crate::domain::user::Actor;

struct Row {
    id: i64,
    at: DateTime<Utc>,
    actor_id: Option<i64>,
    subject_id: Option<i64>,
    details: serde_json::Value,
}

impl TryFrom<Row> for AuditLine {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = StorageError::Corrupt { table: "audit", id: row.id, what: "details" };
        Ok(Self {
            id: AuditId(row.id),
            at: row.at,
            actor: row.actor_id.map(UserId),
            subject: row.subject_id.map(UserId),
            change: serde_json::from_value(row.details).map_err(|_| corrupt)?,
        })
    }
}

/// What a person changed, and of whom.
pub async fn append(
    conn: &mut PgConnection,
    actor: &Actor,
    subject: Option<UserId>,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let details = serde_json::to_value(change).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into audit (at, actor_id, subject_id, what, details) values ($1, $2, $3, $4, $5)",
        now,
        actor.id.0,
        subject.map(|subject| subject.0),
        change.as_str(),
        details,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest lines before `before`, of one person or of all.
pub async fn list(
    conn: &mut PgConnection,
    subject: Option<UserId>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditLine>, StorageError> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let rows = match subject {
        Some(subject) => {
            sqlx::query_as!(
                Row,
                "select id, at, actor_id, subject_id, details from audit
                 where subject_id = $1 and id < $2 order by id desc limit $3",
                subject.0,
                before,
                limit,
            )
            .fetch_all(conn)
            .await?
        }
        None => {
            sqlx::query_as!(
                Row,
                "select id, at, actor_id, subject_id, details from audit
                 where id < $1 order by id desc limit $2",
                before,
                limit,
            )
            .fetch_all(conn)
            .await?
        }
    };
    rows.into_iter().map(AuditLine::try_from).collect()
}
