//! Measurements that nobody has been given yet, in the order in which they came into the queue.

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
        select id, lead_name, address, status, waiting_since as "since", null as first_name, null as last_name
        from measurements
        where status = 'pending'
          and (waiting_since, id) > (
              select waiting_since, id from measurements where id = $1
              union all
              select '-infinity', 0 where $1::bigint is null)
        order by waiting_since, id limit $2
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
        select id, lead_name, address, status, waiting_since as "since", null as first_name, null as last_name
        from measurements
        where status = 'pending'
          and (waiting_since, id) < (select waiting_since, id from measurements where id = $1)
        order by waiting_since desc, id desc limit $2
        "#,
        key,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
