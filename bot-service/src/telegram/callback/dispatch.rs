//! Presses on how work is given out. Each carries what it sets, so that a second tap changes nothing more.

use std::fmt;

use super::codes::{code, of};
use super::number;
use crate::domain::dispatch::DispatchChange;
use crate::domain::proposal::{Mode, Rule};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DispatchPress {
    Open,
    Set(DispatchChange),
}

const RULES: [(Rule, &str); 3] = [(Rule::Dealer, "d"), (Rule::Zone, "z"), (Rule::Turn, "t")];
const MODES: [(Mode, &str); 3] = [(Mode::Off, "o"), (Mode::Propose, "p"), (Mode::Assign, "a")];

pub fn write(f: &mut fmt::Formatter<'_>, press: DispatchPress) -> fmt::Result {
    match press {
        DispatchPress::Open => f.write_str("o"),
        DispatchPress::Set(DispatchChange::Mode { rule, mode }) => {
            write!(f, "m:{}:{}", code(&RULES, rule), code(&MODES, mode))
        }
        DispatchPress::Set(DispatchChange::RemindAfter { minutes }) => {
            write!(f, "r:{}", minutes.unwrap_or_default())
        }
        DispatchPress::Set(DispatchChange::AcceptWithin { minutes }) => write!(f, "a:{minutes}"),
        DispatchPress::Set(DispatchChange::Quiet { from, until }) => write!(f, "q:{from}:{until}"),
    }
}

pub fn read<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<DispatchPress> {
    Some(DispatchPress::Set(match kind {
        "o" => return Some(DispatchPress::Open),
        "m" => DispatchChange::Mode { rule: of(&RULES, parts.next()?)?, mode: of(&MODES, parts.next()?)? },
        "r" => DispatchChange::RemindAfter {
            minutes: Some(number(parts.next()?)?).filter(|minutes| *minutes != 0),
        },
        "a" => DispatchChange::AcceptWithin { minutes: number(parts.next()?)? },
        "q" => {
            let hour = |text| number(text).filter(|hour: &u32| *hour < 24);
            DispatchChange::Quiet { from: hour(parts.next()?)?, until: hour(parts.next()?)? }
        }
        _ => return None,
    }))
}
