//! Deals that cannot be read for an hour are told to admins: once for each outage and reason, and once when it is
//! over. Pure; what was told is kept in the database, so that a new leader repeats nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::WhyStuck;

/// The name under which it is kept.
pub const OUTAGE: &str = "stuck_deals";

/// So long a deal has to fail before anybody is bothered.
pub const TOLD_AFTER: TimeDelta = TimeDelta::hours(1);
/// An outage is over once no deal has been failing for so long. Shorter than what begins one: or an end, told as
/// the last of the old ones is read, would be followed by a beginning as the next becomes an hour old.
pub const LINGERS_FOR: TimeDelta = TimeDelta::minutes(10);

/// What admins were told of the present outage; nothing while there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Outage {
    told: BTreeSet<WhyStuck>,
}

/// What people must hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutageNews {
    Begun { deals: i64, why: WhyStuck },
    Over,
}

impl Outage {
    /// `stuck`: how many deals fail for longer than [`TOLD_AFTER`], by reason; `lingering`: how many for longer
    /// than [`LINGERS_FOR`].
    ///
    /// A reason that was not told before is news also in the midst of an outage: one deal that nobody mends must
    /// not hide that AmoCRM refuses the token a month later.
    pub fn look(&mut self, stuck: &BTreeMap<WhyStuck, i64>, lingering: i64) -> Option<OutageNews> {
        if stuck.is_empty() {
            let is_over = lingering == 0 && !std::mem::take(&mut self.told).is_empty();
            return is_over.then_some(OutageNews::Over);
        }
        let is_new = |why: &WhyStuck| !self.told.contains(why);
        let why = stuck.iter().filter(|(why, _)| is_new(why)).max_by_key(|(_, deals)| **deals)?.0;
        let news = OutageNews::Begun { deals: stuck.values().sum(), why: *why };
        self.told.extend(stuck.keys());
        Some(news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(kinds: &[(WhyStuck, i64)]) -> BTreeMap<WhyStuck, i64> {
        kinds.iter().copied().collect()
    }

    #[test]
    fn an_outage_is_told_once_and_so_is_its_end() {
        let mut outage = Outage::default();
        let away = |deals| stuck(&[(WhyStuck::AmoCrmAway, deals)]);
        assert_eq!(outage.look(&stuck(&[]), 5), None);
        let begun = OutageNews::Begun { deals: 3, why: WhyStuck::AmoCrmAway };
        assert_eq!(outage.look(&away(3), 5), Some(begun));
        assert_eq!(outage.look(&away(40), 50), None, "it has grown, and is the same");
        assert_eq!(outage.look(&stuck(&[]), 2), None, "the next ones are not an hour old yet");
        assert_eq!(outage.look(&away(2), 2), None);
        assert_eq!(outage.look(&stuck(&[]), 0), Some(OutageNews::Over));
        assert_eq!(outage.look(&stuck(&[]), 0), None);
        assert_eq!(
            outage.look(&away(1), 1),
            Some(OutageNews::Begun { deals: 1, why: WhyStuck::AmoCrmAway }),
            "another one"
        );
    }

    #[test]
    fn a_deal_that_nobody_mends_does_not_hide_another_trouble() {
        let mut outage = Outage::default();
        outage.look(&stuck(&[(WhyStuck::Unreadable, 1)]), 1);
        let both = stuck(&[(WhyStuck::Unreadable, 1), (WhyStuck::TokenRefused, 7)]);
        let begun = OutageNews::Begun { deals: 8, why: WhyStuck::TokenRefused };
        assert_eq!(outage.look(&both, 8), Some(begun));
        assert_eq!(outage.look(&stuck(&[(WhyStuck::Unreadable, 1)]), 1), None);
        assert_eq!(outage.look(&both, 8), None, "it comes and goes");
    }

    #[test]
    fn it_survives_the_way_to_the_database_and_back() {
        let mut outage = Outage::default();
        outage.look(&stuck(&[(WhyStuck::Ours, 1)]), 1);
        let stored = serde_json::to_value(&outage).unwrap();
        assert_eq!(serde_json::from_value::<Outage>(stored).unwrap(), outage);
    }
}
