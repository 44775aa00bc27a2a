//! Where a measurement is: the zones that its deal names.

use super::names::Index;
use crate::domain::ids::ZoneId;

/// By the deal's own field, which is often filled in where the address is not yet; without one, by its address.
pub fn zones(index: &Index<ZoneId>, zone: Option<&str>, address: Option<&str>) -> Vec<ZoneId> {
    match (zone, address) {
        (Some(zone), _) => index.find(zone),
        (None, Some(address)) => index.find_in_address(address),
        (None, None) => vec![],
    }
}
