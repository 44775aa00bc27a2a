//! Visits whose measurers have not said that they go.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::MeasurementId;
use crate::domain::user::Name;
use crate::storage::StorageError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unaccepted {
    pub id: MeasurementId,
    pub measurer: Name,
}

/// Those that were given to their measurers by `assigned_until`, the longest waiting first, each once for every
/// assignment. One that somebody is changing at this moment comes another time.
pub async fn take_unaccepted(
    conn: &mut PgConnection,
    assigned_until: DateTime<Utc>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Unaccepted>, StorageError> {
    let rows = sqlx::query!(
        r#"
        with due as (
            select id from measurements
            where status = 'assigned' and accepted_at is null and unaccepted_told_at is null
              and problem_reason is null and assigned_at <= $1
            order by assigned_at, id limit $2 for update skip locked
        ),
        taken as (
            update measurements m set unaccepted_told_at = $3 from due where m.id = due.id
            returning m.id, m.measurer_id, m.assigned_at
        )
        select taken.id as "id!", u.first_name as "first_name!", u.last_name
        from taken join users u on u.id = taken.measurer_id
        order by taken.assigned_at, taken.id
        "#,
        assigned_until,
        limit,
        now,
    )
    .fetch_all(conn)
    .await?;
    let unaccepted = rows.into_iter().map(|row| Unaccepted {
        id: MeasurementId(row.id),
        measurer: Name { first: row.first_name, last: row.last_name },
    });
    Ok(unaccepted.collect())
}
