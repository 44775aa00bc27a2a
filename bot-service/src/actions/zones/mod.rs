//! Zones: what they are called, how else they are written, and who measures there.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::called::{UNKNOWN, called};
use super::views::{PEOPLE_A_PAGE, UnknownNames, ZoneMeasurersView, ZoneRow, ZoneView, ZonesView};
use super::{ActionError, Refused, paging};
use crate::domain::audit::Change;
use crate::domain::ids::{UserId, ZoneId};
use crate::domain::permissions::{Area, check_area};
use crate::domain::proposal::NameKind;
use crate::domain::user::{Actor, Role};
use crate::storage::zones::{self, unknown};
use crate::storage::{audit, proposals, users};

mod places;
mod unknown_names;

pub use places::{place_due, walk};
pub use unknown_names::{adopt, dismiss, import, open_unknown, spell_unknown};

/// So many zones stand under one question.
const OFFERED: i64 = 40;

/// A page of zones, and the names of deals that are none yet.
///
/// # Errors
///
/// Refused to who does not give out work.
pub async fn list(conn: &mut PgConnection, actor: &Actor, page: u32) -> Result<ZonesView, ActionError> {
    check_area(actor, Area::Zones)?;
    let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
    let mut rows = zones::list(conn, offset, limit).await?;
    let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
    let rows = rows.into_iter().map(|row| ZoneRow { id: row.id, name: row.name, measurers: row.measurers });
    let unknown = UnknownNames(unknown::list(conn, NameKind::Zone, UNKNOWN).await?);
    Ok(ZonesView { page, rows: rows.collect(), has_next, unknown })
}

/// # Errors
///
/// As [`list`], and for a zone that is gone.
pub async fn zone(conn: &mut PgConnection, actor: &Actor, id: ZoneId) -> Result<ZoneView, ActionError> {
    check_area(actor, Area::Zones)?;
    let name = zones::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let spellings = zones::list_spellings(conn, id).await?;
    Ok(ZoneView { id, name, spellings, measurers: zones::list_measurers(conn, id).await? })
}

/// Other zones, into which one may go, by name.
///
/// # Errors
///
/// As [`list`].
pub async fn others(
    conn: &mut PgConnection,
    actor: &Actor,
    id: ZoneId,
) -> Result<Vec<(ZoneId, String)>, ActionError> {
    check_area(actor, Area::Zones)?;
    let zones = zones::list(conn, 0, OFFERED).await?.into_iter().filter(|zone| zone.id != id);
    Ok(zones.map(|zone| (zone.id, zone.name)).collect())
}

/// Whom a zone can be given to, and who has it.
///
/// # Errors
///
/// As [`zone`].
pub async fn measurers(
    conn: &mut PgConnection,
    actor: &Actor,
    id: ZoneId,
    page: u32,
) -> Result<ZoneMeasurersView, ActionError> {
    check_area(actor, Area::Zones)?;
    let name = zones::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let there = zones::list_measurer_ids(conn, id).await?;
    let (rows, has_next) = paging::measurers(conn, page).await?;
    let rows = rows.into_iter().map(|(user, name)| (user, name, there.contains(&user))).collect();
    Ok(ZoneMeasurersView { id, name, page, rows, has_next })
}

/// # Errors
///
/// As [`list`], and refused where the name says nothing or is another zone's.
pub async fn create(
    conn: &mut PgConnection,
    actor: &Actor,
    name: &str,
    now: DateTime<Utc>,
) -> Result<ZoneId, ActionError> {
    begin(conn, actor).await?;
    let (normal, name) = called(name)?;
    check_free(conn, &normal, None).await?;
    let id = zones::insert(conn, &name, now).await?;
    call(conn, id, (&normal, &name)).await?;
    changed(conn, actor, None, Change::ZoneMade { name }, now).await?;
    Ok(id)
}

/// The old name stays as a spelling.
///
/// # Errors
///
/// As [`create`] and [`zone`].
pub async fn rename(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, name): (ZoneId, &str),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let (normal, name) = called(name)?;
    let from = zones::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    check_free(conn, &normal, Some(id)).await?;
    call(conn, id, (&normal, &name)).await?;
    zones::rename(conn, id, &name).await?;
    changed(conn, actor, None, Change::ZoneRenamed { from, name }, now).await
}

/// Another way to write a zone.
///
/// # Errors
///
/// As [`rename`].
pub async fn spell(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, name): (ZoneId, &str),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let (normal, name) = called(name)?;
    let zone = zones::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    check_free(conn, &normal, Some(id)).await?;
    call(conn, id, (&normal, &name)).await?;
    changed(conn, actor, None, Change::ZoneSpelled { zone, name }, now).await
}

/// A zone becomes part of another one.
///
/// # Errors
///
/// As [`zone`], for either.
pub async fn merge(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, into): (ZoneId, ZoneId),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    // In the order of their numbers, whichever goes into which.
    let first = zones::lock(conn, id.min(into)).await?.ok_or(Refused::Unknown)?;
    let second = zones::lock(conn, id.max(into)).await?.filter(|_| id != into).ok_or(Refused::Unknown)?;
    let (from, name) = if id < into { (first, second) } else { (second, first) };
    zones::merge(conn, id, into).await?;
    changed(conn, actor, None, Change::ZoneMerged { from, into: name }, now).await
}

/// # Errors
///
/// As [`zone`].
pub async fn delete(
    conn: &mut PgConnection,
    actor: &Actor,
    id: ZoneId,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let name = zones::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    zones::remove(conn, id).await?;
    changed(conn, actor, None, Change::ZoneDeleted { name }, now).await
}

/// # Errors
///
/// As [`zone`], and where he is no measurer with access.
pub async fn give(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, user): (ZoneId, UserId),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let zone = zones::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    check_measurer(conn, user).await?;
    if !zones::add_measurer(conn, id, user).await? {
        return Err(Refused::AlreadyDone.into());
    }
    changed(conn, actor, Some(user), Change::ZoneGiven { zone }, now).await
}

/// # Errors
///
/// As [`zone`].
pub async fn take(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, user): (ZoneId, UserId),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let zone = zones::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if !zones::remove_measurer(conn, id, user).await? {
        return Err(Refused::AlreadyDone.into());
    }
    changed(conn, actor, Some(user), Change::ZoneTaken { zone }, now).await
}

/// Whoever changes zones or dealers does so alone, and what was proposed is looked at anew.
pub(super) async fn begin(conn: &mut PgConnection, actor: &Actor) -> Result<(), ActionError> {
    check_area(actor, Area::Zones)?;
    Ok(proposals::basis_changed(conn).await?)
}

/// Only a measurer with access gets zones and dealers.
pub(super) async fn check_measurer(conn: &mut PgConnection, user: UserId) -> Result<(), ActionError> {
    let person = users::lock_shared(conn, user).await?.ok_or(Refused::Unknown)?;
    let is_measurer = person.actor().roles.has(Role::Measurer);
    if is_measurer { Ok(()) } else { Err(Refused::MeasurerUnavailable.into()) }
}

async fn check_free(conn: &mut PgConnection, normal: &str, id: Option<ZoneId>) -> Result<(), ActionError> {
    let owner = zones::find_by_spelling(conn, normal).await?;
    match owner.filter(|owner| Some(*owner) != id) {
        None => Ok(()),
        Some(other) => Err(Refused::NameTaken(zones::find(conn, other).await?.unwrap_or_default()).into()),
    }
}

/// From now on deals may call the zone so.
async fn call(conn: &mut PgConnection, id: ZoneId, (normal, name): (&str, &str)) -> Result<(), ActionError> {
    zones::spell(conn, id, (normal, name)).await?;
    Ok(unknown::forget(conn, NameKind::Zone, normal).await?)
}

async fn changed(
    conn: &mut PgConnection,
    actor: &Actor,
    subject: Option<UserId>,
    change: Change,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    Ok(audit::append(conn, actor, subject, &change, now).await?)
}

#[cfg(test)]
mod tests;
