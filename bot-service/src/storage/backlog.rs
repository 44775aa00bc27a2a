//! How much work waits in the tables, for metrics: one look at all of them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::failures::TOLD_AFTER;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Deals to be read again.
    pub nudges: i64,
    /// Those of them that have failed for an hour.
    pub stuck: i64,
    /// Messages that nobody could read: events of deals, and bodies of webhooks.
    pub parked_events: i64,
    pub parked_webhooks: i64,
    /// Messages to be sent, also those that wait for quiet on purpose.
    pub outbox: i64,
    /// When the oldest of them was written that is due or has failed before. One that has never been tried and
    /// is not due waits on purpose.
    pub outbox_oldest_at: Option<DateTime<Utc>>,
    /// Cards that show an older state than the true one.
    pub redraws: i64,
    /// Updates from Telegram that are not handled.
    pub updates: i64,
    /// Files that people sent and that are to be copied.
    pub files: i64,
    /// Those that could not be copied, whether they are tried again or not.
    pub files_failed: i64,
    /// Updates that were given up after too many failures, as far as they are kept.
    pub parked: i64,
}

/// What has failed several times, or was given up; each at most `cap`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    pub outbox: i64,
    pub updates: i64,
}

pub async fn failing(conn: &mut PgConnection, cap: i64) -> Result<Failing, StorageError> {
    const SEVERAL: i32 = 3;
    let failing = sqlx::query_as!(
        Failing,
        r#"
        select (select count(*) from (
                    select from outbox where state = 'pending' and attempts >= $2 limit $1) as o) as "outbox!",
               (select count(*) from (
                    select from telegram_updates
                    where body is not null and parked_at is not null limit $1) as u) as "updates!"
        "#,
        cap,
        SEVERAL,
    )
    .fetch_one(conn)
    .await?;
    Ok(failing)
}

pub async fn look(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Backlog, StorageError> {
    let backlog = sqlx::query_as!(
        Backlog,
        r#"
        select (select count(*) from lead_nudges) as "nudges!",
               (select count(*) from lead_nudges where stuck_since <= $2) as "stuck!",
               (select count(*) from parked_messages
                where state in ('parked', 'sending') and kind = 'event') as "parked_events!",
               (select count(*) from parked_messages
                where state in ('parked', 'sending') and kind = 'webhook') as "parked_webhooks!",
               (select count(*) from outbox where state = 'pending') as "outbox!",
               (select min(created_at) from outbox
                where state = 'pending' and (attempts > 0 or next_attempt_at <= $1)) as outbox_oldest_at,
               (select count(*) from cards
                where shown_version < wanted_version and message_id is not null) as "redraws!",
               (select count(*) from telegram_updates where handled_at is null) as "updates!",
               (select count(*) from measurement_files
                where copied_at is null and last_error is null) as "files!",
               (select count(*) from measurement_files
                where copied_at is null and last_error is not null) as "files_failed!",
               (select count(*) from telegram_updates
                where body is not null and parked_at is not null) as "parked!"
        "#,
        now,
        now - TOLD_AFTER,
    )
    .fetch_one(conn)
    .await?;
    Ok(backlog)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::testing::at;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn it_counts_what_waits_and_nothing_else(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let nothing = Backlog {
            nudges: 0,
            stuck: 0,
            parked_events: 0,
            parked_webhooks: 0,
            outbox: 0,
            outbox_oldest_at: None,
            redraws: 0,
            updates: 0,
            files: 0,
            files_failed: 0,
            parked: 0,
        };
        assert_eq!(look(conn, at(0)).await.unwrap(), nothing);

        for statement in [
            "insert into lead_nudges (lead_id, first_at, next_attempt_at, stuck_since, trouble)
             values (1, now(), now(), null, null),
                    (2, now(), now(), to_timestamp(1800000005 - 3600), 'ours'),
                    (3, now(), now(), to_timestamp(1800000005 - 3599), 'ours')",
            "insert into parked_messages
                 (kind, digest, why, reason, body, size, received_at, parked_at, state)
             values ('event', '1', 'newer', '', '', 0, now(), now(), 'parked'),
                    ('webhook', '1', 'json', '', '', 0, now(), now(), 'sending'),
                    ('webhook', '2', 'json', '', '', 0, now(), now(), 'parked'),
                    ('webhook', '3', 'json', '', null, 0, now(), now(), 'skipped')",
            "insert into chats (chat_id, language, created_at) values (5, 'ru', now())",
            // In quiet, due, failed and waiting for another try, sent.
            "insert into outbox
                 (chat_id, lane, kind, created_at, next_attempt_at, attempts, state, finished_at)
             select 5, 'reply', 'screen', to_timestamp(1800000000 + written), to_timestamp(1800000000 + next),
                    attempts, state, finished_at
             from (values (1, 9, 0, 'pending', null), (3, 4, 0, 'pending', null),
                          (2, 9, 7, 'pending', null), (0, 1, 1, 'sent', now()))
                 as o (written, next, attempts, state, finished_at)",
            "insert into telegram_updates
                 (bot_id, update_id, chat_id, body, received_at, next_attempt_at, handled_at, parked_at)
             values (42, 1, 5, '', now(), now(), null, null), (42, 2, 5, '', now(), now(), now(), null),
                    (42, 3, 5, '', now(), now(), now(), now())",
        ] {
            sqlx::query(statement).execute(&mut *conn).await.unwrap();
        }
        let waiting = Backlog {
            nudges: 3,
            stuck: 1,
            parked_events: 1,
            parked_webhooks: 2,
            outbox: 3,
            outbox_oldest_at: Some(at(2)),
            updates: 1,
            parked: 1,
            ..nothing
        };
        assert_eq!(look(conn, at(5)).await.unwrap(), waiting);
        assert_eq!(failing(conn, 9).await.unwrap(), Failing { outbox: 1, updates: 1 });
    }
}
