//! Names of zones that came with deals and mean nothing here yet: one becomes a zone, or a spelling of one.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{OFFERED, create, spell};
use crate::actions::views::UnknownNameView;
use crate::actions::{ActionError, Refused};
use crate::domain::ids::{UnknownNameId, ZoneId};
use crate::domain::permissions::{Area, check_area};
use crate::domain::proposal::NameKind;
use crate::domain::proposal::names::normal;
use crate::domain::user::Actor;
use crate::storage::zones::{self, unknown};

/// So many become zones with one press.
const MOST: i64 = 50;

/// What can become of a name.
///
/// # Errors
///
/// Refused to who does not give out work, and where somebody has decided about it.
pub async fn open_unknown(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UnknownNameId,
) -> Result<UnknownNameView, ActionError> {
    let name = named(conn, actor, id).await?;
    let zones = zones::list(conn, 0, OFFERED).await?;
    Ok(UnknownNameView { id, name, zones: zones.into_iter().map(|zone| (zone.id, zone.name)).collect() })
}

/// The name becomes a zone.
///
/// # Errors
///
/// As [`open_unknown`].
pub async fn adopt(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UnknownNameId,
    now: DateTime<Utc>,
) -> Result<ZoneId, ActionError> {
    let name = named(conn, actor, id).await?;
    create(conn, actor, &name, now).await
}

/// The name becomes a spelling of a zone.
///
/// # Errors
///
/// As [`open_unknown`], and for a zone that is gone.
pub async fn spell_unknown(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, zone): (UnknownNameId, ZoneId),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let name = named(conn, actor, id).await?;
    spell(conn, actor, (zone, &name), now).await
}

/// Nobody wants to hear of the name until a deal brings it again.
///
/// # Errors
///
/// As [`open_unknown`].
pub async fn dismiss(conn: &mut PgConnection, actor: &Actor, id: UnknownNameId) -> Result<(), ActionError> {
    let name = named(conn, actor, id).await?;
    Ok(unknown::forget(conn, NameKind::Zone, &normal(&name)).await?)
}

/// All of them become zones. Returns how many did.
///
/// # Errors
///
/// As [`open_unknown`].
pub async fn import(conn: &mut PgConnection, actor: &Actor, now: DateTime<Utc>) -> Result<i64, ActionError> {
    check_area(actor, Area::Zones)?;
    let names = unknown::list(conn, NameKind::Zone, MOST).await?;
    if names.is_empty() {
        return Err(Refused::AlreadyDone.into());
    }
    let mut made = 0;
    for (_, name) in names {
        match create(conn, actor, &name, now).await {
            Ok(_) => made += 1,
            // A name that is none, or that another one of these has become: the others are still good.
            Err(ActionError::Refused(_)) => unknown::forget(conn, NameKind::Zone, &normal(&name)).await?,
            Err(error) => return Err(error),
        }
    }
    Ok(made)
}

async fn named(conn: &mut PgConnection, actor: &Actor, id: UnknownNameId) -> Result<String, ActionError> {
    check_area(actor, Area::Zones)?;
    match unknown::find(conn, id).await? {
        Some((NameKind::Zone, name)) => Ok(name),
        _ => Err(Refused::AlreadyDone.into()),
    }
}
