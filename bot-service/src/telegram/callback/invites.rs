//! Presses on invites.

use std::fmt;

use super::number;
use crate::domain::ids::InviteId;
use crate::domain::invite::Terms;
use crate::domain::user::Role;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitePress {
    List {
        before: Option<InviteId>,
    },
    Open(InviteId),
    Revoke(InviteId),
    /// Another link on other terms; the one before it ends, if nobody has used it.
    Instead {
        role: Role,
        terms: Terms,
        of: InviteId,
    },
}

pub fn write(f: &mut fmt::Formatter<'_>, press: InvitePress) -> fmt::Result {
    match press {
        InvitePress::List { before } => write!(f, "l:{}", before.map_or(0, |id| id.0)),
        InvitePress::Open(id) => write!(f, "o:{id}"),
        InvitePress::Revoke(id) => write!(f, "x:{id}"),
        InvitePress::Instead { role, terms, of } => {
            write!(f, "t:{}:{}:{}:{of}", role.as_str(), terms.max_uses.unwrap_or(0), terms.days)
        }
    }
}

pub fn read<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<InvitePress> {
    let mut id = || Some(InviteId(number(parts.next()?)?));
    Some(match kind {
        "l" => InvitePress::List { before: id().map(|id| (id.0 != 0).then_some(id))? },
        "o" => InvitePress::Open(id()?),
        "x" => InvitePress::Revoke(id()?),
        "t" => InvitePress::Instead {
            role: Role::parse(parts.next()?)?,
            terms: Terms {
                max_uses: Some(number(parts.next()?)?).filter(|uses| *uses != 0),
                days: number(parts.next()?)?,
            },
            of: InviteId(number(parts.next()?)?),
        },
        _ => return None,
    })
}
