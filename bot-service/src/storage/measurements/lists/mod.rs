//! Lists of measurements, paged by key, and the counts beside them. An index serves the order of each.
//!
//! ```text
//! find.rs    what somebody looks for, the newest first
//! newest.rs   the newest first: /all, /orders, what a measurer has completed
//! waiting.rs  who waits longest first: /pending
//! work.rs     what one measurer has to do: /my
//! ```

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;
use sqlx::PgConnection;

use crate::domain::ids::{MeasurementId, UserId, ZoneId};
use crate::domain::measurement::StatusKind;
use crate::domain::user::Name;
use crate::storage::StorageError;

pub mod find;
mod newest;
mod waiting;
mod work;

pub use newest::list;
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

/// Whose measurements.
#[derive(Debug, Clone, Copy, Default)]
pub enum Whose {
    #[default]
    Anybodys,
    Measurer(UserId),
    /// Of the deals for which this employee is responsible.
    Manager(AmoUserId),
}

/// Which measurements.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which<'a> {
    /// Any of these; all, where empty.
    pub statuses: &'a [StatusKind],
    pub whose: Whose,
    /// In this zone: of anybody or of a measurer.
    pub zone: Option<ZoneId>,
    /// None with a smaller number.
    pub first: i64,
}

impl Which<'_> {
    fn statuses(self) -> Vec<String> {
        let all = if self.statuses.is_empty() { &StatusKind::ALL } else { self.statuses };
        all.iter().map(|status| status.as_str().to_owned()).collect()
    }

    fn measurer(self) -> Option<i64> {
        if let Whose::Measurer(id) = self.whose { Some(id.0) } else { None }
    }

    fn manager(self) -> Option<i64> {
        if let Whose::Manager(id) = self.whose { Some(id.0) } else { None }
    }

    fn zone(self) -> Option<i64> {
        self.zone.map(|id| id.0)
    }
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

/// How many there are, counted no further than `cap`.
///
/// Status by status and in the order of an index, as in [`list`]. Each branch asks for nothing that its index does not
/// hold: rows of a person are scattered, and a hundred of them are as many pages of the table.
pub async fn count(conn: &mut PgConnection, which: Which<'_>, cap: i64) -> Result<i64, StorageError> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!" from (
            select from unnest($1::text[]) as wanted (status) cross join lateral (
                (select from measurements
                 where $2::bigint is null and $3::bigint is null and $6::bigint is null
                   and status = wanted.status and id >= $5
                 order by id limit $4)
                union all
                (select from measurements
                 where $6 is null and status = wanted.status and measurer_id = $2 and id >= $5
                 order by id limit $4)
                union all
                (select from measurements
                 where status = wanted.status and responsible_amo_user_id = $3 and id >= $5 order by id limit $4)
                union all
                (select from measurement_zones
                 where $2 is null and status = wanted.status and zone_id = $6 and measurement_id >= $5
                 order by measurement_id limit $4)
                union all
                (select from measurement_zones
                 where status = wanted.status and zone_id = $6 and measurer_id = $2 and measurement_id >= $5
                 order by measurement_id limit $4)
            ) as found
            limit $4
        ) as counted
        "#,
        &which.statuses()[..] as &[String],
        which.measurer(),
        which.manager(),
        cap,
        which.first,
        which.zone(),
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// The smallest number of what was opened since a moment. Numbers are given in the order of time, but for those that
/// were given at the same moment.
pub async fn first_since(conn: &mut PgConnection, since: DateTime<Utc>) -> Result<i64, StorageError> {
    let first = sqlx::query_scalar!(
        r#"select min(id) from (
               select id from measurements where created_at >= $1 order by created_at limit 100
           ) as earliest"#,
        since,
    )
    .fetch_one(conn)
    .await?;
    Ok(first.unwrap_or(i64::MAX))
}
