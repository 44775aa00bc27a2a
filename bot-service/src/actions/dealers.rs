//! Dealers, and the measurers whom their customers get.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::called::{UNKNOWN, called};
use super::views::{
    DealerMeasurersView, DealerOthersView, DealerView, DealersView, PEOPLE_A_PAGE, UnknownNames,
};
use super::zones::{begin, check_measurer};
use super::{ActionError, Refused, paging};
use crate::domain::audit::Change;
use crate::domain::ids::{DealerId, UnknownNameId, UserId};
use crate::domain::permissions::{Area, check_area};
use crate::domain::proposal::NameKind;
use crate::domain::user::Actor;
use crate::storage::zones::unknown;
use crate::storage::{audit, dealers};

/// A page of dealers, and the names of deals that are none yet.
///
/// # Errors
///
/// Refused to who does not give out work.
pub async fn list(conn: &mut PgConnection, actor: &Actor, page: u32) -> Result<DealersView, ActionError> {
    check_area(actor, Area::Zones)?;
    let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
    let mut rows = dealers::list(conn, offset, limit).await?;
    let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
    let unknown = UnknownNames(unknown::list(conn, NameKind::Dealer, UNKNOWN).await?);
    Ok(DealersView { page, rows: rows.into_iter().map(DealerView::from).collect(), has_next, unknown })
}

impl From<dealers::Dealer> for DealerView {
    fn from(dealer: dealers::Dealer) -> Self {
        Self { id: dealer.id, name: dealer.name, measurer: dealer.measurer }
    }
}

/// Whose a dealer's customers may become, by name.
///
/// # Errors
///
/// As [`list`], and for a dealer that is gone.
pub async fn measurers(
    conn: &mut PgConnection,
    actor: &Actor,
    id: DealerId,
    page: u32,
) -> Result<DealerMeasurersView, ActionError> {
    check_area(actor, Area::Zones)?;
    let dealer = dealers::find(conn, id).await?.ok_or(Refused::Unknown)?.into();
    let spellings = dealers::list_spellings(conn, id).await?;
    let (rows, has_next) = paging::measurers(conn, page).await?;
    Ok(DealerMeasurersView { dealer, spellings, page, rows, has_next })
}

/// A page of other dealers, whose part one may become, by name.
///
/// # Errors
///
/// As [`measurers`].
pub async fn others(
    conn: &mut PgConnection,
    actor: &Actor,
    id: DealerId,
    page: u32,
) -> Result<DealerOthersView, ActionError> {
    check_area(actor, Area::Zones)?;
    let dealer = dealers::find(conn, id).await?.ok_or(Refused::Unknown)?.into();
    let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
    let mut rows = dealers::list(conn, offset, limit).await?;
    let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
    let rows = rows.into_iter().filter(|other| other.id != id).map(|other| (other.id, other.name));
    Ok(DealerOthersView { dealer, page, rows: rows.collect(), has_next })
}

/// The dealer of this name, made if there is none.
///
/// # Errors
///
/// As [`list`], and where the name says nothing.
pub async fn create(
    conn: &mut PgConnection,
    actor: &Actor,
    name: &str,
    now: DateTime<Utc>,
) -> Result<DealerId, ActionError> {
    begin(conn, actor).await?;
    let (normal, name) = called(name)?;
    unknown::forget(conn, NameKind::Dealer, &normal).await?;
    match dealers::find_by_spelling(conn, &normal).await? {
        Some(known) => Ok(known),
        None => Ok(dealers::ensure(conn, (&normal, &name), now).await?),
    }
}

/// # Errors
///
/// As [`create`] and [`measurers`], and where another dealer is called so.
pub async fn rename(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, name): (DealerId, &str),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let (normal, name) = called(name)?;
    let dealer = dealers::find(conn, id).await?.ok_or(Refused::Unknown)?;
    if dealers::find_by_spelling(conn, &normal).await?.is_some_and(|other| other != id) {
        return Err(Refused::DealerTaken(name).into());
    }
    dealers::rename(conn, id, (&normal, &name)).await?;
    unknown::forget(conn, NameKind::Dealer, &normal).await?;
    let change = Change::DealerRenamed { from: dealer.name, name };
    Ok(audit::append(conn, actor, None, &change, now).await?)
}

/// A dealer becomes part of another one.
///
/// # Errors
///
/// As [`measurers`], for either.
pub async fn merge(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, into): (DealerId, DealerId),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let from = dealers::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let other = dealers::find(conn, into).await?.filter(|_| id != into).ok_or(Refused::Unknown)?;
    dealers::merge(conn, id, into).await?;
    let change = Change::DealerMerged { from: from.name, into: other.name };
    Ok(audit::append(conn, actor, None, &change, now).await?)
}

/// A name that came with a deal becomes a dealer.
///
/// # Errors
///
/// As [`create`], and where somebody has decided about it.
pub async fn adopt(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UnknownNameId,
    now: DateTime<Utc>,
) -> Result<DealerId, ActionError> {
    check_area(actor, Area::Zones)?;
    match unknown::find(conn, id).await? {
        Some((NameKind::Dealer, name)) => create(conn, actor, &name, now).await,
        _ => Err(Refused::AlreadyDone.into()),
    }
}

/// # Errors
///
/// As [`measurers`], and where he is no measurer with access.
pub async fn give(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, user): (DealerId, UserId),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let dealer = dealers::find(conn, id).await?.ok_or(Refused::Unknown)?;
    check_measurer(conn, user).await?;
    if !dealers::set_measurer(conn, id, Some(user)).await? {
        return Err(Refused::AlreadyDone.into());
    }
    let change = Change::DealerGiven { dealer: dealer.name };
    Ok(audit::append(conn, actor, Some(user), &change, now).await?)
}

/// # Errors
///
/// As [`measurers`].
pub async fn delete(
    conn: &mut PgConnection,
    actor: &Actor,
    id: DealerId,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    begin(conn, actor).await?;
    let dealer = dealers::find(conn, id).await?.ok_or(Refused::Unknown)?;
    dealers::remove(conn, id).await?;
    let change = Change::DealerTaken { dealer: dealer.name };
    Ok(audit::append(conn, actor, dealer.measurer.map(|(user, _)| user), &change, now).await?)
}
