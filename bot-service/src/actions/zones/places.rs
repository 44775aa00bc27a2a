//! Which measurements lie in which zones, for lists of a zone. Each is looked at when its deal tells another place, and
//! all are when names of zones change: a walk from the newest to the oldest.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use crate::domain::ids::{MeasurementId, ZoneId};
use crate::domain::proposal::names::Index;
use crate::domain::proposal::place;
use crate::storage::measurement_zones::{self, Place};
use crate::storage::{StorageError, proposals, settings};

const SETTING: &str = "zones_walk";
/// Raised when names are compared in another way: all measurements are looked at again.
const RULES: u8 = 1;
/// Held at once, while a press on one of them waits.
const DUE: i64 = 100;
const A_STRIDE: i64 = 500;

/// How far the walk has come.
#[derive(Debug, Serialize, Deserialize)]
struct Walk {
    /// The names for which it is made, hashed.
    names: Vec<u8>,
    /// Those with smaller numbers are still to be looked at; none where all have been.
    below: Option<i64>,
}

/// Writes down where some of the due measurements lie. Returns how many were looked at.
pub async fn place_due(conn: &mut PgConnection) -> Result<usize, StorageError> {
    let due = measurement_zones::lock_due(conn, DUE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let index = Index::new(proposals::list_names(conn).await?.zones);
    let ids: Vec<MeasurementId> = due.iter().map(|place| place.id).collect();
    let found: Vec<_> =
        due.iter().flat_map(|place| zones(&index, place).into_iter().map(|zone| (place.id, zone))).collect();
    measurement_zones::save(conn, &ids, &found).await?;
    Ok(ids.len())
}

/// Goes on where the last stride ended, or begins anew for other names. What does not lie where it is said to becomes
/// due. Returns false at the end.
pub async fn walk(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let mut names = proposals::list_names(conn).await?.zones;
    names.sort_unstable();
    let print = print(&names);
    let below = match settings::find::<Walk>(conn, SETTING).await? {
        Some(Walk { names, below }) if names == print => match below {
            Some(below) => below,
            None => return Ok(false),
        },
        _ => i64::MAX,
    };
    let rows = measurement_zones::list_below(conn, below, A_STRIDE).await?;
    let index = Index::new(names);
    let misplaced = rows.iter().filter(|(place, known)| !are_the_same(&zones(&index, place), known));
    let misplaced: Vec<_> = misplaced.map(|(place, _)| place.id).collect();
    if !misplaced.is_empty() {
        measurement_zones::make_due(conn, &misplaced).await?;
    }
    let below = rows.last().map(|(place, _)| place.id.0);
    settings::save(conn, SETTING, &Walk { names: print, below }, now).await?;
    Ok(true)
}

fn zones(index: &Index<ZoneId>, place: &Place) -> Vec<ZoneId> {
    place::zones(index, place.zone.as_deref(), place.address.as_deref())
}

fn are_the_same(some: &[ZoneId], others: &[ZoneId]) -> bool {
    some.len() == others.len() && some.iter().all(|zone| others.contains(zone))
}

/// Differs where the names, or what they are names of, do.
fn print(names: &[(String, ZoneId)]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update([RULES]);
    for (name, zone) in names {
        hash.update(zone.0.to_be_bytes());
        hash.update(name);
        hash.update([0]);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use shared::ids::LeadId;
    use sqlx::PgPool;

    use super::super::{create, merge, spell};
    use super::*;
    use crate::actions::measurements::{NewMeasurement, transit};
    use crate::domain::facts::Facts;
    use crate::domain::measurement::Transition;
    use crate::domain::user::Role;
    use crate::testing::{at, opened, person};

    async fn deal(conn: &mut PgConnection, lead: i64, zone: Option<&str>, address: &str) -> MeasurementId {
        let (zone, address) = (zone.map(Into::into), Some(address.into()));
        let facts = Facts { lead_name: "Окна".into(), address, zone, ..Facts::default() };
        let new = NewMeasurement { facts, responsible: None, moved_on_to: None, is_provisional: false };
        opened(conn, LeadId(lead), &new, at(lead)).await
    }

    /// As the leader does it. Returns the measurements of each zone, with their statuses.
    async fn placed(conn: &mut PgConnection) -> Vec<(i64, i64, String)> {
        while walk(conn, at(0)).await.unwrap() || place_due(conn).await.unwrap() > 0 {}
        sqlx::query_as("select zone_id, measurement_id, status from measurement_zones order by 1, 2")
            .fetch_all(conn)
            .await
            .unwrap()
    }

    fn pending(rows: &[(ZoneId, MeasurementId)]) -> Vec<(i64, i64, String)> {
        rows.iter().map(|(zone, id)| (zone.0, id.0, "pending".to_owned())).collect()
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_measurement_lies_where_its_deal_and_the_names_of_today_say(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let by_field = deal(conn, 1, Some("Северная, Юг"), "Химки").await;
        let by_address = deal(conn, 2, None, "г. Химки, ул. Юг").await;
        assert_eq!(placed(conn).await, [], "there are no zones yet");

        let north = create(conn, &anna, "Север", at(5)).await.unwrap();
        let south = create(conn, &anna, "Юг", at(5)).await.unwrap();
        let khimki = create(conn, &anna, "Химки", at(5)).await.unwrap();
        assert_eq!(placed(conn).await, pending(&[(south, by_field), (khimki, by_address)]));
        spell(conn, &anna, (north, "Северная"), at(6)).await.unwrap();
        assert_eq!(
            placed(conn).await,
            pending(&[(north, by_field), (south, by_field), (khimki, by_address)])
        );
        merge(conn, &anna, (khimki, south), at(7)).await.unwrap();
        assert_eq!(placed(conn).await, pending(&[(north, by_field), (south, by_field), (south, by_address)]));
        sqlx::query("update measurements set zone = 'Север' where id = $1")
            .bind(by_field.0)
            .execute(&mut *conn)
            .await
            .unwrap();
        assert_eq!(placed(conn).await, pending(&[(north, by_field), (south, by_address)]));
        assert_eq!(place_due(conn).await.unwrap(), 0);
        assert!(!walk(conn, at(8)).await.unwrap(), "nothing is left to do");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn it_keeps_its_status_and_its_measurer_there(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let ivan = person(conn, "Иван", Role::Measurer).await;
        create(conn, &anna, "Север", at(1)).await.unwrap();
        let id = deal(conn, 1, Some("север"), "Химки").await;
        placed(conn).await;
        transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
        let row: (String, Option<i64>) =
            sqlx::query_as("select status, measurer_id from measurement_zones where measurement_id = $1")
                .bind(id.0)
                .fetch_one(&mut *conn)
                .await
                .unwrap();
        assert_eq!(row, ("assigned".to_owned(), Some(ivan.id.0)));
    }
}
