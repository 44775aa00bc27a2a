//! `measurement_history`: append-only.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::history::{Author, Line, What};
use crate::domain::ids::{HistoryId, MeasurementId, UserId};

struct Row {
    id: i64,
    measurement_id: i64,
    step: i32,
    at: DateTime<Utc>,
    actor: String,
    actor_id: Option<i64>,
    details: serde_json::Value,
}

impl TryFrom<Row> for Line {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = |what| StorageError::Corrupt { table: "measurement_history", id: row.id, what };
        let author = match (row.actor.as_str(), row.actor_id) {
            ("person", Some(id)) => Author::Person(UserId(id)),
            ("amocrm", None) => Author::AmoCrm,
            ("system", None) => Author::System,
            _ => return Err(corrupt("actor")),
        };
        let what: What = serde_json::from_value(row.details).map_err(|_| corrupt("details"))?;
        Ok(Self {
            id: HistoryId(row.id),
            measurement_id: MeasurementId(row.measurement_id),
            step: row.step,
            at: row.at,
            author,
            what,
        })
    }
}

pub async fn append(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    step: i32,
    author: Author,
    what: &What,
    now: DateTime<Utc>,
) -> Result<HistoryId, StorageError> {
    let (actor, actor_id) = match author {
        Author::Person(user) => ("person", Some(user.0)),
        Author::AmoCrm => ("amocrm", None),
        Author::System => ("system", None),
    };
    let details = serde_json::to_value(what).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let id = sqlx::query_scalar!(
        "insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details)
         values ($1, $2, $3, $4, $5, $6, $7) returning id",
        measurement.0,
        step,
        now,
        actor,
        actor_id,
        what.as_str(),
        details,
    )
    .fetch_one(conn)
    .await?;
    Ok(HistoryId(id))
}

pub async fn find(conn: &mut PgConnection, id: HistoryId) -> Result<Option<Line>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select id, measurement_id, step, at, actor, actor_id, details from measurement_history where id = $1",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Line::try_from).transpose()
}

/// The latest transition: changes of facts and comments do not count.
pub async fn last_transition(
    conn: &mut PgConnection,
    measurement: MeasurementId,
) -> Result<Option<Line>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select id, measurement_id, step, at, actor, actor_id, details from measurement_history
         where measurement_id = $1
           and what not in ('proposed', 'explained', 'facts_changed', 'responsible_changed', 'commented')
         order by id desc limit 1",
        measurement.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Line::try_from).transpose()
}

/// Whether somebody has said why the measurement was given to another measurer in this step.
pub async fn is_explained(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    step: i32,
) -> Result<bool, StorageError> {
    let explained = sqlx::query_scalar!(
        r#"select exists(
               select from measurement_history where measurement_id = $1 and step = $2 and what = 'explained'
           ) as "explained!""#,
        measurement.0,
        step,
    );
    Ok(explained.fetch_one(conn).await?)
}

/// The newest lines before `before`.
pub async fn page(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    before: Option<HistoryId>,
    limit: i64,
) -> Result<Vec<Line>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        "select id, measurement_id, step, at, actor, actor_id, details from measurement_history
         where measurement_id = $1 and id < $2 order by id desc limit $3",
        measurement.0,
        before.map_or(i64::MAX, |id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Line::try_from).collect()
}

/// All lines, oldest first.
pub async fn list(conn: &mut PgConnection, measurement: MeasurementId) -> Result<Vec<Line>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        "select id, measurement_id, step, at, actor, actor_id, details from measurement_history
         where measurement_id = $1 order by id",
        measurement.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Line::try_from).collect()
}
