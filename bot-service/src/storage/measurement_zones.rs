//! `measurement_zones`: in which zones each measurement lies, for lists of a zone; and `zones_due`, whose places have to
//! be looked at.

use sqlx::PgConnection;

use super::StorageError;
use crate::domain::ids::{MeasurementId, ZoneId};

/// What the deal of a measurement says of where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub id: MeasurementId,
    pub zone: Option<String>,
    pub address: Option<String>,
}

/// Makes measurements due to be looked at; in the order of their numbers, as whoever changes several does.
pub async fn make_due(conn: &mut PgConnection, ids: &[MeasurementId]) -> Result<(), StorageError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into zones_due (measurement_id)
         select id from unnest($1::bigint[]) as id order by id on conflict do nothing",
        &ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// At most `limit` of the due measurements, in the order of their numbers. They stay where they are, and in their
/// status, until the transaction ends.
pub async fn lock_due(conn: &mut PgConnection, limit: i64) -> Result<Vec<Place>, StorageError> {
    let rows = sqlx::query!(
        "select id, zone, address from measurements
         where id in (select measurement_id from zones_due order by measurement_id limit $1)
         order by id for share",
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Place { id: MeasurementId(row.id), zone: row.zone, address: row.address })
        .collect())
}

/// The newest measurements below a number, each with the zones in which it is known to lie.
pub async fn list_below(
    conn: &mut PgConnection,
    below: i64,
    limit: i64,
) -> Result<Vec<(Place, Vec<ZoneId>)>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select id, zone, address,
               array(select zone_id from measurement_zones where measurement_id = m.id) as "zones!"
        from measurements m where id < $1 order by id desc limit $2
        "#,
        below,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| {
        let place = Place { id: MeasurementId(row.id), zone: row.zone, address: row.address };
        (place, row.zones.into_iter().map(ZoneId).collect())
    });
    Ok(rows.collect())
}

/// These measurements lie in these zones and in no others, and are due no more. They must be locked.
pub async fn save(
    conn: &mut PgConnection,
    ids: &[MeasurementId],
    found: &[(MeasurementId, ZoneId)],
) -> Result<(), StorageError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let (measurements, zones): (Vec<_>, Vec<_>) = found.iter().map(|(id, zone)| (id.0, zone.0)).unzip();
    sqlx::query!(
        "with found as (
             select * from unnest($2::bigint[], $3::bigint[]) as f (measurement_id, zone_id)),
         looked_at as (
             delete from zones_due where measurement_id = any($1)),
         left_behind as (
             delete from measurement_zones z
             where measurement_id = any($1) and not exists (
                 select from found f where f.measurement_id = z.measurement_id and f.zone_id = z.zone_id))
         insert into measurement_zones (zone_id, measurement_id, status, measurer_id)
         select f.zone_id, m.id, m.status, m.measurer_id from found f join measurements m on m.id = f.measurement_id
         on conflict do nothing",
        &ids,
        &measurements,
        &zones,
    )
    .execute(conn)
    .await?;
    Ok(())
}
