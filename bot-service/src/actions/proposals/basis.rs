//! What the rules look at for one measurement. On the way, admins hear of names that mean nothing here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::domain::ids::{DealerId, MeasurementId, UserId, ZoneId};
use crate::domain::measurement::Measurement;
use crate::domain::proposal::names::{Index, normal};
use crate::domain::proposal::{Basis, NameKind, place};
use crate::domain::user::Role;
use crate::storage::zones::unknown;
use crate::storage::{StorageError, dealers, proposals, users, zones};

/// What the deal says, which is no matter of whose turn it is.
pub(super) struct Sought {
    zones: Vec<(ZoneId, String, Vec<UserId>)>,
    dealer_id: Option<DealerId>,
    dealer: Option<(String, UserId)>,
}

pub(super) async fn seek(
    conn: &mut PgConnection,
    measurement: &Measurement,
    now: DateTime<Utc>,
) -> Result<Sought, StorageError> {
    let names = proposals::list_names(conn).await?;
    let zone_ids = zones_of(conn, measurement, names.zones, now).await?;
    let (dealer_id, dealer) = dealer_of(conn, measurement, names.dealers, now).await?;
    let mut zones = Vec::with_capacity(zone_ids.len());
    for zone in zone_ids {
        if let Some(name) = zones::find(conn, zone).await? {
            zones.push((zone, name, zones::list_measurer_ids(conn, zone).await?));
        }
    }
    if let [(zone, name, measurers)] = zones.as_slice()
        && measurers.is_empty()
        && zones::tell_empty(conn, *zone, now).await?
    {
        let alert = Alert::ZoneIsEmpty { zone: *zone, name: name.clone(), measurement: measurement.id };
        alerts::tell_office(conn, &alert, now).await?;
    }
    Ok(Sought { zones, dealer_id, dealer })
}

impl Sought {
    /// How busy everybody is, which nobody may change until the choice is committed.
    pub(super) async fn with_measurers(
        self,
        conn: &mut PgConnection,
        measurement: MeasurementId,
        now: DateTime<Utc>,
    ) -> Result<Basis, StorageError> {
        let Self { zones, dealer_id, dealer } = self;
        let ids: Vec<_> = zones.iter().map(|(zone, ..)| *zone).collect();
        let measurers = proposals::list_candidates(conn, measurement, &ids, dealer_id, now).await?;
        let zones = zones.into_iter().map(|(_, name, measurers)| (name, measurers)).collect();
        Ok(Basis { dealer, zones, measurers })
    }
}

/// The zones of the deal, as [`place::zones`] finds them.
async fn zones_of(
    conn: &mut PgConnection,
    measurement: &Measurement,
    names: Vec<(String, ZoneId)>,
    now: DateTime<Utc>,
) -> Result<Vec<ZoneId>, StorageError> {
    let facts = &measurement.facts;
    let (has_zones, index) = (!names.is_empty(), Index::new(names));
    let found = place::zones(&index, facts.zone.as_deref(), facts.address.as_deref());
    if let Some(zone) = &facts.zone
        && found.is_empty()
    {
        report(conn, (NameKind::Zone, zone), has_zones, measurement.id, now).await?;
    }
    Ok(found)
}

/// The deal's dealer and his measurer: by the deal's own field, else by its company. Where there is no dealer of that
/// name, it may be a measurer's own. A company may be anybody's: that nobody here is called so is no news.
async fn dealer_of(
    conn: &mut PgConnection,
    measurement: &Measurement,
    names: Vec<(String, DealerId)>,
    now: DateTime<Utc>,
) -> Result<(Option<DealerId>, Option<(String, UserId)>), StorageError> {
    let facts = &measurement.facts;
    let Some(text) = facts.dealer.as_ref().or(facts.company.as_ref()) else { return Ok((None, None)) };
    let is_news = facts.dealer.is_some() && !names.is_empty();
    if let Some(id) = Index::new(names).find(text).first() {
        let dealer = dealers::find(conn, *id).await?;
        let his = dealer.and_then(|dealer| Some((dealer.name, dealer.measurer?.0)));
        return Ok((Some(*id), his));
    }
    let everybody = users::list_names_by_role(conn, Role::Measurer).await?;
    let spellings = everybody.into_iter().flat_map(|(id, name)| {
        let backwards = name.last.as_ref().map(|last| format!("{last} {}", name.first));
        [Some(name.full()), backwards].into_iter().flatten().map(move |name| (name, id))
    });
    if let Some(own) = Index::new(spellings).find(text).first() {
        return Ok((None, Some((text.clone(), *own))));
    }
    report(conn, (NameKind::Dealer, text), is_news, measurement.id, now).await?;
    Ok((None, None))
}

/// Notes a name for the list, and tells of it once where that is news: who has no zones (or dealers) at all does not want
/// to hear of them.
async fn report(
    conn: &mut PgConnection,
    (kind, name): (NameKind, &str),
    is_news: bool,
    measurement: MeasurementId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let normal = normal(name);
    if normal.is_empty() {
        return Ok(());
    }
    let new = unknown::note(conn, kind, (&normal, name), measurement, now).await?;
    if let Some(id) = new.filter(|_| is_news) {
        let alert = Alert::NameUnknown { id, kind, name: name.to_owned(), measurement };
        alerts::tell_office(conn, &alert, now).await?;
    }
    Ok(())
}
