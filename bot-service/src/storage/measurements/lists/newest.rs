//! Lists with the newest first.
//!
//! A page is put together from the nearest of each status, which one index or another gives at once, whoever asks. As one
//! condition over all of it, PostgreSQL's plan for any parameters walked all measurements to find a person's few.

use sqlx::PgConnection;

use super::{From, Listed, Row, Which};
use crate::storage::StorageError;

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
        From::Before(id) => ascending(conn, which, id.0.max(which.first.saturating_sub(1)), limit).await?,
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
        with page as (
            select found.id
            from unnest($2::text[]) as wanted (status) cross join lateral (
                (select id from measurements
                 where $3::bigint is null and $4::bigint is null and $6::bigint is null
                   and status = wanted.status and id > $1
                 order by id limit $5)
                union all
                (select id from measurements
                 where $6 is null and status = wanted.status and measurer_id = $3 and id > $1
                 order by id limit $5)
                union all
                (select id from measurements
                 where status = wanted.status and responsible_amo_user_id = $4 and id > $1
                 order by id limit $5)
                union all
                (select measurement_id from measurement_zones
                 where $3 is null and status = wanted.status and zone_id = $6 and measurement_id > $1
                 order by measurement_id limit $5)
                union all
                (select measurement_id from measurement_zones
                 where status = wanted.status and zone_id = $6 and measurer_id = $3 and measurement_id > $1
                 order by measurement_id limit $5)
            ) as found
            order by found.id limit $5
        )
        select m.id, m.lead_name, m.address, m.status,
               coalesce(m.cancelled_at, m.completed_at, m.started_at, m.assigned_at, m.waiting_since) as "since!",
               u.first_name as "first_name?", u.last_name as "last_name?"
        from page join measurements m on m.id = page.id left join users u on u.id = m.measurer_id
        order by m.id
        "#,
        after,
        &which.statuses()[..] as &[String],
        which.measurer(),
        which.manager(),
        limit,
        which.zone(),
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
        with page as (
            select found.id
            from unnest($2::text[]) as wanted (status) cross join lateral (
                (select id from measurements
                 where $3::bigint is null and $4::bigint is null and $7::bigint is null
                   and status = wanted.status and id < $1 and id >= $6
                 order by id desc limit $5)
                union all
                (select id from measurements
                 where $7 is null and status = wanted.status and measurer_id = $3 and id < $1 and id >= $6
                 order by id desc limit $5)
                union all
                (select id from measurements
                 where status = wanted.status and responsible_amo_user_id = $4 and id < $1 and id >= $6
                 order by id desc limit $5)
                union all
                (select measurement_id from measurement_zones
                 where $3 is null and status = wanted.status and zone_id = $7 and measurement_id < $1 and measurement_id >= $6
                 order by measurement_id desc limit $5)
                union all
                (select measurement_id from measurement_zones
                 where status = wanted.status and zone_id = $7 and measurer_id = $3 and measurement_id < $1 and measurement_id >= $6
                 order by measurement_id desc limit $5)
            ) as found
            order by found.id desc limit $5
        )
        select m.id, m.lead_name, m.address, m.status,
               coalesce(m.cancelled_at, m.completed_at, m.started_at, m.assigned_at, m.waiting_since) as "since!",
               u.first_name as "first_name?", u.last_name as "last_name?"
        from page join measurements m on m.id = page.id left join users u on u.id = m.measurer_id
        order by m.id desc
        "#,
        before,
        &which.statuses()[..] as &[String],
        which.measurer(),
        which.manager(),
        limit,
        which.first,
        which.zone(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
