//! `lead_nudges`: "read this deal again", one row per deal, however many events ask for it.
//!
//! `seq` counts the events, so that one which arrives while its deal is being read survives the settling.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::ids::{ContactId, LeadId};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::intake::Entry;

mod batch;
mod queue;
mod stuck;

pub use batch::{Hook, Nudges};
pub use queue::{Claim, Failure, claim, mark_from_hook, postpone, retry, settle};
pub use stuck::{From, Stuck, any_beyond, count, count_by_reason, find_stuck, list_stuck, repeat, skip};

/// The channel on which waiting nudges are announced.
pub const CHANNEL: &str = "nudges";
/// So many of a deal's entries wait at most; the oldest give way.
const ENTRIES_KEPT: i64 = 50;

/// Adds a batch to what waits, merging it with what is there, and announces it. Wakes deals that back off.
///
/// Contacts nudge only the deals with an open measurement, or whose nudge waits and may be opening one at this
/// moment; and only those whose main contact they are, or that the hook named. Whose main contact it is, is known
/// before the contact is read ([`super::leads::remember_contacts`]).
pub async fn upsert(
    conn: &mut PgConnection,
    nudges: &Nudges,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut hooks = nudges.hooks().clone();
    for lead in concerned(conn, nudges).await? {
        hooks.entry(lead).or_insert_with(|| Hook::bare(now));
    }
    if hooks.is_empty() {
        return Ok(());
    }
    // A map by id: two batches lock the rows they share in the same order.
    let rows: Vec<(LeadId, Hook)> = hooks.into_iter().collect();
    merge(conn, &rows, now).await
}

/// Asks to read a deal again, with no hook behind it.
pub async fn ask(conn: &mut PgConnection, lead: LeadId, now: DateTime<Utc>) -> Result<(), StorageError> {
    merge(conn, &[(lead, Hook::bare(now))], now).await
}

/// Those of the deals whose nudges wait.
pub async fn waiting(conn: &mut PgConnection, leads: &[LeadId]) -> Result<BTreeSet<LeadId>, StorageError> {
    let ids: Vec<i64> = leads.iter().map(|lead| lead.0).collect();
    let leads = sqlx::query_scalar!("select lead_id from lead_nudges where lead_id = any($1)", &ids)
        .fetch_all(conn)
        .await?;
    Ok(leads.into_iter().map(LeadId).collect())
}

/// Deals that the batch's contacts concern.
async fn concerned(conn: &mut PgConnection, nudges: &Nudges) -> Result<Vec<LeadId>, StorageError> {
    let contacts: Vec<i64> = nudges.contacts().keys().map(|ContactId(id)| *id).collect();
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let linked: Vec<i64> = nudges.contacts().values().flatten().map(|LeadId(id)| *id).collect();
    let leads = sqlx::query_scalar!(
        r#"
        select d.lead_id as "lead_id!"
        from (
            select lead_id from leads where contact_id = any($1)
            union
            select lead_id from unnest($2::bigint[]) as linked (lead_id)
        ) as d
        where exists (
                select from measurements m
                where m.lead_id = d.lead_id and m.status in ('pending', 'assigned', 'in_progress'))
           or exists (select from lead_nudges n where n.lead_id = d.lead_id)
        "#,
        &contacts,
        &linked,
    )
    .fetch_all(conn)
    .await?;
    Ok(leads.into_iter().map(LeadId).collect())
}

async fn merge(
    conn: &mut PgConnection,
    rows: &[(LeadId, Hook)],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let columns = Columns::of(rows)?;
    sqlx::query!(
        "with batch as (
             select * from unnest($1::bigint[], $2::jsonb[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[],
                                  $6::timestamptz[], $7::timestamptz[], $8::timestamptz[])
                 as b (lead_id, entries, payload, payload_at, changed_at, deleted_at, restored_at, first_at)
         )
         insert into lead_nudges as n
             (lead_id, entries, payload, payload_at, changed_at, deleted_at, restored_at, first_at,
              next_attempt_at)
         select lead_id, entries, payload, payload_at, changed_at, deleted_at, restored_at, first_at, $9
         from batch order by lead_id
         on conflict (lead_id) do update set
             seq = n.seq + 1,
             entries = (
                 select coalesce(jsonb_agg(entry order by received_at), '[]')
                 from (
                     select entry, received_at
                     from (
                         -- A repetition of a hook comes later and says the same: the first one stays.
                         select distinct on (entry -> 'stage', coalesce(entry ->> 'at', entry ->> 'received_at'))
                             entry, (entry ->> 'received_at')::timestamptz as received_at
                         from jsonb_array_elements(n.entries || excluded.entries) as entry
                         order by entry -> 'stage', coalesce(entry ->> 'at', entry ->> 'received_at'),
                             (entry ->> 'received_at')::timestamptz
                     ) as different
                     order by received_at desc
                     limit $10
                 ) as newest
             ),
             payload = case
                 when excluded.payload_at >= coalesce(n.payload_at, '-infinity')
                     then n.payload || excluded.payload
                 else excluded.payload || n.payload
             end,
             payload_at = greatest(n.payload_at, excluded.payload_at),
             changed_at = greatest(n.changed_at, excluded.changed_at),
             deleted_at = greatest(n.deleted_at, excluded.deleted_at),
             restored_at = greatest(n.restored_at, excluded.restored_at),
             -- What was taken from an earlier hook leaves this one to be taken in its own time.
             first_at = case when n.from_hook_at is null then n.first_at else excluded.first_at end,
             from_hook_at = null,
             next_attempt_at = least(n.next_attempt_at, excluded.next_attempt_at)",
        &columns.leads,
        &columns.entries,
        &columns.payloads,
        &columns.payload_times as &[Option<DateTime<Utc>>],
        &columns.changed as &[Option<DateTime<Utc>>],
        &columns.deleted as &[Option<DateTime<Utc>>],
        &columns.restored as &[Option<DateTime<Utc>>],
        &columns.first,
        now,
        ENTRIES_KEPT,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(conn).await?;
    Ok(())
}

/// Rows turned into one array for each column, as `unnest` takes them.
struct Columns {
    leads: Vec<i64>,
    entries: Vec<Value>,
    payloads: Vec<Value>,
    payload_times: Vec<Option<DateTime<Utc>>>,
    changed: Vec<Option<DateTime<Utc>>>,
    deleted: Vec<Option<DateTime<Utc>>>,
    restored: Vec<Option<DateTime<Utc>>>,
    first: Vec<DateTime<Utc>>,
}

impl Columns {
    fn of(rows: &[(LeadId, Hook)]) -> Result<Self, StorageError> {
        let entries = rows.iter().map(|(lead, hook)| to_json(*lead, hook.entries()));
        let hooks = || rows.iter().map(|(_, hook)| hook);
        Ok(Self {
            leads: rows.iter().map(|(lead, _)| lead.0).collect(),
            entries: entries.collect::<Result<_, _>>()?,
            payloads: hooks().map(|hook| Value::Object(hook.payload().clone())).collect(),
            payload_times: hooks().map(Hook::payload_at).collect(),
            changed: hooks().map(Hook::changed_at).collect(),
            deleted: hooks().map(Hook::deleted_at).collect(),
            restored: hooks().map(Hook::restored_at).collect(),
            first: hooks().map(Hook::first_at).collect(),
        })
    }
}

fn to_json(lead: LeadId, entries: &[Entry]) -> Result<Value, StorageError> {
    let corrupt = StorageError::Corrupt { table: "lead_nudges", id: lead.0, what: "entries" };
    serde_json::to_value(entries).map_err(|_| corrupt)
}

#[cfg(test)]
mod tests;
