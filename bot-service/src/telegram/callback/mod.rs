//! Everything that can be pressed, and how it travels in a button's 64 bytes.
//!
//! Buttons live for ever in chats and their data can be forged: whatever is not exactly what we write today
//! is no press at all.

use std::fmt::{self, Display};
use std::str::FromStr;

use shared::ids::AmoUserId;

use crate::actions::views::{Cursor, Filter, ListKind, RecordedChoice};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::StatusKind;
use crate::domain::user::Role;

/// Changes whenever an old button would mean something else today.
const VERSION: char = '1';
const SEPARATOR: char = ':';

/// Telegram's limit, in bytes.
pub const MAX_DATA: usize = 64;

/// One press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callback {
    Menu,
    List {
        kind: ListKind,
        cursor: Cursor,
    },
    /// From a list: the card comes as a new message.
    Open(MeasurementId),
    Card {
        id: MeasurementId,
        /// The step of the measurement that the card was drawn for.
        step: i32,
        press: CardPress,
    },
    Invite,
    InviteAs(Role),
    People {
        only: Option<Role>,
        page: u32,
    },
    Person(UserId),
    Employees {
        user: UserId,
        page: u32,
    },
    Link {
        user: UserId,
        employee: AmoUserId,
    },
    RefreshEmployees(UserId),
    AskDisable(UserId),
    Disable(UserId),
    Enable(UserId),
    /// What becomes of deals that were there before us.
    Recorded {
        /// Which recording, in unix seconds.
        recording: i64,
        choice: RecordedChoice,
    },
}

/// A press on the card of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardPress {
    AssignTo(UserId),
    /// Another page of measurers, from 0.
    Measurers(u32),
    /// Shows the first page of measurers on a card that has one.
    Reassign,
    Start,
    Complete,
    AskCancel,
    Cancel,
    /// Back to the card's own buttons.
    Keep,
    Restore,
}

impl Callback {
    /// At most [`MAX_DATA`] bytes.
    pub fn encode(&self) -> String {
        format!("{VERSION}{self}")
    }

    /// `None` for junk, and for buttons of another version.
    pub fn parse(data: &str) -> Option<Self> {
        let parsed = Self::read(data.strip_prefix(VERSION)?)?;
        // Numbers have many spellings and we write one: the others are not ours.
        (parsed.encode() == data).then_some(parsed)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(SEPARATOR);
        let callback = match parts.next()? {
            "m" => Self::Menu,
            "l" => Self::List { kind: read_list(parts.next()?)?, cursor: read_cursor(parts.next()?)? },
            "o" => Self::Open(MeasurementId(number(parts.next()?)?)),
            "c" => Self::Card {
                id: MeasurementId(number(parts.next()?)?),
                step: number(parts.next()?)?,
                press: read_press(parts.next()?)?,
            },
            "i" => Self::Invite,
            "j" => Self::InviteAs(Role::parse(parts.next()?)?),
            "p" => Self::People { only: Role::parse(parts.next()?), page: number(parts.next()?)? },
            "u" => Self::Person(UserId(number(parts.next()?)?)),
            "e" => Self::Employees { user: UserId(number(parts.next()?)?), page: number(parts.next()?)? },
            "k" => {
                let user = UserId(number(parts.next()?)?);
                Self::Link { user, employee: AmoUserId(number(parts.next()?)?) }
            }
            "r" => Self::RefreshEmployees(UserId(number(parts.next()?)?)),
            "q" => Self::AskDisable(UserId(number(parts.next()?)?)),
            "d" => Self::Disable(UserId(number(parts.next()?)?)),
            "b" => Self::Enable(UserId(number(parts.next()?)?)),
            "h" => Self::Recorded { recording: number(parts.next()?)?, choice: read_choice(parts.next()?)? },
            _ => return None,
        };
        parts.next().is_none().then_some(callback)
    }
}

impl Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Menu => f.write_str("m"),
            Self::List { kind, cursor } => {
                f.write_str("l:")?;
                write_list(f, *kind)?;
                f.write_str(":")?;
                write_cursor(f, *cursor)
            }
            Self::Open(id) => write!(f, "o:{id}"),
            Self::Card { id, step, press } => {
                write!(f, "c:{id}:{step}:")?;
                write_press(f, *press)
            }
            Self::Invite => f.write_str("i"),
            Self::InviteAs(role) => write!(f, "j:{}", role.as_str()),
            Self::People { only, page } => write!(f, "p:{}:{page}", only.map_or("", Role::as_str)),
            Self::Person(user) => write!(f, "u:{user}"),
            Self::Employees { user, page } => write!(f, "e:{user}:{page}"),
            Self::Link { user, employee } => write!(f, "k:{user}:{employee}"),
            Self::RefreshEmployees(user) => write!(f, "r:{user}"),
            Self::AskDisable(user) => write!(f, "q:{user}"),
            Self::Disable(user) => write!(f, "d:{user}"),
            Self::Enable(user) => write!(f, "b:{user}"),
            Self::Recorded { recording, choice: RecordedChoice::OpenRecent } => write!(f, "h:{recording}:w"),
            Self::Recorded { recording, choice: RecordedChoice::OpenNone } => write!(f, "h:{recording}:n"),
        }
    }
}

fn read_choice(text: &str) -> Option<RecordedChoice> {
    match text {
        "w" => Some(RecordedChoice::OpenRecent),
        "n" => Some(RecordedChoice::OpenNone),
        _ => None,
    }
}

fn write_press(f: &mut fmt::Formatter<'_>, press: CardPress) -> fmt::Result {
    match press {
        CardPress::AssignTo(user) => write!(f, "a{user}"),
        CardPress::Measurers(page) => write!(f, "p{page}"),
        CardPress::Reassign => f.write_str("r"),
        CardPress::Start => f.write_str("s"),
        CardPress::Complete => f.write_str("d"),
        CardPress::AskCancel => f.write_str("q"),
        CardPress::Cancel => f.write_str("x"),
        CardPress::Keep => f.write_str("k"),
        CardPress::Restore => f.write_str("b"),
    }
}

fn read_press(text: &str) -> Option<CardPress> {
    Some(match text {
        "r" => CardPress::Reassign,
        "s" => CardPress::Start,
        "d" => CardPress::Complete,
        "q" => CardPress::AskCancel,
        "x" => CardPress::Cancel,
        "k" => CardPress::Keep,
        "b" => CardPress::Restore,
        _ => match text.split_at_checked(1)? {
            ("a", user) => CardPress::AssignTo(UserId(number(user)?)),
            ("p", page) => CardPress::Measurers(number(page)?),
            _ => return None,
        },
    })
}

fn write_list(f: &mut fmt::Formatter<'_>, kind: ListKind) -> fmt::Result {
    match kind {
        ListKind::Pending => f.write_str("p"),
        ListKind::All(Filter::Open) => f.write_str("o"),
        ListKind::All(Filter::Everything) => f.write_str("e"),
        ListKind::All(Filter::Status(status)) => f.write_str(status.as_str()),
        ListKind::My => f.write_str("m"),
        ListKind::MyCompleted => f.write_str("d"),
        ListKind::Orders => f.write_str("w"),
        ListKind::OrdersClosed => f.write_str("z"),
    }
}

fn read_list(text: &str) -> Option<ListKind> {
    Some(match text {
        "p" => ListKind::Pending,
        "o" => ListKind::All(Filter::Open),
        "e" => ListKind::All(Filter::Everything),
        "m" => ListKind::My,
        "d" => ListKind::MyCompleted,
        "w" => ListKind::Orders,
        "z" => ListKind::OrdersClosed,
        status => ListKind::All(Filter::Status(StatusKind::parse(status)?)),
    })
}

fn write_cursor(f: &mut fmt::Formatter<'_>, cursor: Cursor) -> fmt::Result {
    match cursor {
        Cursor::First => f.write_str("f"),
        Cursor::After(id) => write!(f, "a{id}"),
        Cursor::Before(id) => write!(f, "b{id}"),
    }
}

fn read_cursor(text: &str) -> Option<Cursor> {
    match text.split_at_checked(1)? {
        ("f", "") => Some(Cursor::First),
        ("a", id) => Some(Cursor::After(MeasurementId(number(id)?))),
        ("b", id) => Some(Cursor::Before(MeasurementId(number(id)?))),
        _ => None,
    }
}

fn number<N: FromStr>(text: &str) -> Option<N> {
    text.parse().ok()
}

#[cfg(test)]
mod tests;
