//! What screens show: plain data, read by actions for a person who may see it.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use shared::ids::AmoUserId;

use crate::domain::comment::FileCounts;
use crate::domain::day::midnight;
use crate::domain::facts::Field;
use crate::domain::failures::WhyStuck;
use crate::domain::history::What;
use crate::domain::ids::{MeasurementId, UnknownNameId, UserId, ZoneId};
use crate::domain::measurement::{CancelReason, Measurement, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{Action, Look};
use crate::domain::proposal::{NameKind, Rule, WhyNot};
use crate::domain::reception::ReceptionTrouble;
use crate::domain::user::{Name, Role, Roles};
use crate::domain::webhook::WebhookTrouble;

mod comments;
mod failures;
mod history;
mod people;
mod setup;
mod status;
mod zones;

pub use comments::*;
pub use failures::*;
pub use history::*;
pub use people::*;
pub use setup::*;
pub use status::*;
pub use zones::*;

/// Which keyboard a card wears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Main,
    /// A page of measurers to choose from, from 0.
    Measurers(u32),
    /// Why to cancel, or not to.
    Cancel,
    /// Whether what is over is to be opened again.
    Restore,
    /// Why the measurer cannot go.
    Decline,
    /// What keeps the measurer from measuring.
    Problem,
    /// Whether there is to be another visit beside this one.
    FollowUp,
    /// Why it was given to another measurer, for who has just done that.
    Reassigned,
}

/// How many measurers stand on one page of the choice.
pub const CANDIDATES_A_PAGE: u8 = 8;
/// How many of the last comments a card shows.
pub const COMMENTS_ON_A_CARD: i64 = 2;

/// One measurement for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct CardView {
    pub measurement: Measurement,
    /// `None`: he no longer sees it, and the card is a stub with number and deal name.
    pub look: Option<Look>,
    /// What he can do now; the keyboard shows these and nothing else.
    pub actions: Vec<Action>,
    pub face: Face,
    /// The message that first tells of it: the headline of its first drawing.
    pub headline: Option<NoticeKind>,
    /// False for a card that another one has replaced: it has no keyboard.
    pub is_live: bool,
    pub measurer: Option<Name>,
    pub assigned_by: Option<Name>,
    pub cancelled_by: Option<Name>,
    /// Why that person did, in his own words where he gave some.
    pub cancelled_because: Option<(CancelReason, Option<String>)>,
    pub manager: Option<ManagerView>,
    /// The measurers of this page, least busy first; filled for who may assign, where the face lists them
    /// (the main face of a pending measurement does).
    pub candidates: Vec<Candidate>,
    pub has_more_candidates: bool,
    /// Whom the rules propose; for who may confirm it.
    pub proposal: Option<ProposalView>,
    /// What was said last, the latest at the end.
    pub comments: Vec<CommentView>,
    pub files: FileCounts,
}

/// A measurer whom a rule has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalView {
    pub measurer: UserId,
    pub name: Name,
    /// Which proposal of this measurement: its button confirms no other.
    pub number: i32,
    pub rule: Rule,
    /// The dealer's or the zones' name.
    pub of: Option<String>,
    /// Open measurements and proposals that he had then.
    pub busy: i64,
    /// When he got work last before that.
    pub last: Option<DateTime<Utc>>,
    pub passed: Vec<(Name, WhyNot)>,
    /// Who was proposed before him.
    pub before: Option<Name>,
}

/// The deal's responsible employee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagerView {
    /// As AmoCRM has it.
    pub name: String,
    /// Whether a person of the bot is linked to him.
    pub is_in_bot: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: UserId,
    pub name: Name,
    /// Open measurements he has at this moment, at most `COUNT_CAP + 1`.
    pub open: i64,
    /// He has said that he cannot go to this one.
    pub has_declined: bool,
    /// He has a day off.
    pub is_away: bool,
}

/// A short message about one event, a reply to the card.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeView {
    pub kind: NoticeKind,
    pub measurement_id: MeasurementId,
    pub lead_name: String,
    pub what: What,
    /// The status right after the event.
    pub status: StatusKind,
    pub at: DateTime<Utc>,
    /// The person who did it; none for AmoCRM and the system.
    pub author: Option<Name>,
    /// The measurer before, where the event names one.
    pub from: Option<Name>,
    /// The measurer after, where the event names one.
    pub to: Option<Name>,
    /// Changed facts, for [`NoticeKind::FactsChanged`].
    pub fields: Vec<Field>,
    /// What was said, for [`NoticeKind::Commented`].
    pub comment: Option<CommentView>,
}

/// A list of measurements that a person can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// Admin: waiting for a measurer, longest first.
    Pending,
    /// Admin: newest first.
    All(Filter),
    /// Admin: those of a measurer, a zone or a period, newest first. Never with an empty sieve: that is [`ListKind::All`].
    Sifted(Filter, Sieve),
    /// Measurer: in progress first, then the oldest assignment.
    My,
    /// Measurer: completed, newest first.
    MyCompleted,
    /// Manager: open ones of his deals, newest first.
    Orders,
    /// Manager: closed ones of his deals, newest first.
    OrdersClosed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Open,
    Status(StatusKind),
    Everything,
}

/// What all measurements are narrowed to besides their status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sieve {
    pub measurer: Option<UserId>,
    /// Where they are.
    pub zone: Option<ZoneId>,
    /// When they were opened.
    pub period: Option<Period>,
}

/// By what a list is narrowed with a choice from pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SieveBy {
    Measurer,
    Zone,
}

/// The names of what is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    pub measurer: Option<Name>,
    pub zone: Option<String>,
}

/// Until now, from a midnight on the person's wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Today,
    /// Today and the six days before.
    Week,
    ThirtyDays,
    /// From the first of this month.
    Month,
}

impl Period {
    pub const ALL: [Self; 4] = [Self::Today, Self::Week, Self::ThirtyDays, Self::Month];

    pub fn start(self, now: DateTime<Utc>, timezone: Tz) -> DateTime<Utc> {
        let today = now.with_timezone(&timezone).date_naive();
        let first = match self {
            Self::Today => today,
            Self::Week => today - TimeDelta::days(6),
            Self::ThirtyDays => today - TimeDelta::days(29),
            Self::Month => today.with_day(1).unwrap_or(today),
        };
        midnight(first, timezone)
    }
}

impl ListKind {
    /// All measurements by status and sieve.
    pub fn all(filter: Filter, sieve: Sieve) -> Self {
        if sieve == Sieve::default() { Self::All(filter) } else { Self::Sifted(filter, sieve) }
    }

    /// How all measurements are narrowed; `None` for lists that are somebody's own.
    pub fn narrowed(self) -> Option<(Filter, Sieve)> {
        match self {
            Self::All(filter) => Some((filter, Sieve::default())),
            Self::Sifted(filter, sieve) => Some((filter, sieve)),
            _ => None,
        }
    }
}

/// What a list is narrowed to, and by what it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SieveView {
    pub filter: Filter,
    pub sieve: Sieve,
    pub chosen: Chosen,
    pub has_zones: bool,
}

/// A page of what to choose from, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SieveChoiceView {
    pub filter: Filter,
    pub sieve: Sieve,
    pub page: u32,
    pub rows: SieveChoices,
    pub has_next: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SieveChoices {
    Measurers(Vec<(UserId, Name)>),
    Zones(Vec<(ZoneId, String)>),
}

/// Which page: by the key of its neighbour, so that a changing list neither skips nor repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    First,
    After(MeasurementId),
    Before(MeasurementId),
}

pub const ROWS_A_PAGE: u8 = 6;
/// Totals above this are shown as `99+`.
pub const COUNT_CAP: i64 = 99;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    pub kind: ListKind,
    /// At most `COUNT_CAP + 1`.
    pub total: i64,
    pub rows: Vec<ListRow>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
    /// Orders alone: the person is a manager whom nobody has linked to AmoCRM yet.
    pub is_unlinked: bool,
    /// To what it is narrowed.
    pub of: Chosen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    pub id: MeasurementId,
    pub lead_name: String,
    pub address: Option<String>,
    pub status: StatusKind,
    /// Since when it is in this status.
    pub since: DateTime<Utc>,
    pub measurer: Option<Name>,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindView {
    /// Those that have the number that was typed; on the first page alone.
    pub exact: Vec<ListRow>,
    pub rows: Vec<ListRow>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
    /// The words are in so many that only those of this page are known.
    pub is_too_much: bool,
    /// The person is a manager whom nobody has linked to AmoCRM yet, and finds nothing.
    pub is_unlinked: bool,
}

/// The counts on the menu's buttons, each at most `COUNT_CAP + 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MenuView {
    pub roles: Roles,
    pub pending: i64,
    /// What is stuck and waits for a decision.
    pub failures: i64,
    pub my_active: i64,
    pub my_orders: i64,
}

/// What is to become of deals that stood in a trigger stage before the first look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedChoice {
    OpenRecent,
    OpenNone,
}

/// Something an admin must know that is not a step of a measurement. Stored as JSON in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// A message could not be delivered: the person blocked the bot or was deleted by Telegram.
    PersonUnreachable {
        name: String,
        measurement_id: Option<MeasurementId>,
    },
    /// Somebody of `ADMIN_IDS` never pressed /start.
    AdminNeverStarted {
        telegram_id: i64,
    },
    PersonJoined {
        /// None in rows of older versions.
        #[serde(default)]
        user: Option<UserId>,
        name: String,
        role: Role,
    },
    /// Somebody's phone is that of an employee in AmoCRM.
    EmployeeSuggested {
        user: UserId,
        name: String,
        employee: AmoUserId,
        employee_name: String,
    },
    /// AmoCRM answers 403 with its block page: all calls have stopped.
    AmoCrmBlocked,
    AmoCrmUnblocked,
    /// AmoCRM refuses the token.
    AmoCrmTokenRefused,
    /// Deals stood in trigger stages before the first look at these: they open nothing by themselves.
    DealsAlreadyThere {
        /// Which recording, in unix seconds.
        recording: i64,
        deals: i64,
        /// Those that changed within the last week.
        recent: i64,
    },
    /// The nightly look at all deals in trigger stages found some that nobody had told of.
    DealsWereMissed {
        deals: i64,
    },
    /// AmoCRM gives no new tokens: the integration has to be allowed anew.
    AmoCrmRefreshRefused,
    /// The long-lived token ends soon.
    AmoCrmTokenEnds {
        at: DateTime<Utc>,
    },
    /// AmoCRM has switched the webhook off; the bot is about to switch it on.
    WebhookOff,
    /// The webhook cannot be made or looked at.
    WebhookTrouble {
        trouble: WebhookTrouble,
    },
    /// What was told before is over.
    WebhookWorks,
    /// What people write and press does not reach the bot.
    ReceptionTrouble {
        trouble: ReceptionTrouble,
    },
    /// What was told before is over.
    ReceptionWorks,
    /// Messages came that nobody could read; since the last time that this was told.
    MessagesParked {
        kinds: Vec<ParkedCount>,
    },
    /// A deal's zone or dealer that means nothing here.
    NameUnknown {
        id: UnknownNameId,
        kind: NameKind,
        name: String,
        measurement: MeasurementId,
    },
    /// A deal came from a zone in which nobody measures.
    ZoneIsEmpty {
        zone: ZoneId,
        name: String,
        measurement: MeasurementId,
    },
    /// Nobody has given these to a measurer for so many minutes.
    StillWaiting {
        measurements: Vec<MeasurementId>,
        minutes: i64,
    },
    /// Deals could not be read for an hour.
    DealsStuck {
        deals: i64,
        why: WhyStuck,
    },
    /// They can be read again.
    DealsUnstuck,
    /// Measurers have not said that they go.
    Unaccepted {
        /// As long as they have at least had.
        minutes: i64,
        visits: Vec<UnacceptedVisit>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnacceptedVisit {
    pub id: MeasurementId,
    /// Of the measurer.
    pub name: String,
}
