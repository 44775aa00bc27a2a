//! Lists of measurements, paged by key, and the counts beside them. An index serves the order of each, but not of
//! those that wait (`waiting.rs`) and of one measurer's open work (`work.rs`).

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;
use sqlx::PgConnection;

use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::StatusKind;
use crate::domain::user::Name;
use crate::storage::StorageError;

mod waiting;
mod work;

pub use waiting::list_waiting;
pub use work::list_work;

/// One row of any list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: MeasurementId,
    pub lead_name: String,
    pub address: Option<String>,
    pub status: StatusKind,
    /// Since when it is in this status.
    pub since: DateTime<Utc>,
    pub measurer: Option<Name>,
}

/// Which measurements: every condition that is set must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which<'a> {
    /// Any of these; all, where empty.
    pub statuses: &'a [StatusKind],
    pub measurer: Option<UserId>,
    pub responsible: Option<AmoUserId>,
}

/// From where, and which way. The rows always come in the list's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Start,
    After(MeasurementId),
    Before(MeasurementId),
}

struct Row {
    id: i64,
    lead_name: String,
    address: Option<String>,
    status: String,
    since: DateTime<Utc>,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl TryFrom<Row> for Listed {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = StorageError::Corrupt { table: "measurements", id: row.id, what: "status" };
        Ok(Self {
            id: MeasurementId(row.id),
            lead_name: row.lead_name,
            address: row.address,
            status: StatusKind::parse(&row.status).ok_or(corrupt)?,
            since: row.since,
            measurer: row.first_name.map(|first| Name { first, last: row.last_name }),
        })
    }
}

/// The newest first: at most `limit` rows, the nearest to `from`.
pub async fn list(
    conn: &mut PgConnection,
    which: Which<'_>,
    from: From,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    let mut rows = match from {
        From::Start => descending(conn, which, i64::MAX, limit).await?,
        From::After(id) => descending(conn, which, id.0, limit).await?,
        From::Before(id) => ascending(conn, which, id.0, limit).await?,
    };
    if matches!(from, From::Before(_)) {
        rows.reverse();
    }
    rows.into_iter().map(Listed::try_from).collect()
}

async fn ascending(
    conn: &mut PgConnection,
    which: Which<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<Row>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select m.id, m.lead_name, m.address, m.status,
               coalesce(m.cancelled_at, m.completed_at, m.started_at, m.assigned_at,
                        (select max(h.at) from measurement_history h
                         where h.measurement_id = m.id and h.what in ('restored', 'returned')),
                        m.created_at) as "since!",
               u.first_name as "first_name?", u.last_name
        from measurements m left join users u on u.id = m.measurer_id
        where m.id > $1
          and (cardinality($2::text[]) = 0 or m.status = any($2))
          and ($3::bigint is null or m.measurer_id = $3)
          and ($4::bigint is null or m.responsible_amo_user_id = $4)
        order by m.id limit $5
        "#,
        after,
        &statuses(which)[..] as &[String],
        which.measurer.map(|id| id.0),
        which.responsible.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

async fn descending(
    conn: &mut PgConnection,
    which: Which<'_>,
    before: i64,
    limit: i64,
) -> Result<Vec<Row>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select m.id, m.lead_name, m.address, m.status,
               coalesce(m.cancelled_at, m.completed_at, m.started_at, m.assigned_at,
                        (select max(h.at) from measurement_history h
                         where h.measurement_id = m.id and h.what in ('restored', 'returned')),
                        m.created_at) as "since!",
               u.first_name as "first_name?", u.last_name
        from measurements m left join users u on u.id = m.measurer_id
        where m.id < $1
          and (cardinality($2::text[]) = 0 or m.status = any($2))
          and ($3::bigint is null or m.measurer_id = $3)
          and ($4::bigint is null or m.responsible_amo_user_id = $4)
        order by m.id desc limit $5
        "#,
        before,
        &statuses(which)[..] as &[String],
        which.measurer.map(|id| id.0),
        which.responsible.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How many there are, counted no further than `cap`.
pub async fn count(conn: &mut PgConnection, which: Which<'_>, cap: i64) -> Result<i64, StorageError> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!" from (
            select from measurements m
            where (cardinality($1::text[]) = 0 or m.status = any($1))
              and ($2::bigint is null or m.measurer_id = $2)
              and ($3::bigint is null or m.responsible_amo_user_id = $3)
            limit $4
        ) as counted
        "#,
        &statuses(which)[..] as &[String],
        which.measurer.map(|id| id.0),
        which.responsible.map(|id| id.0),
        cap,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

fn statuses(which: Which<'_>) -> Vec<String> {
    which.statuses.iter().map(|status| status.as_str().to_owned()).collect()
}
