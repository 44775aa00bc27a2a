//! What screens show: plain data, read by actions for a person who may see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::AmoUserId;

use crate::domain::facts::Field;
use crate::domain::history::What;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{Measurement, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{Action, Look};
use crate::domain::user::{Name, Role, Roles, User};
use crate::domain::webhook::WebhookTrouble;

/// Which keyboard a card wears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Main,
    /// A page of measurers to choose from, from 0.
    Measurers(u32),
    /// The question before a cancellation.
    ConfirmCancel,
}

/// How many measurers stand on one page of the choice.
pub const CANDIDATES_A_PAGE: u8 = 8;

/// One measurement for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub manager: Option<ManagerView>,
    /// The measurers of this page, least busy first; filled for who may assign, where the face lists them
    /// (the main face of a pending measurement does).
    pub candidates: Vec<Candidate>,
    pub has_more_candidates: bool,
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
    /// Open measurements he has at this moment.
    pub open: i64,
}

/// A short message about one event, a reply to the card.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// A list of measurements that a person can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// Admin: waiting for a measurer, longest first.
    Pending,
    /// Admin: newest first.
    All(Filter),
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

/// The counts on the menu's buttons, each at most `COUNT_CAP + 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MenuView {
    pub roles: Roles,
    pub pending: i64,
    pub my_active: i64,
    pub my_orders: i64,
}

/// One person, for an admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    pub user: User,
    pub open: i64,
    /// The employee's name, where linked.
    pub employee: Option<String>,
    pub is_reachable: bool,
    /// People of `ADMIN_IDS` and the admin himself cannot be disabled.
    pub can_be_disabled: bool,
}

/// A page of people (or of measurers alone), by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleView {
    pub only: Option<Role>,
    pub page: u32,
    pub rows: Vec<PersonRow>,
    pub has_next: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    pub id: UserId,
    pub name: Name,
    pub roles: Roles,
    pub open: i64,
    pub is_disabled: bool,
    pub is_reachable: bool,
}

pub const PEOPLE_A_PAGE: u8 = 8;

/// AmoCRM's employees to choose from for one person, those with the same name first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployeesView {
    pub user: User,
    pub page: u32,
    pub rows: Vec<EmployeeRow>,
    pub has_next: bool,
    /// False until the list has been received from AmoCRM.
    pub is_known: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployeeRow {
    pub amo_user_id: AmoUserId,
    pub name: String,
    pub has_same_name: bool,
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
        name: String,
        role: Role,
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
}
