//! How work is given out: admins change it in the bot, and every replica follows at once.

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::proposal::{Mode, Rule, Rules};

/// Under this name it is kept.
pub const SETTING: &str = "dispatch";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispatch {
    pub rules: Rules,
    /// Minutes until the office is reminded of a measurement that nobody has given to a measurer; none: never.
    pub remind_after: Option<u32>,
    /// Minutes that a measurer has to say that he goes, 0 for ever; none: as the service was started.
    pub accept_within: Option<u32>,
    /// Nobody is reminded at night.
    pub quiet: Quiet,
}

/// One change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "setting", rename_all = "snake_case")]
pub enum DispatchChange {
    Mode { rule: Rule, mode: Mode },
    RemindAfter { minutes: Option<u32> },
    AcceptWithin { minutes: u32 },
    Quiet { from: u32, until: u32 },
}

/// Full hours on the company's wall, from 0 to 23; the same hour twice is no night at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    pub from: u32,
    pub until: u32,
}

impl Default for Dispatch {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            remind_after: Some(15),
            accept_within: None,
            quiet: Quiet { from: 21, until: 8 },
        }
    }
}

impl Dispatch {
    /// What `remind_after` may be set to.
    pub const REMIND_AFTER: [Option<u32>; 6] = [Some(5), Some(15), Some(30), Some(60), Some(120), None];

    /// What `accept_within` may be set to.
    pub const ACCEPT_WITHIN: [u32; 5] = [15, 30, 60, 120, 0];

    #[must_use]
    pub fn changed(mut self, change: DispatchChange) -> Self {
        match change {
            DispatchChange::Mode { rule: Rule::Dealer, mode } => self.rules.dealer = mode,
            DispatchChange::Mode { rule: Rule::Zone, mode } => self.rules.zone = mode,
            DispatchChange::Mode { rule: Rule::Turn, mode } => self.rules.turn = mode,
            DispatchChange::RemindAfter { minutes } => self.remind_after = minutes,
            DispatchChange::AcceptWithin { minutes } => self.accept_within = Some(minutes),
            DispatchChange::Quiet { from, until } => self.quiet = Quiet { from, until },
        }
        self
    }

    /// None where nobody is told; `start` is how the service was started.
    pub fn accepting(&self, start: Option<TimeDelta>) -> Option<TimeDelta> {
        let set = self.accept_within.map(|minutes| TimeDelta::minutes(i64::from(minutes)));
        set.or(start).filter(|within| *within > TimeDelta::zero())
    }

    pub fn patience(&self) -> Option<TimeDelta> {
        self.remind_after.map(|minutes| TimeDelta::minutes(i64::from(minutes)))
    }
}

impl Quiet {
    /// What it may be set to.
    pub const CHOICES: [Self; 4] = [
        Self { from: 21, until: 8 },
        Self { from: 22, until: 9 },
        Self { from: 20, until: 9 },
        Self { from: 0, until: 0 },
    ];

    pub fn is_night(self, now: DateTime<Utc>, timezone: Tz) -> bool {
        let hour = now.with_timezone(&timezone).hour();
        if self.from <= self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Moscow;

    use super::*;

    #[test]
    fn the_night_goes_over_midnight_on_the_wall() {
        let at = |hour: u32| format!("2026-12-01T{hour:02}:30:00+03:00").parse::<DateTime<Utc>>().unwrap();
        let nights =
            |quiet: Quiet| (0..24).filter(|hour| quiet.is_night(at(*hour), Moscow)).collect::<Vec<_>>();
        assert_eq!(nights(Quiet { from: 21, until: 8 }), [0, 1, 2, 3, 4, 5, 6, 7, 21, 22, 23]);
        assert_eq!(nights(Quiet { from: 1, until: 3 }), [1, 2]);
        assert_eq!(nights(Quiet { from: 0, until: 0 }), [0; 0]);
    }

    #[test]
    fn what_an_older_version_wrote_is_filled_up() {
        let read: Dispatch = serde_json::from_str(r#"{"remind_after": 30}"#).unwrap();
        assert_eq!(read, Dispatch { remind_after: Some(30), ..Dispatch::default() });
    }
}
