//! The leader's end of the table: what is due, and what became of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use shared::ids::LeadId;
use sqlx::PgConnection;

use super::to_json;
use crate::domain::failures::WhyStuck;
use crate::domain::intake::Entry;
use crate::storage::StorageError;

/// A nudge as it was when it was taken up.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub lead_id: LeadId,
    pub seq: i64,
    pub entries: Vec<Entry>,
    /// The hook's own fields; an empty object where no hook had any.
    pub payload: Value,
    /// AmoCRM's time of the newest change that hooks told of.
    pub changed_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub restored_at: Option<DateTime<Utc>>,
    pub first_at: DateTime<Utc>,
    pub last_error: Option<String>,
    /// When the last error was met first, with no other in between.
    pub failing_since: Option<DateTime<Utc>>,
    /// Its state was taken from the hook already, while AmoCRM was away.
    pub from_hook_at: Option<DateTime<Utc>>,
}

impl Claim {
    /// Whether a hook told anything of the deal itself. AmoCRM's journal tells entries alone.
    pub fn has_fields(&self) -> bool {
        self.payload.as_object().is_some_and(|fields| !fields.is_empty())
    }

    /// Whether hooks call the deal deleted or, later than that, restored; `None` where they speak of neither.
    pub fn is_deleted(&self) -> Option<bool> {
        match (self.deleted_at, self.restored_at) {
            (None, None) => None,
            (deleted, restored) => Some(deleted > restored),
        }
    }

    /// How long it has been failing like this. In time and not in tries, of which a burst of hooks makes many
    /// within a second.
    pub fn failing_for(&self, error: &str, now: DateTime<Utc>) -> TimeDelta {
        let since = self.failing_since.filter(|_| self.last_error.as_deref() == Some(error));
        since.map_or(TimeDelta::zero(), |since| now - since)
    }
}

/// The nudges that are due, the longest due first. Takes no lease: one replica leads.
pub async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claim>, StorageError> {
    let rows = sqlx::query!(
        "select lead_id, seq, entries, payload, changed_at, deleted_at, restored_at, first_at, last_error,
                failing_since, from_hook_at
         from lead_nudges
         where next_attempt_at <= $1
         order by next_attempt_at, lead_id
         limit $2",
        now,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let claims = rows.into_iter().map(|row| Claim {
        lead_id: LeadId(row.lead_id),
        seq: row.seq,
        entries: entries(LeadId(row.lead_id), row.entries),
        payload: row.payload,
        changed_at: row.changed_at,
        deleted_at: row.deleted_at,
        restored_at: row.restored_at,
        first_at: row.first_at,
        last_error: row.last_error,
        failing_since: row.failing_since,
        from_hook_at: row.from_hook_at,
    });
    Ok(claims.collect())
}

/// One row that makes no sense must not hold up the others: what is not an entry is passed over.
fn entries(lead: LeadId, entries: Value) -> Vec<Entry> {
    let Value::Array(entries) = entries else { return Vec::new() };
    let all = entries.len();
    let entries: Vec<Entry> =
        entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect();
    if entries.len() < all {
        tracing::error!(lead = lead.0, "Passed over entries of a nudge that make no sense");
    }
    entries
}

/// The deal is dealt with as of the claim. What arrived since stays for the next round, at once.
pub async fn settle(conn: &mut PgConnection, claim: &Claim, now: DateTime<Utc>) -> Result<(), StorageError> {
    let deleted =
        sqlx::query!("delete from lead_nudges where lead_id = $1 and seq = $2", claim.lead_id.0, claim.seq)
            .execute(&mut *conn)
            .await?;
    if deleted.rows_affected() > 0 {
        return Ok(());
    }
    sqlx::query!(
        "update lead_nudges set
             entries = (
                 select coalesce(jsonb_agg(entry), '[]')
                 from jsonb_array_elements(entries) as entry
                 where entry not in (select handled from jsonb_array_elements($2) as handled)
             ),
             deleted_at = case when deleted_at = $3 then null else deleted_at end,
             restored_at = case when restored_at = $4 then null else restored_at end,
             first_at = $5, last_error = null, failing_since = null, stuck_since = null, trouble = null,
             from_hook_at = null, next_attempt_at = $5
         where lead_id = $1",
        claim.lead_id.0,
        to_json(claim.lead_id, &claim.entries)?,
        claim.deleted_at,
        claim.restored_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The deal's state was taken from its hook; AmoCRM is still to be asked, at `next`.
pub async fn mark_from_hook(
    conn: &mut PgConnection,
    claim: &Claim,
    now: DateTime<Utc>,
    next: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update lead_nudges set from_hook_at = $3, next_attempt_at = $4 where lead_id = $1 and seq = $2",
        claim.lead_id.0,
        claim.seq,
        now,
        next,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A failure as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure<'a> {
    pub error: &'a str,
    pub why: WhyStuck,
}

/// The deal failed for a reason of its own: tried again at `next`, unless something new arrived meanwhile.
pub async fn retry(
    conn: &mut PgConnection,
    claim: &Claim,
    now: DateTime<Utc>,
    next: DateTime<Utc>,
    failure: Failure<'_>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update lead_nudges set last_error = $3,
             failing_since = case when last_error = $3 then failing_since else $5 end,
             stuck_since = coalesce(stuck_since, $5),
             trouble = $6,
             next_attempt_at = case when seq = $2 then $4 else next_attempt_at end
         where lead_id = $1",
        claim.lead_id.0,
        claim.seq,
        failure.error,
        next,
        now,
        failure.why.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// AmoCRM cannot be asked now, which says nothing of these deals: each waits for its own moment. Without `why` the
/// reason is the one before, or else that AmoCRM is away.
pub async fn postpone(
    conn: &mut PgConnection,
    claims: &[(&Claim, DateTime<Utc>)],
    now: DateTime<Utc>,
    error: &str,
    why: Option<WhyStuck>,
) -> Result<(), StorageError> {
    let leads: Vec<i64> = claims.iter().map(|(claim, _)| claim.lead_id.0).collect();
    let seqs: Vec<i64> = claims.iter().map(|(claim, _)| claim.seq).collect();
    let next: Vec<DateTime<Utc>> = claims.iter().map(|(_, next)| *next).collect();
    sqlx::query!(
        "update lead_nudges n set next_attempt_at = w.next, last_error = $4,
             stuck_since = coalesce(stuck_since, $5), trouble = coalesce($6, trouble, $7)
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as w (lead_id, seq, next)
         where n.lead_id = w.lead_id and n.seq = w.seq",
        &leads,
        &seqs,
        &next,
        error,
        now,
        why.map(WhyStuck::as_str),
        WhyStuck::AmoCrmAway.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
