//! Presses on a person's roles, on the visits he has, and on what was changed.

use std::fmt;

use super::number;
use crate::domain::ids::{AuditId, UserId};
use crate::domain::user::Role;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessPress {
    Roles(UserId),
    Give(UserId, Role),
    Take(UserId, Role),
    /// Who can take over his visits; with or without his access.
    Successors {
        user: UserId,
        is_leaving: bool,
        page: u32,
    },
    /// None: back in the queue.
    HandOver {
        user: UserId,
        to: Option<UserId>,
        is_leaving: bool,
    },
    /// Which days off.
    ChooseAway(UserId),
    /// Until the end of so many days from today, 0 being today; none ends them.
    Away(UserId, Option<u32>),
    Changes {
        /// None: of everybody.
        subject: Option<UserId>,
        before: Option<AuditId>,
    },
}

pub fn write(f: &mut fmt::Formatter<'_>, press: AccessPress) -> fmt::Result {
    let way = |is_leaving| if is_leaving { 'l' } else { 's' };
    match press {
        AccessPress::Roles(user) => write!(f, "r:{user}"),
        AccessPress::Give(user, role) => write!(f, "g:{user}:{}", role.as_str()),
        AccessPress::Take(user, role) => write!(f, "t:{user}:{}", role.as_str()),
        AccessPress::Successors { user, is_leaving, page } => {
            write!(f, "s:{user}:{}:{page}", way(is_leaving))
        }
        AccessPress::HandOver { user, to, is_leaving } => {
            write!(f, "h:{user}:{}:{}", way(is_leaving), to.map_or(0, |to| to.0))
        }
        AccessPress::ChooseAway(user) => write!(f, "w:{user}"),
        AccessPress::Away(user, Some(days)) => write!(f, "a:{user}:{days}"),
        AccessPress::Away(user, None) => write!(f, "b:{user}"),
        AccessPress::Changes { subject, before } => {
            write!(f, "c:{}:{}", subject.map_or(0, |user| user.0), before.map_or(0, |id| id.0))
        }
    }
}

pub fn read<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<AccessPress> {
    let none_for_zero = |id: i64| (id != 0).then_some(id);
    Some(match kind {
        "r" => AccessPress::Roles(user(parts)?),
        "g" => AccessPress::Give(user(parts)?, Role::parse(parts.next()?)?),
        "t" => AccessPress::Take(user(parts)?, Role::parse(parts.next()?)?),
        "s" => AccessPress::Successors {
            user: user(parts)?,
            is_leaving: read_way(parts.next()?)?,
            page: number(parts.next()?)?,
        },
        "h" => AccessPress::HandOver {
            user: user(parts)?,
            is_leaving: read_way(parts.next()?)?,
            to: none_for_zero(number(parts.next()?)?).map(UserId),
        },
        "w" => AccessPress::ChooseAway(user(parts)?),
        "a" => AccessPress::Away(user(parts)?, Some(number(parts.next()?).filter(|days| *days <= 365)?)),
        "b" => AccessPress::Away(user(parts)?, None),
        "c" => AccessPress::Changes {
            subject: none_for_zero(number(parts.next()?)?).map(UserId),
            before: none_for_zero(number(parts.next()?)?).map(AuditId),
        },
        _ => return None,
    })
}

fn read_way(text: &str) -> Option<bool> {
    match text {
        "l" => Some(true),
        "s" => Some(false),
        _ => None,
    }
}

fn user<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<UserId> {
    Some(UserId(number(parts.next()?)?))
}
