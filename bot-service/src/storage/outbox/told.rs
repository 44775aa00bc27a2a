//! What a person has been told so far. A call that may have been done counts as told.

use sqlx::PgConnection;

use super::Row;
use crate::domain::ids::{ChatId, MeasurementId, OutboxId, UserId};
use crate::storage::StorageError;

/// The measurement that a sent message is about: a card, or a notice.
pub async fn about(
    conn: &mut PgConnection,
    chat: ChatId,
    message_id: i32,
) -> Result<Option<MeasurementId>, StorageError> {
    let found = sqlx::query_scalar!(
        r#"
        select measurement_id as "measurement_id!" from cards
        where chat_id = $1 and message_id = $2
        union all
        select o.measurement_id from outbox_attempts a join outbox o on o.id = a.outbox_id
        where a.message_id = $2 and o.chat_id = $1 and o.measurement_id is not null
        limit 1
        "#,
        chat.0,
        message_id,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(MeasurementId))
}

/// Whether this person knows of the measurement: he has or had its card, or was told that it is his.
pub async fn was_told(
    conn: &mut PgConnection,
    user: UserId,
    measurement: MeasurementId,
) -> Result<bool, StorageError> {
    let told = sqlx::query_scalar!(
        r#"
        select exists(select from cards where user_id = $1 and measurement_id = $2 and message_id is not null)
            or exists(
                select from outbox o join outbox_attempts a on a.outbox_id = o.id
                where o.user_id = $1 and o.measurement_id = $2 and o.kind = 'assigned_to_you'
                  and coalesce(a.outcome, 'uncertain') in ('delivered', 'uncertain')
            ) as "told!"
        "#,
        user.0,
        measurement.0,
    )
    .fetch_one(conn)
    .await?;
    Ok(told)
}

/// Whether a later «assigned to you» for the same person and measurement waits behind this one.
pub async fn has_newer_assignment(conn: &mut PgConnection, row: &Row) -> Result<bool, StorageError> {
    let newer = sqlx::query_scalar!(
        r#"
        select exists(
            select from outbox
            where measurement_id = $1 and user_id = $2 and kind = 'assigned_to_you' and state = 'pending' and id > $3
        ) as "newer!"
        "#,
        row.measurement.map(|id| id.0),
        row.user.map(|id| id.0),
        row.id.0,
    )
    .fetch_one(conn)
    .await?;
    Ok(newer)
}

/// Whether the person was taken off before this assignment and never heard of that: for him nothing has changed.
pub async fn never_knew_he_was_off(conn: &mut PgConnection, row: &Row) -> Result<bool, StorageError> {
    let last_but_this = sqlx::query!(
        r#"
        select o.kind, exists(
            select from outbox_attempts a
            where a.outbox_id = o.id and coalesce(a.outcome, 'uncertain') in ('delivered', 'uncertain')
        ) as "told!"
        from outbox o
        where o.measurement_id = $1 and o.user_id = $2 and o.kind in ('assigned_to_you', 'taken_off_you')
          and o.id < $3
        order by o.id desc
        "#,
        row.measurement.map(|id| id.0),
        row.user.map(|id| id.0),
        row.id.0,
    )
    .fetch_all(conn)
    .await?;
    let was_taken_off = last_but_this.first().is_some_and(|last| last.kind == "taken_off_you");
    let last_told = last_but_this.iter().find(|row| row.told);
    Ok(was_taken_off && last_told.is_some_and(|told| told.kind == "assigned_to_you"))
}

/// The unsent notices of measurements in a chat that still wait for a measurer, oldest first.
pub async fn list_unsent_new(conn: &mut PgConnection, chat: ChatId) -> Result<Vec<OutboxId>, StorageError> {
    let ids = sqlx::query_scalar!(
        "select o.id from outbox o join measurements m on m.id = o.measurement_id
         where o.chat_id = $1 and o.kind = 'new_measurement' and o.state = 'pending' and m.status = 'pending'
         order by o.id",
        chat.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(OutboxId).collect())
}
