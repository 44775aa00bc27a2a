//! Messages that wait for a decision, page by page.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::failures::{NotSent, ParkedKind, WhyParked};
use crate::domain::ids::ParkedId;
use crate::storage::StorageError;

/// Where a page begins; its neighbour need not wait any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Start,
    After(ParkedId),
    Before(ParkedId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    pub id: ParkedId,
    pub kind: ParkedKind,
    pub why: WhyParked,
    pub received_at: DateTime<Utc>,
    pub arrivals: i32,
    pub last_error: Option<NotSent>,
    /// It is about to be sent again.
    pub is_sending: bool,
}

/// The newest first: at most `limit` rows, the nearest to `from`.
pub async fn list(conn: &mut PgConnection, from: From, limit: i64) -> Result<Vec<Listed>, StorageError> {
    let (below, above) = match from {
        From::Start => (i64::MAX, None),
        From::After(id) => (id.0, None),
        From::Before(id) => (i64::MAX, Some(id.0)),
    };
    let rows = sqlx::query!(
        r#"
        select id as "id!", kind as "kind!", why as "why!", received_at as "received_at!",
               arrivals as "arrivals!", last_error, state as "state!"
        from (
            (select * from parked_messages
             where state in ('parked', 'sending') and $2::bigint is null and id < $1
             order by id desc limit $3)
            union all
            (select * from parked_messages
             where state in ('parked', 'sending') and id > $2
             order by id limit $3)
        ) as page
        order by id desc
        "#,
        below,
        above,
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = StorageError::Corrupt { table: "parked_messages", id: row.id, what: "kind" };
            Ok(Listed {
                id: ParkedId(row.id),
                kind: ParkedKind::parse(&row.kind).ok_or(corrupt)?,
                why: WhyParked::parse(&row.why).unwrap_or(WhyParked::Unknown),
                received_at: row.received_at,
                arrivals: row.arrivals,
                last_error: row.last_error.as_deref().map(NotSent::of_text),
                is_sending: row.state == "sending",
            })
        })
        .collect()
}

/// Whether the list goes on there.
pub async fn any_beyond(conn: &mut PgConnection, from: From) -> Result<bool, StorageError> {
    Ok(!list(conn, from, 1).await?.is_empty())
}

/// How many wait for a decision; no more than `cap` are counted.
pub async fn count(conn: &mut PgConnection, cap: i64) -> Result<i64, StorageError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
               select from parked_messages where state in ('parked', 'sending') limit $1) as waiting"#,
        cap,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}
