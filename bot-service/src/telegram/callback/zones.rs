//! Presses on zones and dealers.

use std::fmt;

use super::number;
use crate::domain::ids::{DealerId, UnknownNameId, UserId, ZoneId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZonePress {
    List(u32),
    Open(ZoneId),
    Create,
    Rename(ZoneId),
    /// Another way to write it.
    Spell(ZoneId),
    /// A page of who may measure there.
    Measurers(ZoneId, u32),
    Give(ZoneId, UserId, u32),
    Take(ZoneId, UserId, u32),
    /// Into which one it goes.
    ChooseMerge(ZoneId),
    Merge(ZoneId, ZoneId),
    AskDelete(ZoneId),
    Delete(ZoneId),
    /// All names of deals that are no zones yet become some.
    Import,
    /// What becomes of such a name.
    Unknown(UnknownNameId),
    Adopt(UnknownNameId),
    SpellUnknown(UnknownNameId, ZoneId),
    Dismiss(UnknownNameId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DealerPress {
    List(u32),
    Create,
    /// A page of who may get his customers.
    Measurers(DealerId, u32),
    Give(DealerId, UserId),
    Rename(DealerId),
    /// A page of those whose part he may become.
    ChooseMerge(DealerId, u32),
    Merge(DealerId, DealerId),
    Delete(DealerId),
    /// A name of a deal becomes a dealer.
    Adopt(UnknownNameId),
}

pub fn write_zone(f: &mut fmt::Formatter<'_>, press: ZonePress) -> fmt::Result {
    match press {
        ZonePress::List(page) => write!(f, "l:{page}"),
        ZonePress::Open(zone) => write!(f, "o:{zone}"),
        ZonePress::Create => f.write_str("c"),
        ZonePress::Rename(zone) => write!(f, "r:{zone}"),
        ZonePress::Spell(zone) => write!(f, "s:{zone}"),
        ZonePress::Measurers(zone, page) => write!(f, "p:{zone}:{page}"),
        ZonePress::Give(zone, user, page) => write!(f, "g:{zone}:{user}:{page}"),
        ZonePress::Take(zone, user, page) => write!(f, "t:{zone}:{user}:{page}"),
        ZonePress::ChooseMerge(zone) => write!(f, "m:{zone}"),
        ZonePress::Merge(zone, into) => write!(f, "j:{zone}:{into}"),
        ZonePress::AskDelete(zone) => write!(f, "q:{zone}"),
        ZonePress::Delete(zone) => write!(f, "d:{zone}"),
        ZonePress::Import => f.write_str("i"),
        ZonePress::Unknown(name) => write!(f, "u:{name}"),
        ZonePress::Adopt(name) => write!(f, "a:{name}"),
        ZonePress::SpellUnknown(name, zone) => write!(f, "b:{name}:{zone}"),
        ZonePress::Dismiss(name) => write!(f, "n:{name}"),
    }
}

pub fn read_zone<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<ZonePress> {
    let mut next = || number(parts.next()?);
    Some(match kind {
        "l" => ZonePress::List(number(parts.next()?)?),
        "o" => ZonePress::Open(ZoneId(next()?)),
        "c" => ZonePress::Create,
        "r" => ZonePress::Rename(ZoneId(next()?)),
        "s" => ZonePress::Spell(ZoneId(next()?)),
        "p" => ZonePress::Measurers(ZoneId(next()?), number(parts.next()?)?),
        "g" => ZonePress::Give(ZoneId(next()?), UserId(next()?), number(parts.next()?)?),
        "t" => ZonePress::Take(ZoneId(next()?), UserId(next()?), number(parts.next()?)?),
        "m" => ZonePress::ChooseMerge(ZoneId(next()?)),
        "j" => ZonePress::Merge(ZoneId(next()?), ZoneId(next()?)),
        "q" => ZonePress::AskDelete(ZoneId(next()?)),
        "d" => ZonePress::Delete(ZoneId(next()?)),
        "i" => ZonePress::Import,
        "u" => ZonePress::Unknown(UnknownNameId(next()?)),
        "a" => ZonePress::Adopt(UnknownNameId(next()?)),
        "b" => ZonePress::SpellUnknown(UnknownNameId(next()?), ZoneId(next()?)),
        "n" => ZonePress::Dismiss(UnknownNameId(next()?)),
        _ => return None,
    })
}

pub fn write_dealer(f: &mut fmt::Formatter<'_>, press: DealerPress) -> fmt::Result {
    match press {
        DealerPress::List(page) => write!(f, "l:{page}"),
        DealerPress::Create => f.write_str("c"),
        DealerPress::Measurers(dealer, page) => write!(f, "p:{dealer}:{page}"),
        DealerPress::Give(dealer, user) => write!(f, "g:{dealer}:{user}"),
        DealerPress::Rename(dealer) => write!(f, "r:{dealer}"),
        DealerPress::ChooseMerge(dealer, page) => write!(f, "m:{dealer}:{page}"),
        DealerPress::Merge(dealer, into) => write!(f, "j:{dealer}:{into}"),
        DealerPress::Delete(dealer) => write!(f, "d:{dealer}"),
        DealerPress::Adopt(name) => write!(f, "a:{name}"),
    }
}

pub fn read_dealer<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<DealerPress> {
    let mut next = || number(parts.next()?);
    Some(match kind {
        "l" => DealerPress::List(number(parts.next()?)?),
        "c" => DealerPress::Create,
        "p" => DealerPress::Measurers(DealerId(next()?), number(parts.next()?)?),
        "g" => DealerPress::Give(DealerId(next()?), UserId(next()?)),
        "r" => DealerPress::Rename(DealerId(next()?)),
        "m" => DealerPress::ChooseMerge(DealerId(next()?), number(parts.next()?)?),
        "j" => DealerPress::Merge(DealerId(next()?), DealerId(next()?)),
        "d" => DealerPress::Delete(DealerId(next()?)),
        "a" => DealerPress::Adopt(UnknownNameId(next()?)),
        _ => return None,
    })
}
