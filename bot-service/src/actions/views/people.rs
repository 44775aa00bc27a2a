//! People, their roles and invites, and what was changed of them.

use chrono::{DateTime, Utc};
use shared::ids::AmoUserId;

use super::Candidate;
use crate::domain::audit::Change;
use crate::domain::ids::{AuditId, InviteId, UserId};
use crate::domain::invite::InviteRefusal;
use crate::domain::user::{Name, Role, Roles, User};

/// One person, for an admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    pub user: User,
    pub open: i64,
    /// The employee's name, where linked.
    pub employee: Option<String>,
    pub is_reachable: bool,
    /// Where he measures, and for whom, by name.
    pub zones: Vec<String>,
    pub dealers: Vec<String>,
    /// People of `ADMIN_IDS` and the one who looks cannot be disabled.
    pub can_be_disabled: bool,
}

/// Which roles a person has, of those that the one who looks may give or take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolesView {
    pub user: User,
    pub choices: Vec<RoleChoice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleChoice {
    pub role: Role,
    pub has: bool,
}

/// To whom somebody's open visits can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessorsView {
    pub user: User,
    pub visits: i64,
    /// Whether he loses his access with that.
    pub is_leaving: bool,
    pub page: u32,
    pub rows: Vec<Candidate>,
    pub has_next: bool,
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
    /// At most `COUNT_CAP + 1`.
    pub open: i64,
    pub is_disabled: bool,
    pub is_reachable: bool,
}

pub const PEOPLE_A_PAGE: u8 = 8;

/// AmoCRM's employees to choose from for one person, the likely ones first.
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
    pub is_likely: bool,
}

/// How many lines stand on a page of changes.
pub const CHANGES_A_PAGE: u8 = 10;

/// An invite in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InviteRow {
    pub id: InviteId,
    pub role: Role,
    pub uses: i32,
    /// None: as many as come.
    pub max_uses: Option<i32>,
    pub expires_at: DateTime<Utc>,
    /// Why it lets nobody in any more.
    pub over: Option<InviteRefusal>,
}

/// Invites, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitesView {
    pub rows: Vec<InviteRow>,
    pub is_first: bool,
    /// Where the next page begins.
    pub next: Option<InviteId>,
}

/// One invite, with who came in by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteView {
    pub row: InviteRow,
    pub created_by: Option<Name>,
    pub created_at: DateTime<Utc>,
    pub used_by: Vec<(Name, DateTime<Utc>)>,
    pub can_be_revoked: bool,
}

/// What was changed besides measurements, the latest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditView {
    /// None: of everybody.
    pub subject: Option<UserId>,
    pub rows: Vec<AuditRow>,
    pub is_first: bool,
    pub next: Option<AuditId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub at: DateTime<Utc>,
    pub change: Change,
    /// None: the service itself.
    pub actor: Option<Name>,
    pub subject: Option<Name>,
    /// The person who got the visits, where the change names one.
    pub to: Option<Name>,
}
