//! `leads`: what we remember of each deal. Its row's lock serialises all decisions on the deal.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, ContactId, LeadId, PipelineId, Stage, StatusId};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::intake::{Known, OpenWork};

/// A deal's row beside what decides on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lead {
    pub known: Known,
    pub contact_id: Option<ContactId>,
    pub responsible: Option<AmoUserId>,
}

#[expect(clippy::struct_excessive_bools, reason = "one for each column")]
struct Row {
    lead_id: i64,
    pipeline_id: Option<i64>,
    status_id: Option<i64>,
    responsible_amo_user_id: Option<i64>,
    contact_id: Option<i64>,
    updated_at: Option<DateTime<Utc>>,
    entered_at: Option<DateTime<Utc>>,
    deleted: bool,
    has_open: bool,
    has_any_open: bool,
    had_any: bool,
}

impl From<Row> for Lead {
    fn from(row: Row) -> Self {
        let stage = row.pipeline_id.zip(row.status_id).map(|(pipeline, status)| Stage {
            pipeline_id: PipelineId(pipeline),
            status_id: StatusId(status),
        });
        Self {
            known: Known {
                stage,
                is_deleted: row.deleted,
                updated_at: row.updated_at,
                entered_at: row.entered_at,
                open: match (row.has_open, row.has_any_open) {
                    (true, _) => OpenWork::OfDeal,
                    (false, true) => OpenWork::OfPerson,
                    (false, false) => OpenWork::None,
                },
                had_any: row.had_any,
            },
            contact_id: row.contact_id.map(ContactId),
            responsible: row.responsible_amo_user_id.map(AmoUserId),
        }
    }
}

/// Reads a deal and locks its row until the transaction ends; a deal never heard of gets one.
pub async fn lock(conn: &mut PgConnection, lead: LeadId, now: DateTime<Utc>) -> Result<Lead, StorageError> {
    sqlx::query!(
        "insert into leads (lead_id, created_at) values ($1, $2) on conflict (lead_id) do nothing",
        lead.0,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("select lead_id from leads where lead_id = $1 for update", lead.0)
        .fetch_one(&mut *conn)
        .await?;
    // A statement of its own: while the lock was waited for, measurements may have changed.
    let mut found = list(conn, &[lead]).await?;
    found.remove(&lead).ok_or(StorageError::Unmatched { table: "leads", rows: 0 })
}

/// Those of the deals that we have heard of, unlocked.
pub async fn list(conn: &mut PgConnection, leads: &[LeadId]) -> Result<HashMap<LeadId, Lead>, StorageError> {
    let ids: Vec<i64> = leads.iter().map(|lead| lead.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select l.lead_id, l.pipeline_id, l.status_id, l.responsible_amo_user_id, l.contact_id, l.updated_at,
               l.entered_at, l.deleted,
               coalesce(bool_or(m.origin = 'amocrm' and m.status in ('pending', 'assigned', 'in_progress')),
                        false) as "has_open!",
               coalesce(bool_or(m.status in ('pending', 'assigned', 'in_progress')), false) as "has_any_open!",
               coalesce(bool_or(m.origin = 'amocrm'), false) as "had_any!"
        from leads l
        left join measurements m on m.lead_id = l.lead_id
        where l.lead_id = any($1)
        group by l.lead_id
        "#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (LeadId(row.lead_id), row.into())).collect())
}

/// Remembers the main contacts of deals before these contacts are read: whoever hears of a change of one of them
/// from then on finds its deal.
pub async fn remember_contacts(
    conn: &mut PgConnection,
    contacts: &[(LeadId, ContactId)],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let (leads, contacts): (Vec<i64>, Vec<i64>) =
        contacts.iter().map(|(lead, contact)| (lead.0, contact.0)).unzip();
    sqlx::query!(
        "insert into leads (lead_id, contact_id, created_at)
         select lead_id, contact_id, $3 from unnest($1::bigint[], $2::bigint[]) as c (lead_id, contact_id)
         order by lead_id
         on conflict (lead_id) do update set contact_id = excluded.contact_id",
        &leads,
        &contacts,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what is remembered of a deal. Measurements are not part of it.
pub async fn save(conn: &mut PgConnection, lead: LeadId, state: &Lead) -> Result<(), StorageError> {
    let known = &state.known;
    let done = sqlx::query!(
        "update leads set pipeline_id = $2, status_id = $3, responsible_amo_user_id = $4, contact_id = $5,
             updated_at = $6, entered_at = $7, deleted = $8
         where lead_id = $1",
        lead.0,
        known.stage.map(|stage| stage.pipeline_id.0),
        known.stage.map(|stage| stage.status_id.0),
        state.responsible.map(|user| user.0),
        state.contact_id.map(|contact| contact.0),
        known.updated_at,
        known.entered_at,
        known.is_deleted,
    )
    .execute(conn)
    .await?;
    one_row("leads", done.rows_affected())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_deal_is_remembered(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(lock(&mut conn, LeadId(7), at).await.unwrap(), Lead::default());
        let stage = Stage { pipeline_id: PipelineId(1), status_id: StatusId(2) };
        let known =
            Known { stage: Some(stage), updated_at: Some(at), entered_at: Some(at), ..Known::default() };
        let state = Lead { known, contact_id: Some(ContactId(5)), ..Lead::default() };
        save(&mut conn, LeadId(7), &state).await.unwrap();
        assert_eq!(lock(&mut conn, LeadId(7), at).await.unwrap(), state);
        remember_contacts(&mut conn, &[(LeadId(7), ContactId(6)), (LeadId(9), ContactId(6))], at)
            .await
            .unwrap();
        let state = Lead { contact_id: Some(ContactId(6)), ..state };
        assert_eq!(lock(&mut conn, LeadId(7), at).await.unwrap(), state);
        let unread = Lead { contact_id: Some(ContactId(6)), ..Lead::default() };
        assert_eq!(lock(&mut conn, LeadId(9), at).await.unwrap(), unread);
        let listed = list(&mut conn, &[LeadId(7), LeadId(8)]).await.unwrap();
        assert_eq!(listed, HashMap::from([(LeadId(7), state)]));
    }
}
