//! Measurements that nobody has been given yet, in the order in which they came into the queue.
//!
//! Since when one waits is in its history, so no index serves this order. It needs none: those that wait are few
//! (they are found by `measurements_by_status`), and each costs one look at its own history.

use sqlx::PgConnection;

use super::{From, Listed, Row};
use crate::storage::StorageError;

/// Who waits longest comes first: at most `limit` rows, the nearest to `from`.
///
/// The place in a list is that of the last wait of `from`, also where that one waits no more. What has come back
/// into the queue since stands at its end.
pub async fn list_waiting(
    conn: &mut PgConnection,
    from: From,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    let rows = match from {
        From::Start => after(conn, None, limit).await?,
        From::After(id) => after(conn, Some(id.0), limit).await?,
        From::Before(id) => {
            let mut rows = before(conn, id.0, limit).await?;
            rows.reverse();
            rows
        }
    };
    rows.into_iter().map(Listed::try_from).collect()
}

async fn after(conn: &mut PgConnection, key: Option<i64>, limit: i64) -> Result<Vec<Row>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        with queue as (
            select m.*, coalesce((select max(h.at) from measurement_history h
                                  where h.measurement_id = m.id and h.what in ('restored', 'returned')),
                                 m.created_at) as since
            from measurements m where m.status = 'pending' or m.id = $1)
        select id as "id!", lead_name as "lead_name!", address, status as "status!", since as "since!",
               null as first_name, null as last_name
        from queue
        where status = 'pending'
          and ($1::bigint is null or (since, id) > (select since, id from queue where id = $1))
        order by since, id limit $2
        "#,
        key,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

async fn before(conn: &mut PgConnection, key: i64, limit: i64) -> Result<Vec<Row>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        with queue as (
            select m.*, coalesce((select max(h.at) from measurement_history h
                                  where h.measurement_id = m.id and h.what in ('restored', 'returned')),
                                 m.created_at) as since
            from measurements m where m.status = 'pending' or m.id = $1)
        select id as "id!", lead_name as "lead_name!", address, status as "status!", since as "since!",
               null as first_name, null as last_name
        from queue
        where status = 'pending' and (since, id) < (select since, id from queue where id = $1)
        order by since desc, id desc limit $2
        "#,
        key,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
