//! Everything that can be pressed, and how it travels in a button's 64 bytes.
//!
//! Buttons live for ever in chats and their data can be forged: whatever is not exactly what we write today
//! is no press at all.

use std::fmt::{self, Display};
use std::str::FromStr;

use shared::ids::AmoUserId;

use crate::actions::views::{Cursor, ListKind, RecordedChoice, SieveBy};
use crate::domain::ids::{FileId, HistoryId, MeasurementId, UserId};
use crate::domain::measurement::{CancelReason, DeclineReason, ProblemReason, ReassignReason};
use crate::domain::user::{Language, Role};

mod access;
mod codes;
mod dispatch;
mod failures;
mod find;
mod invites;
mod lists;
mod setup;
mod zones;

pub use access::AccessPress;
pub use dispatch::DispatchPress;
pub use failures::FailurePress;
pub use find::FindPress;
pub use invites::InvitePress;
use lists::{read_list, write_list};
pub use setup::SetupPress;
pub use zones::{DealerPress, ZonePress};

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
    /// What a list of all can be narrowed to.
    Sieve {
        kind: ListKind,
        /// A page of what to choose from, from 0; none for the screen before.
        choice: Option<(SieveBy, u32)>,
    },
    /// From a list: the card comes as a new message.
    Open(MeasurementId),
    Card {
        id: MeasurementId,
        /// The step of the measurement that the card was drawn for.
        step: i32,
        press: CardPress,
    },
    History {
        id: MeasurementId,
        before: Option<HistoryId>,
    },
    /// What the person sends next is said about this measurement.
    Comment(MeasurementId),
    /// What came with comments, the newest before this one.
    Files {
        id: MeasurementId,
        before: Option<FileId>,
    },
    /// What the person reads from now on.
    Speak(Language),
    Invite,
    InviteAs(Role),
    Invites(InvitePress),
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
    FindEmployee(UserId),
    AskDisable(UserId),
    Disable(UserId),
    Enable(UserId),
    Access(AccessPress),
    Zone(ZonePress),
    Dealer(DealerPress),
    Dispatch(DispatchPress),
    Setup(SetupPress),
    Status,
    Find(FindPress),
    Failure(FailurePress),
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
    /// Agrees with this proposal of the rules, by its number.
    Confirm(i32),
    /// Another page of measurers, from 0.
    Measurers(u32),
    /// Shows the first page of measurers on a card that has one.
    Reassign,
    /// Why it was given to another measurer.
    Explain(ReassignReason),
    Accept,
    Start,
    Complete,
    AskDecline,
    Decline(DeclineReason),
    AskProblem,
    ReportProblem(ProblemReason),
    ClearProblem,
    AskCancel,
    Cancel(CancelReason),
    /// Back to the card's own buttons.
    Keep,
    AskRestore,
    Restore,
    AskFollowUp,
    FollowUp,
    Undo,
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
            "t" => {
                let kind = read_list(parts.next()?)?;
                let choice = parts.next().map(lists::read_choice);
                Self::Sieve { kind, choice: choice.map_or(Some(None), |choice| choice.map(Some))? }
            }
            "o" => Self::Open(MeasurementId(number(parts.next()?)?)),
            "c" => Self::Card {
                id: MeasurementId(number(parts.next()?)?),
                step: number(parts.next()?)?,
                press: read_press(parts.next()?)?,
            },
            "g" => Self::History {
                id: MeasurementId(number(parts.next()?)?),
                before: Some(number(parts.next()?)?).filter(|id| *id != 0).map(HistoryId),
            },
            "C" => Self::Comment(MeasurementId(number(parts.next()?)?)),
            "F" => Self::Files {
                id: MeasurementId(number(parts.next()?)?),
                before: Some(number(parts.next()?)?).filter(|id| *id != 0).map(FileId),
            },
            "s" => Self::Speak(Language::parse(parts.next()?)?),
            "i" => Self::Invite,
            "j" => Self::InviteAs(Role::parse(parts.next()?)?),
            "v" => Self::Invites(invites::read(parts.next()?, &mut parts)?),
            "a" => Self::Access(access::read(parts.next()?, &mut parts)?),
            "p" => Self::People { only: Role::parse(parts.next()?), page: number(parts.next()?)? },
            "u" => Self::Person(UserId(number(parts.next()?)?)),
            "e" => Self::Employees { user: UserId(number(parts.next()?)?), page: number(parts.next()?)? },
            "k" => {
                let user = UserId(number(parts.next()?)?);
                Self::Link { user, employee: AmoUserId(number(parts.next()?)?) }
            }
            "r" => Self::RefreshEmployees(UserId(number(parts.next()?)?)),
            "n" => Self::FindEmployee(UserId(number(parts.next()?)?)),
            "q" => Self::AskDisable(UserId(number(parts.next()?)?)),
            "d" => Self::Disable(UserId(number(parts.next()?)?)),
            "b" => Self::Enable(UserId(number(parts.next()?)?)),
            "z" => Self::Zone(zones::read_zone(parts.next()?, &mut parts)?),
            "y" => Self::Dealer(zones::read_dealer(parts.next()?, &mut parts)?),
            "S" => Self::Status,
            "X" => Self::Setup(setup::read(parts.next()?, &mut parts)?),
            "x" => Self::Dispatch(dispatch::read(parts.next()?, &mut parts)?),
            "w" => Self::Find(find::read(&mut parts)?),
            "f" => Self::Failure(failures::read(parts.next()?, &mut parts)?),
            "h" => Self::Recorded { recording: number(parts.next()?)?, choice: read_choice(parts.next()?)? },
            _ => return None,
        };
        parts.next().is_none().then_some(callback)
    }
}

impl Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("S"),
            Self::Menu => f.write_str("m"),
            Self::List { kind, cursor } => {
                f.write_str("l:")?;
                write_list(f, *kind)?;
                f.write_str(":")?;
                write_cursor(f, *cursor)
            }
            Self::Sieve { kind, choice } => {
                f.write_str("t:")?;
                write_list(f, *kind)?;
                let Some(choice) = choice else { return Ok(()) };
                f.write_str(":")?;
                lists::write_choice(f, *choice)
            }
            Self::Open(id) => write!(f, "o:{id}"),
            Self::Card { id, step, press } => {
                write!(f, "c:{id}:{step}:")?;
                write_press(f, *press)
            }
            Self::History { id, before } => write!(f, "g:{id}:{}", before.map_or(0, |id| id.0)),
            Self::Comment(id) => write!(f, "C:{id}"),
            Self::Files { id, before } => write!(f, "F:{id}:{}", before.map_or(0, |id| id.0)),
            Self::Speak(language) => write!(f, "s:{}", language.as_str()),
            Self::Invite => f.write_str("i"),
            Self::InviteAs(role) => write!(f, "j:{}", role.as_str()),
            Self::People { only, page } => write!(f, "p:{}:{page}", only.map_or("", Role::as_str)),
            Self::Person(user) => write!(f, "u:{user}"),
            Self::Employees { user, page } => write!(f, "e:{user}:{page}"),
            Self::Link { user, employee } => write!(f, "k:{user}:{employee}"),
            Self::RefreshEmployees(user) => write!(f, "r:{user}"),
            Self::FindEmployee(user) => write!(f, "n:{user}"),
            Self::AskDisable(user) => write!(f, "q:{user}"),
            Self::Disable(user) => write!(f, "d:{user}"),
            Self::Enable(user) => write!(f, "b:{user}"),
            Self::Invites(press) => {
                f.write_str("v:")?;
                invites::write(f, *press)
            }
            Self::Access(press) => {
                f.write_str("a:")?;
                access::write(f, *press)
            }
            Self::Zone(press) => {
                f.write_str("z:")?;
                zones::write_zone(f, *press)
            }
            Self::Dealer(press) => {
                f.write_str("y:")?;
                zones::write_dealer(f, *press)
            }
            Self::Dispatch(press) => {
                f.write_str("x:")?;
                dispatch::write(f, *press)
            }
            Self::Setup(press) => {
                f.write_str("X:")?;
                setup::write(f, *press)
            }
            Self::Find(press) => {
                f.write_str("w:")?;
                find::write(f, *press)
            }
            Self::Failure(press) => {
                f.write_str("f:")?;
                failures::write(f, *press)
            }
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
        CardPress::Confirm(number) => write!(f, "o{number}"),
        CardPress::Measurers(page) => write!(f, "p{page}"),
        CardPress::Reassign => f.write_str("r"),
        CardPress::Explain(reason) => f.write_str(reassign_code(reason)),
        CardPress::Accept => f.write_str("h"),
        CardPress::Start => f.write_str("s"),
        CardPress::Complete => f.write_str("d"),
        CardPress::AskDecline => f.write_str("n"),
        CardPress::Decline(reason) => f.write_str(decline_code(reason)),
        CardPress::AskProblem => f.write_str("e"),
        CardPress::ReportProblem(reason) => f.write_str(problem_code(reason)),
        CardPress::ClearProblem => f.write_str("g"),
        CardPress::AskCancel => f.write_str("q"),
        CardPress::Cancel(reason) => f.write_str(cancel_code(reason)),
        CardPress::Keep => f.write_str("k"),
        CardPress::Undo => f.write_str("u"),
        CardPress::AskFollowUp => f.write_str("vq"),
        CardPress::FollowUp => f.write_str("v"),
        CardPress::AskRestore => f.write_str("bq"),
        CardPress::Restore => f.write_str("b"),
    }
}

fn read_press(text: &str) -> Option<CardPress> {
    Some(match text {
        "r" => CardPress::Reassign,
        "h" => CardPress::Accept,
        "s" => CardPress::Start,
        "d" => CardPress::Complete,
        "n" => CardPress::AskDecline,
        "e" => CardPress::AskProblem,
        "g" => CardPress::ClearProblem,
        "q" => CardPress::AskCancel,
        "k" => CardPress::Keep,
        "u" => CardPress::Undo,
        "vq" => CardPress::AskFollowUp,
        "v" => CardPress::FollowUp,
        "bq" => CardPress::AskRestore,
        "b" => CardPress::Restore,
        _ => match text.split_at_checked(1)? {
            ("n", _) => CardPress::Decline(read(DeclineReason::ALL, decline_code, text)?),
            ("e", _) => CardPress::ReportProblem(read(ProblemReason::ALL, problem_code, text)?),
            ("x", _) => CardPress::Cancel(read(CancelReason::ALL, cancel_code, text)?),
            ("y", _) => CardPress::Explain(read(ReassignReason::ALL, reassign_code, text)?),
            ("a", user) => CardPress::AssignTo(UserId(number(user)?)),
            ("o", which) => CardPress::Confirm(number(which)?),
            ("p", page) => CardPress::Measurers(number(page)?),
            _ => return None,
        },
    })
}

fn decline_code(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::Busy => "nb",
        DeclineReason::Far => "nf",
        DeclineReason::NotMine => "nm",
        DeclineReason::ClientMoved => "nc",
        DeclineReason::Other => "no",
    }
}

fn problem_code(reason: ProblemReason) -> &'static str {
    match reason {
        ProblemReason::ClientAbsent => "ea",
        ProblemReason::NotReady => "er",
        ProblemReason::WrongAddress => "ew",
        ProblemReason::Other => "eo",
    }
}

fn cancel_code(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::ClientRefused => "xr",
        CancelReason::NoAnswer => "xn",
        CancelReason::Duplicate => "xd",
        CancelReason::Mistake => "xm",
        CancelReason::Other => "xo",
    }
}

fn reassign_code(reason: ReassignReason) -> &'static str {
    match reason {
        ReassignReason::Unable => "yu",
        ReassignReason::Overloaded => "yl",
        ReassignReason::ClientAsked => "yc",
        ReassignReason::Mistake => "ym",
        ReassignReason::Other => "yo",
    }
}

/// The reason that is written like this.
fn read<R: Copy, const N: usize>(all: [R; N], code: fn(R) -> &'static str, text: &str) -> Option<R> {
    all.into_iter().find(|reason| code(*reason) == text)
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
