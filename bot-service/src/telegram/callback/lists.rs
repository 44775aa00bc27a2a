//! Which list: its kind in a letter or two, and what it is narrowed to. All parts of a sieve and a place in the list fit
//! into one button as long as people and zones are counted in less than ten thousand millions.

use std::fmt;

use super::number;
use crate::actions::views::{Filter, ListKind, Period, Sieve, SieveBy};
use crate::domain::ids::{UserId, ZoneId};
use crate::domain::measurement::StatusKind;

/// Before each part of a sieve: `e.m12.z3.w`.
const PART: char = '.';

pub fn write_list(f: &mut fmt::Formatter<'_>, kind: ListKind) -> fmt::Result {
    match kind {
        ListKind::Pending => f.write_str("p"),
        ListKind::All(filter) => write_filter(f, filter),
        ListKind::Sifted(filter, sieve) => {
            write_filter(f, filter)?;
            sieve.measurer.map_or(Ok(()), |id| write!(f, "{PART}m{id}"))?;
            sieve.zone.map_or(Ok(()), |id| write!(f, "{PART}z{id}"))?;
            sieve.period.map_or(Ok(()), |period| write!(f, "{PART}{}", letter(period)))
        }
        ListKind::My => f.write_str("m"),
        ListKind::MyCompleted => f.write_str("d"),
        ListKind::Orders => f.write_str("w"),
        ListKind::OrdersClosed => f.write_str("z"),
    }
}

pub fn read_list(text: &str) -> Option<ListKind> {
    Some(match text {
        "p" => ListKind::Pending,
        "m" => ListKind::My,
        "d" => ListKind::MyCompleted,
        "w" => ListKind::Orders,
        "z" => ListKind::OrdersClosed,
        all => {
            let mut parts = all.split(PART);
            let filter = read_filter(parts.next()?)?;
            let mut sieve = Sieve::default();
            for part in parts {
                match part.split_at_checked(1)? {
                    (_, "") => sieve.period = Some(period(part)?),
                    ("m", id) => sieve.measurer = Some(UserId(number(id)?)),
                    ("z", id) => sieve.zone = Some(ZoneId(number(id)?)),
                    _ => return None,
                }
            }
            ListKind::all(filter, sieve)
        }
    })
}

/// A page of what to choose from: of measurers, or `z3` of zones.
pub fn write_choice(f: &mut fmt::Formatter<'_>, (by, page): (SieveBy, u32)) -> fmt::Result {
    match by {
        SieveBy::Measurer => write!(f, "{page}"),
        SieveBy::Zone => write!(f, "z{page}"),
    }
}

pub fn read_choice(text: &str) -> Option<(SieveBy, u32)> {
    match text.strip_prefix('z') {
        Some(page) => Some((SieveBy::Zone, number(page)?)),
        None => Some((SieveBy::Measurer, number(text)?)),
    }
}

fn write_filter(f: &mut fmt::Formatter<'_>, filter: Filter) -> fmt::Result {
    match filter {
        Filter::Open => f.write_str("o"),
        Filter::Everything => f.write_str("e"),
        Filter::Status(status) => f.write_str(status.as_str()),
    }
}

fn read_filter(text: &str) -> Option<Filter> {
    match text {
        "o" => Some(Filter::Open),
        "e" => Some(Filter::Everything),
        status => StatusKind::parse(status).map(Filter::Status),
    }
}

fn letter(period: Period) -> char {
    match period {
        Period::Today => 't',
        Period::Week => 'w',
        Period::ThirtyDays => 'd',
        Period::Month => 'm',
    }
}

fn period(text: &str) -> Option<Period> {
    Period::ALL.into_iter().find(|period| text.chars().eq([letter(*period)]))
}
