//! What lists of all measurements can be narrowed to.

use sqlx::PgConnection;

use super::area;
use crate::actions::views::{
    Chosen, ListKind, PEOPLE_A_PAGE, Sieve, SieveBy, SieveChoiceView, SieveChoices, SieveView,
};
use crate::actions::{ActionError, Refused, paging};
use crate::domain::permissions::check_area;
use crate::domain::user::Actor;
use crate::storage::{users, zones};

/// What a list is narrowed to.
///
/// # Errors
///
/// Refused to whom the list is not for; as unknown for a list that cannot be narrowed, or a zone that is gone.
pub async fn sieve(conn: &mut PgConnection, actor: &Actor, kind: ListKind) -> Result<SieveView, ActionError> {
    check_area(actor, area(kind))?;
    let (filter, sieve) = kind.narrowed().ok_or(Refused::Unknown)?;
    let has_zones = !zones::list(conn, 0, 1).await?.is_empty();
    Ok(SieveView { filter, sieve, chosen: chosen(conn, kind).await?, has_zones })
}

/// A page of what a list can be narrowed by.
///
/// # Errors
///
/// Refused to whom the list is not for; as unknown for a list that cannot be narrowed.
pub async fn choices(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: ListKind,
    by: SieveBy,
    page: u32,
) -> Result<SieveChoiceView, ActionError> {
    check_area(actor, area(kind))?;
    let (filter, sieve) = kind.narrowed().ok_or(Refused::Unknown)?;
    let (rows, has_next) = match by {
        SieveBy::Measurer => {
            let (rows, has_next) = paging::measurers(conn, page).await?;
            (SieveChoices::Measurers(rows), has_next)
        }
        SieveBy::Zone => {
            let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
            let mut rows = zones::list(conn, offset, limit).await?;
            let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
            let rows = rows.into_iter().map(|zone| (zone.id, zone.name)).collect();
            (SieveChoices::Zones(rows), has_next)
        }
    };
    Ok(SieveChoiceView { filter, sieve, page, rows, has_next })
}

/// The names of what a list is narrowed to.
///
/// # Errors
///
/// Refused as unknown for a zone that is gone: its measurements lie in others now.
pub(super) async fn chosen(conn: &mut PgConnection, kind: ListKind) -> Result<Chosen, ActionError> {
    let Sieve { measurer, zone, .. } = kind.narrowed().map(|(_, sieve)| sieve).unwrap_or_default();
    let mut chosen = Chosen::default();
    if let Some(id) = measurer {
        chosen.measurer = users::find(conn, id).await?.map(|user| user.name);
    }
    if let Some(id) = zone {
        chosen.zone = Some(zones::find(conn, id).await?.ok_or(Refused::Unknown)?);
    }
    Ok(chosen)
}
