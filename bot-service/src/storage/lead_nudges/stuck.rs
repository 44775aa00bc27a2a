//! Deals that cannot be read or taken in, as people look at them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared::ids::LeadId;
use sqlx::PgConnection;

use super::CHANNEL;
use crate::domain::failures::{EventKind, WhyStuck};
use crate::storage::StorageError;

/// A deal that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    pub lead_id: LeadId,
    /// Counts the events: whoever skips the deal has seen these.
    pub seq: i64,
    pub since: DateTime<Utc>,
    pub why: WhyStuck,
    /// What measurements or hooks call it.
    pub name: Option<String>,
    pub event: EventKind,
    pub next_attempt_at: DateTime<Utc>,
    /// Its measurements are as its hook says; AmoCRM is still to be asked.
    pub is_taken_from_hook: bool,
}

/// Where a page begins: after or before this place, whether or not that deal is still stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Start,
    After(DateTime<Utc>, LeadId),
    Before(DateTime<Utc>, LeadId),
}

/// The longest stuck first, those since before `until`: at most `limit` rows, the nearest to `from`.
pub async fn list_stuck(
    conn: &mut PgConnection,
    from: From,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Stuck>, StorageError> {
    let (after, before) = match from {
        From::Start => (None, None),
        From::After(since, lead) => (Some((since, lead)), None),
        From::Before(since, lead) => (None, Some((since, lead))),
    };
    let rows = sqlx::query_as!(
        Row,
        r#"
        select lead_id as "lead_id!", seq as "seq!", stuck_since as "stuck_since!", trouble as "trouble!",
               next_attempt_at as "next_attempt_at!",
               case when deleted_at is not null then 'deletion' when entries <> '[]' then 'entry'
                    when payload <> '{}' then 'change' else 'look' end as "event!",
               from_hook_at is not null as "is_taken_from_hook!",
               coalesce((select nullif(m.lead_name, '') from measurements m where m.lead_id = page.lead_id
                         order by m.id desc limit 1), payload ->> 'name') as name
        from (
            (select * from lead_nudges
             where stuck_since <= $1 and $4::timestamptz is null
               and ($2::timestamptz is null or (stuck_since, lead_id) > ($2, $3))
             order by stuck_since, lead_id limit $6)
            union all
            (select * from lead_nudges
             where stuck_since <= $1 and (stuck_since, lead_id) < ($4, $5)
             order by stuck_since desc, lead_id desc limit $6)
        ) as page
        order by stuck_since, lead_id
        "#,
        until,
        after.map(|place| place.0),
        after.map(|place| place.1.0),
        before.map(|place| place.0),
        before.map(|place| place.1.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Stuck::from).collect())
}

/// Whether the list goes on there.
pub async fn any_beyond(
    conn: &mut PgConnection,
    from: From,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    Ok(!list_stuck(conn, from, until, 1).await?.is_empty())
}

/// Locks the deal's nudge. None if it is not stuck, or not any more.
pub async fn find_stuck(conn: &mut PgConnection, lead: LeadId) -> Result<Option<Stuck>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select lead_id, seq, stuck_since as "stuck_since!", trouble as "trouble!", next_attempt_at,
               case when deleted_at is not null then 'deletion' when entries <> '[]' then 'entry'
                    when payload <> '{}' then 'change' else 'look' end as "event!",
               from_hook_at is not null as "is_taken_from_hook!",
               coalesce((select nullif(m.lead_name, '') from measurements m where m.lead_id = n.lead_id
                         order by m.id desc limit 1), payload ->> 'name') as name
        from lead_nudges n where lead_id = $1 and stuck_since is not null for update of n
        "#,
        lead.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Stuck::from))
}

/// How many are stuck since before `until`; no more than `cap` are counted.
pub async fn count(conn: &mut PgConnection, until: DateTime<Utc>, cap: i64) -> Result<i64, StorageError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (select from lead_nudges where stuck_since <= $1 limit $2) as stuck"#,
        until,
        cap,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// How many are stuck since before `until` by that what needs somebody.
pub async fn count_by_reason(
    conn: &mut PgConnection,
    until: DateTime<Utc>,
) -> Result<BTreeMap<WhyStuck, i64>, StorageError> {
    let rows = sqlx::query!(
        r#"select trouble as "trouble!", count(*) as "count!" from lead_nudges
           where stuck_since <= $1 group by trouble"#,
        until,
    )
    .fetch_all(conn)
    .await?;
    let mut counts = BTreeMap::new();
    for row in rows {
        let why = why(&row.trouble);
        if why.needs_somebody() {
            *counts.entry(why).or_default() += row.count;
        }
    }
    Ok(counts)
}

/// Makes the deal due at once, as if it had not failed before, and wakes the leader on commit.
pub async fn repeat(conn: &mut PgConnection, lead: LeadId, now: DateTime<Utc>) -> Result<(), StorageError> {
    sqlx::query!(
        "update lead_nudges set next_attempt_at = least(next_attempt_at, $2), failing_since = null, last_error = null
         where lead_id = $1",
        lead.0,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(conn).await?;
    Ok(())
}

/// Forgets what the deal's events up to `seq` ask for. The row is locked ([`find_stuck`]) and has this `seq`.
pub async fn skip(conn: &mut PgConnection, lead: LeadId, seq: i64) -> Result<(), StorageError> {
    let done = sqlx::query!("delete from lead_nudges where lead_id = $1 and seq = $2", lead.0, seq)
        .execute(conn)
        .await?;
    crate::storage::one_row("lead_nudges", done.rows_affected())
}

struct Row {
    lead_id: i64,
    seq: i64,
    stuck_since: DateTime<Utc>,
    trouble: String,
    event: String,
    next_attempt_at: DateTime<Utc>,
    is_taken_from_hook: bool,
    name: Option<String>,
}

/// A kind that another version wrote is ours to look into.
fn why(text: &str) -> WhyStuck {
    WhyStuck::parse(text).unwrap_or(WhyStuck::Ours)
}

impl std::convert::From<Row> for Stuck {
    fn from(row: Row) -> Self {
        Self {
            lead_id: LeadId(row.lead_id),
            seq: row.seq,
            since: row.stuck_since,
            why: why(&row.trouble),
            name: row.name.filter(|name| !name.is_empty()),
            event: EventKind::parse(&row.event).unwrap_or(EventKind::Look),
            next_attempt_at: row.next_attempt_at,
            is_taken_from_hook: row.is_taken_from_hook,
        }
    }
}
