//! Putting messages into the outbox, inside the transaction that causes them. Each wakes the sender on commit.
//!
//! What is meant for a person who cannot be reached is kept with that end, and not sent.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::domain::ids::{ChatId, CommentId, FileId, HistoryId, MeasurementId, UserId};
use crate::domain::notices::NoticeKind;
use crate::storage::StorageError;
use crate::storage::outbox::announce;

/// Changes of facts come in series; they are told after so much quiet.
const QUIET: TimeDelta = TimeDelta::seconds(20);

/// A reply to what a person did, already drawn. `edit` names the message that it takes the place of; a screen
/// that still waits to change the same message gives way.
pub async fn enqueue_screen(
    conn: &mut PgConnection,
    chat: ChatId,
    screen: &(impl Serialize + Sync),
    edit: Option<i32>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let payload = to_json(screen)?;
    sqlx::query!(
        "with older as (
             update outbox set state = 'superseded', finished_at = $4, payload = '{}'
             where chat_id = $1 and kind = 'screen' and edit_message_id = $3 and state = 'pending'
         )
         insert into outbox (chat_id, user_id, lane, kind, payload, edit_message_id, created_at, next_attempt_at)
         select chat_id, user_id, 'reply', 'screen', $2, $3, $4, $4 from chats where chat_id = $1",
        chat.0,
        payload,
        edit,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// The person opened a measurement: he gets its card as a new message. Returns false, and does nothing, if one is on
/// its way already or was asked for after `since`.
pub async fn enqueue_card(
    conn: &mut PgConnection,
    chat: ChatId,
    user: UserId,
    measurement: MeasurementId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "insert into outbox (chat_id, user_id, lane, kind, measurement_id, created_at, next_attempt_at)
         select $1, $2, 'reply', 'card', $3, $5, $5
         where not exists (
             select from outbox
             where measurement_id = $3 and user_id = $2 and chat_id = $1 and kind = 'card'
               and (state = 'pending' or state = 'sent' and created_at > $4))",
        chat.0,
        user.0,
        measurement.0,
        since,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Whether the files of a measurement were asked for in this chat after `since`.
pub async fn has_asked_for_files(
    conn: &mut PgConnection,
    chat: ChatId,
    measurement: MeasurementId,
    since: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let has = sqlx::query_scalar!(
        r#"select exists(
               select from outbox
               where measurement_id = $2 and chat_id = $1 and kind = 'files' and created_at > $3) as "has!""#,
        chat.0,
        measurement.0,
        since,
    )
    .fetch_one(conn)
    .await?;
    Ok(has)
}

/// Files that a person asked for, to be shown together.
pub async fn enqueue_files(
    conn: &mut PgConnection,
    chat: ChatId,
    user: UserId,
    measurement: MeasurementId,
    files: &[FileId],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into outbox (chat_id, user_id, lane, kind, measurement_id, payload, created_at, next_attempt_at)
         values ($1, $2, 'reply', 'files', $3, jsonb_build_object('files', $4::jsonb), $5, $5)",
        chat.0,
        user.0,
        measurement.0,
        to_json(&files)?,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// Tells a person of a history line, once per person, line and kind. Who has no chat with the bot is not told.
pub async fn enqueue_notice(
    conn: &mut PgConnection,
    user: UserId,
    kind: NoticeKind,
    history: HistoryId,
    measurement: MeasurementId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    if kind == NoticeKind::FactsChanged {
        return enqueue_facts_changed(conn, user, history, measurement, now).await;
    }
    sqlx::query!(
        "insert into outbox (chat_id, user_id, lane, kind, measurement_id, history_id, created_at,
             next_attempt_at, state, finished_at)
         select chat_id, $1, $2, $3, $4, $5, $6::timestamptz, $6,
                case when unreachable_at is null or $7 then 'pending' else 'unreachable' end,
                case when unreachable_at is null or $7 then null else $6::timestamptz end
         from chats where user_id = $1
         on conflict (user_id, history_id, kind) where history_id is not null do nothing",
        user.0,
        if kind.is_urgent() { "urgent" } else { "notice" },
        kind.as_str(),
        measurement.0,
        history.0,
        now,
        // A visit given to somebody who cannot be reached is tried all the same: the admins hear that it failed.
        kind == NoticeKind::AssignedToYou,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// Waits for quiet, and takes the fields of an older one that is still waiting with it.
async fn enqueue_facts_changed(
    conn: &mut PgConnection,
    user: UserId,
    history: HistoryId,
    measurement: MeasurementId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "with older as (
             update outbox set state = 'superseded', finished_at = $4
             where user_id = $1 and measurement_id = $2 and kind = 'facts_changed' and state = 'pending'
                 and history_id <> $3
             returning payload -> 'fields' as fields
         ),
         changed as (
             select jsonb_array_elements(fields) as field from older
             union
             select jsonb_path_query(details, '$.changes[*].field') from measurement_history where id = $3
         )
         insert into outbox (chat_id, user_id, lane, kind, measurement_id, history_id, payload, created_at,
             next_attempt_at, state, finished_at)
         select chat_id, $1, 'notice', 'facts_changed', $2, $3,
                jsonb_build_object('fields', (select coalesce(jsonb_agg(field), '[]') from changed)), $4, $5,
                case when unreachable_at is null then 'pending' else 'unreachable' end,
                case when unreachable_at is not null then $4::timestamptz end
         from chats where user_id = $1
         on conflict (user_id, history_id, kind) where history_id is not null do nothing",
        user.0,
        measurement.0,
        history.0,
        now,
        now + QUIET,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// What is told of a comment waits until then: more of it may come. What has been tried already does not wait.
pub async fn delay_comment(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    comment: CommentId,
    until: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update outbox set next_attempt_at = $3
         where measurement_id = $1 and state = 'pending' and kind = 'commented' and attempts = 0 and history_id in (
             select id from measurement_history
             where measurement_id = $1 and what = 'commented' and (details ->> 'comment')::bigint = $2)",
        measurement.0,
        comment.0,
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tells an admin what is no step of a measurement. Ahead of a morning of new measurements.
pub async fn enqueue_alert(
    conn: &mut PgConnection,
    user: UserId,
    alert: &(impl Serialize + Sync),
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let payload = to_json(alert)?;
    sqlx::query!(
        "insert into outbox (chat_id, user_id, lane, kind, payload, created_at, next_attempt_at, state, finished_at)
         select chat_id, $1, 'urgent', 'alert', case when unreachable_at is null then $2::jsonb else '{}' end,
                $3::timestamptz, $3,
                case when unreachable_at is null then 'pending' else 'unreachable' end,
                case when unreachable_at is not null then $3::timestamptz end
         from chats where user_id = $1",
        user.0,
        payload,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

/// Sets the commands of a chat to what its person may do by then. In no hurry.
pub async fn enqueue_commands(
    conn: &mut PgConnection,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into outbox (chat_id, user_id, lane, kind, created_at, next_attempt_at)
         select chat_id, user_id, 'notice', 'commands', $2, $2 from chats
         where chat_id = $1 and unreachable_at is null",
        chat.0,
        now,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}

fn to_json(value: &impl Serialize) -> Result<serde_json::Value, StorageError> {
    serde_json::to_value(value).map_err(|error| sqlx::Error::Encode(error.into()).into())
}
