//! What the rules look at: the names of zones and dealers, and how busy everybody is.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::{DealerId, MeasurementId, UserId, ZoneId};
use crate::domain::proposal::{Candidate, WhyNot};
use crate::storage::StorageError;

/// Every spelling of every zone and of every dealer.
#[derive(Debug, Default)]
pub struct Names {
    pub zones: Vec<(String, ZoneId)>,
    pub dealers: Vec<(String, DealerId)>,
}

pub async fn list_names(conn: &mut PgConnection) -> Result<Names, StorageError> {
    let rows = sqlx::query!(
        r#"
        select name as "name!", zone_id, null::bigint as dealer_id from zone_names
        union all
        select name, null, id from dealers
        union all
        select name, null, dealer_id from dealer_names
        "#,
    )
    .fetch_all(conn)
    .await?;
    let mut names = Names::default();
    for row in rows {
        match (row.zone_id, row.dealer_id) {
            (Some(zone), _) => names.zones.push((row.name, ZoneId(zone))),
            (None, Some(dealer)) => names.dealers.push((row.name, DealerId(dealer))),
            (None, None) => {}
        }
    }
    Ok(names)
}

/// Everybody with the measurer's role or a place in these zones, and how busy he is besides this measurement: counted
/// up to what makes no difference any more, since everybody waits meanwhile.
pub async fn list_candidates(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    zones: &[ZoneId],
    dealer: Option<DealerId>,
    now: DateTime<Utc>,
) -> Result<Vec<Candidate>, StorageError> {
    let zones: Vec<_> = zones.iter().map(|zone| zone.0).collect();
    let rows = sqlx::query!(
        r#"
        with named as (
            select user_id from user_roles where role = 'measurer'
            union
            select user_id from zone_measurers where zone_id = any($2)
            union
            select measurer_id from dealers where id = $3 and measurer_id is not null)
        select u.id,
               (select count(*) from (
                    select from measurements m
                    where m.measurer_id = u.id and m.status in ('assigned', 'in_progress') limit 100) as work) as "open!",
               (select count(*) from (
                    select from proposals p
                    where p.measurer_id = u.id and p.measurement_id <> $1 limit 20) as plans) as "proposed!",
               (select at from turns where user_id = u.id) as last,
               u.disabled_at is null
                   and exists(select from user_roles r where r.user_id = u.id and r.role = 'measurer') as "is_able!",
               u.away_until > $4 as is_away,
               u.id in (select actor_id from measurement_history where measurement_id = $1 and what = 'declined')
                   as "has_declined!"
        from named n join users u on u.id = n.user_id
        order by u.id
        "#,
        measurement.0,
        &zones,
        dealer.map(|dealer| dealer.0),
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Candidate {
            id: UserId(row.id),
            open: row.open,
            proposed: row.proposed,
            last: row.last,
            why_not: match (row.is_able, row.has_declined, row.is_away) {
                (false, ..) => Some(WhyNot::Disabled),
                (_, true, _) => Some(WhyNot::Declined),
                (.., Some(true)) => Some(WhyNot::Away),
                _ => None,
            },
        })
        .collect())
}
