//! What became of the notices of a measurement, for its history.

use sqlx::PgConnection;

use crate::domain::ids::{HistoryId, MeasurementId, UserId};
use crate::domain::notices::Delivery;
use crate::storage::StorageError;

/// What became of the notices that point to these lines of one measurement, in the order in which they were made.
pub async fn list_deliveries(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    lines: &[HistoryId],
) -> Result<Vec<(HistoryId, UserId, Delivery)>, StorageError> {
    let lines: Vec<i64> = lines.iter().map(|line| line.0).collect();
    let rows = sqlx::query!(
        r#"select id, history_id as "history_id!", user_id as "user_id!", state from outbox
           where measurement_id = $1 and history_id = any($2) and user_id is not null order by id"#,
        measurement.0,
        &lines,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = StorageError::Corrupt { table: "outbox", id: row.id, what: "state" };
            let delivery = Delivery::parse(&row.state).ok_or(corrupt)?;
            Ok((HistoryId(row.history_id), UserId(row.user_id), delivery))
        })
        .collect()
}
