//! What one measurer has to do. The index `measurements_work` has this order: false, for a visit in progress, comes
//! before true.

use sqlx::PgConnection;

use super::{From, Listed, Row};
use crate::domain::ids::{MeasurementId, UserId};
use crate::storage::StorageError;

/// In progress first, then the oldest assignment: at most `limit` rows, the nearest to `from`.
///
/// The place in a list is that of the last assignment of `from` to him, also where it is his work no more.
pub async fn list_work(
    conn: &mut PgConnection,
    measurer: UserId,
    from: From,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    let rows = match from {
        From::Start => after(conn, measurer, None, limit).await?,
        From::After(id) => after(conn, measurer, Some(id), limit).await?,
        From::Before(id) => {
            let mut rows = before(conn, measurer, id, limit).await?;
            rows.reverse();
            rows
        }
    };
    rows.into_iter().map(Listed::try_from).collect()
}

async fn after(
    conn: &mut PgConnection,
    measurer: UserId,
    key: Option<MeasurementId>,
    limit: i64,
) -> Result<Vec<Row>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        with place as (
            select m.started_at is null as is_assigned, max(h.at) as assigned_at, m.id
            from measurements m join measurement_history h on h.measurement_id = m.id
            where m.id = $2 and h.what in ('assigned', 'reassigned') and h.details -> 'to' = to_jsonb($1::bigint)
            group by m.id)
        select m.id, m.lead_name, m.address, m.status, coalesce(m.started_at, m.assigned_at) as "since!",
               u.first_name as "first_name?", u.last_name
        from measurements m left join users u on u.id = m.measurer_id
        where m.measurer_id = $1 and m.status in ('assigned', 'in_progress')
          and (m.status = 'assigned', m.assigned_at, m.id) > (
              select is_assigned, assigned_at, id from place
              union all
              select false, '-infinity', 0 where $2::bigint is null)
        order by m.status = 'assigned', m.assigned_at, m.id limit $3
        "#,
        measurer.0,
        key.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

async fn before(
    conn: &mut PgConnection,
    measurer: UserId,
    key: MeasurementId,
    limit: i64,
) -> Result<Vec<Row>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        with place as (
            select m.started_at is null as is_assigned, max(h.at) as assigned_at, m.id
            from measurements m join measurement_history h on h.measurement_id = m.id
            where m.id = $2 and h.what in ('assigned', 'reassigned') and h.details -> 'to' = to_jsonb($1::bigint)
            group by m.id)
        select m.id, m.lead_name, m.address, m.status, coalesce(m.started_at, m.assigned_at) as "since!",
               u.first_name as "first_name?", u.last_name
        from measurements m left join users u on u.id = m.measurer_id
        where m.measurer_id = $1 and m.status in ('assigned', 'in_progress')
          and (m.status = 'assigned', m.assigned_at, m.id) < (select is_assigned, assigned_at, id from place)
        order by (m.status = 'assigned') desc, m.assigned_at desc, m.id desc limit $3
        "#,
        measurer.0,
        key.0,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
