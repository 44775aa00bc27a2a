//! `recorded_deals`: deals that were in a trigger stage before anybody looked there, until an admin decides whether
//! they open measurements.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId, PipelineId, Stage, StatusId};
use sqlx::PgConnection;

use super::StorageError;

/// A deal as AmoCRM listed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub lead_id: LeadId,
    pub stage: Stage,
    pub responsible: Option<AmoUserId>,
    pub updated_at: DateTime<Utc>,
}

/// A recorded deal as it is known now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub lead_id: LeadId,
    pub stage: Option<Stage>,
    /// As it was recorded.
    pub updated_at: DateTime<Utc>,
    /// It has measurements by now, or is deleted.
    pub is_dealt_with: bool,
}

/// Remembers deals as they are, which opens nothing, and puts those that never had a measurement to the question.
///
/// Left alone is what hooks tell of at this moment, or told of before: entries of such deals count.
pub async fn record(
    conn: &mut PgConnection,
    deals: &[Seen],
    recorded_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let leads: Vec<i64> = deals.iter().map(|deal| deal.lead_id.0).collect();
    let pipelines: Vec<i64> = deals.iter().map(|deal| deal.stage.pipeline_id.0).collect();
    let statuses: Vec<i64> = deals.iter().map(|deal| deal.stage.status_id.0).collect();
    let responsible: Vec<Option<i64>> = deals.iter().map(|deal| deal.responsible.map(|id| id.0)).collect();
    let updated: Vec<DateTime<Utc>> = deals.iter().map(|deal| deal.updated_at).collect();
    sqlx::query!(
        "with remembered as (
             insert into leads as l
                 (lead_id, pipeline_id, status_id, responsible_amo_user_id, updated_at, created_at)
             select s.lead_id, s.pipeline_id, s.status_id, s.responsible, s.updated_at, $6
             from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[])
                 as s (lead_id, pipeline_id, status_id, responsible, updated_at)
             where not exists (select 1 from lead_nudges n where n.lead_id = s.lead_id)
             order by s.lead_id
             on conflict (lead_id) do update set pipeline_id = excluded.pipeline_id,
                 status_id = excluded.status_id, updated_at = excluded.updated_at
             where l.entered_at is null and not l.deleted
                 and coalesce(l.updated_at, '-infinity') <= excluded.updated_at
             returning l.lead_id, l.updated_at
         )
         insert into recorded_deals (lead_id, updated_at, recorded_at)
         select r.lead_id, r.updated_at, $6
         from remembered r
         where not exists (select 1 from measurements m where m.lead_id = r.lead_id)
         on conflict (lead_id) do update set updated_at = excluded.updated_at, recorded_at = excluded.recorded_at",
        &leads,
        &pipelines,
        &statuses,
        &responsible as &[Option<i64>],
        &updated,
        recorded_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many deals of a recording are still in question, and how many of them had changed since a moment. Those whose
/// hooks were under way have a measurement by now, or a nudge.
pub async fn count(
    conn: &mut PgConnection,
    recorded_at: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<(i64, i64), StorageError> {
    let row = sqlx::query!(
        r#"select count(*) as "all!", count(*) filter (where updated_at >= $2) as "recent!"
           from recorded_deals r
           where recorded_at = $1
               and not exists (select 1 from measurements m where m.lead_id = r.lead_id)
               and not exists (select 1 from lead_nudges n where n.lead_id = r.lead_id)"#,
        recorded_at,
        since,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.all, row.recent))
}

/// Takes the deals of a recording off the question. Who comes second finds none.
pub async fn take(
    conn: &mut PgConnection,
    recorded_at: DateTime<Utc>,
) -> Result<Vec<Recorded>, StorageError> {
    let rows = sqlx::query!(
        r#"delete from recorded_deals r using leads l
           where r.recorded_at = $1 and l.lead_id = r.lead_id
           returning r.lead_id, r.updated_at, l.pipeline_id, l.status_id,
               l.deleted or exists (select 1 from measurements m where m.lead_id = r.lead_id) as "is_dealt_with!""#,
        recorded_at,
    )
    .fetch_all(conn)
    .await?;
    let recorded = rows.into_iter().map(|row| Recorded {
        lead_id: LeadId(row.lead_id),
        stage: row.pipeline_id.zip(row.status_id).map(|(pipeline, status)| Stage {
            pipeline_id: PipelineId(pipeline),
            status_id: StatusId(status),
        }),
        updated_at: row.updated_at,
        is_dealt_with: row.is_dealt_with,
    });
    Ok(recorded.collect())
}
