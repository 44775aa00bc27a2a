//! Zones and dealers, as who gives out work sees them.

use crate::domain::ids::{DealerId, UnknownNameId, UserId, ZoneId};
use crate::domain::user::Name;

/// Names that came with deals and mean nothing here yet, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownNames(pub Vec<(UnknownNameId, String)>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonesView {
    pub page: u32,
    pub rows: Vec<ZoneRow>,
    pub has_next: bool,
    pub unknown: UnknownNames,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneRow {
    pub id: ZoneId,
    pub name: String,
    pub measurers: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneView {
    pub id: ZoneId,
    pub name: String,
    /// How else it is written.
    pub spellings: Vec<String>,
    pub measurers: Vec<Name>,
}

/// A page of measurers, and whether each measures in the zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneMeasurersView {
    pub id: ZoneId,
    pub name: String,
    pub page: u32,
    pub rows: Vec<(UserId, Name, bool)>,
    pub has_next: bool,
}

/// A name, and the zones of which it may be a spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownNameView {
    pub id: UnknownNameId,
    pub name: String,
    pub zones: Vec<(ZoneId, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealersView {
    pub page: u32,
    pub rows: Vec<DealerView>,
    pub has_next: bool,
    pub unknown: UnknownNames,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealerView {
    pub id: DealerId,
    pub name: String,
    /// Who gets his customers.
    pub measurer: Option<(UserId, Name)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealerMeasurersView {
    pub dealer: DealerView,
    /// How else he is written.
    pub spellings: Vec<String>,
    pub page: u32,
    pub rows: Vec<(UserId, Name)>,
    pub has_next: bool,
}

/// A dealer, and those whose part he may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealerOthersView {
    pub dealer: DealerView,
    pub page: u32,
    pub rows: Vec<(DealerId, String)>,
    pub has_next: bool,
}
