//! What will happen, drawn from a seed before anything does: the same seed is the same plan, line by line.

use std::fmt;
use std::time::Duration;

pub mod deals;
pub mod faults;
pub mod people;

use deals::DealStep;
use faults::Fault;
use people::PersonStep;

/// How much, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub load: Duration,
    pub deals: usize,
    pub presses: usize,
    pub faults: usize,
    /// Of these, so many kill the broker, which needs some nine seconds to come back.
    pub broker_kills: usize,
    /// The one long outage of the broker, where there is time for it.
    pub outage: Option<Duration>,
}

const SHORT_LOAD: Duration = Duration::from_secs(110);
/// Longer than TCP needs to notice that nobody is there.
const OUTAGE: Duration = Duration::from_secs(690);
/// A run that is shorter has no room for it.
const ROOM: Duration = Duration::from_mins(25);
const MINUTE: f64 = 60.0;

impl Size {
    /// For every run of the tests.
    pub const SHORT: Self =
        Self { load: SHORT_LOAD, deals: 300, presses: 320, faults: 46, broker_kills: 3, outage: None };

    /// The same for longer, in a calmer flow: a chat has fifteen cards redrawn a minute, and every change of a measurement
    /// is such a card in the chat of each admin. With more changes than that they would be behind by an ever longer time,
    /// and the books could be compared only when that is made up for.
    pub fn of(load: Duration) -> Self {
        let per_minute = |count: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a few thousand at most"
            )]
            let whole = (count * load.as_secs_f64() / MINUTE) as usize;
            whole
        };
        Self {
            load,
            deals: per_minute(16.0).max(Self::SHORT.deals),
            presses: per_minute(13.0),
            faults: per_minute(18.0),
            broker_kills: per_minute(0.8).max(1),
            outage: (load >= ROOM).then_some(OUTAGE),
        }
    }
}

/// Times count from the beginning of the load.
#[derive(Debug, Clone)]
pub struct At<T> {
    pub after: Duration,
    pub what: T,
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub size: Size,
    pub deals: Vec<At<DealStep>>,
    pub people: Vec<At<PersonStep>>,
    pub faults: Vec<At<Fault>>,
}

impl Plan {
    pub fn draw(seed: u64, size: Size) -> Self {
        Self {
            seed,
            size,
            deals: deals::draw(seed, size),
            people: people::draw(seed, size),
            faults: faults::draw(seed, size),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}", self.seed)?;
        let deals = self.deals.iter().map(|step| (step.after, step.what.to_string()));
        let people = self.people.iter().map(|step| (step.after, step.what.to_string()));
        let faults = self.faults.iter().map(|step| (step.after, format!("FAULT {}", step.what)));
        let mut lines: Vec<_> = deals.chain(people).chain(faults).collect();
        lines.sort();
        lines.iter().try_for_each(|(after, line)| writeln!(f, "{:8.3} {line}", after.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests;
