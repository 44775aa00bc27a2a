//! What zones and dealers are called, by people and in deals.

use super::{ActionError, Refused};
use crate::domain::proposal::names::normal;

/// Characters of a name.
const LONGEST: usize = 80;
/// So many names that mean nothing yet stand under a list.
pub(super) const UNKNOWN: i64 = 5;

/// A name without what makes no difference, and as it is written, on one line.
///
/// # Errors
///
/// Refused where there is nothing to tell it by, or too much of it.
pub(super) fn called(name: &str) -> Result<(String, String), ActionError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let normal = normal(&name);
    if normal.is_empty() || name.chars().count() > LONGEST {
        return Err(Refused::NoName.into());
    }
    Ok((normal, name))
}
