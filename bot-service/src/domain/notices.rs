//! Who hears what after a change. One event gives a person at most one new message.

use serde::{Deserialize, Serialize};

use super::history::What;
use super::ids::UserId;
use super::measurement::Measurement;

/// Why a person gets a message about a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// To the office: somebody must assign it. More than a few unsent ones become one message with the count.
    NewMeasurement,
    /// To the office: it needs a measurer again.
    BackInQueue,
    AssignedToYou,
    TakenOffYou,
    /// To the manager: the first assignment.
    MeasurerFound,
    MeasurerChanged,
    StatusChanged,
    /// To the office.
    CancelledInAmoCrm,
    FactsChanged,
    /// To the office, which has to decide, and to the manager.
    Problem,
    /// To the measurer, who goes again, and to the manager.
    ProblemCleared,
    /// To the manager who became responsible for the deal.
    NowYours,
    /// Somebody said something about it.
    Commented,
}

impl NoticeKind {
    pub const ALL: [Self; 13] = [
        Self::NewMeasurement,
        Self::BackInQueue,
        Self::AssignedToYou,
        Self::TakenOffYou,
        Self::MeasurerFound,
        Self::MeasurerChanged,
        Self::StatusChanged,
        Self::CancelledInAmoCrm,
        Self::FactsChanged,
        Self::Problem,
        Self::ProblemCleared,
        Self::NowYours,
        Self::Commented,
    ];

    /// As it stands in the outbox.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewMeasurement => "new_measurement",
            Self::BackInQueue => "back_in_queue",
            Self::AssignedToYou => "assigned_to_you",
            Self::TakenOffYou => "taken_off_you",
            Self::MeasurerFound => "measurer_found",
            Self::MeasurerChanged => "measurer_changed",
            Self::StatusChanged => "status_changed",
            Self::CancelledInAmoCrm => "cancelled_in_amocrm",
            Self::FactsChanged => "facts_changed",
            Self::Problem => "problem",
            Self::ProblemCleared => "problem_cleared",
            Self::NowYours => "now_yours",
            Self::Commented => "commented",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What somebody who could not be reached must still hear when he is back, if it is still true: what asks something
    /// of him, what was taken off him, and what he would not find by himself. His cards tell the rest.
    pub const OUTLASTS_ABSENCE: [Self; 7] = [
        Self::NewMeasurement,
        Self::BackInQueue,
        Self::AssignedToYou,
        Self::TakenOffYou,
        Self::MeasurerFound,
        Self::Problem,
        Self::Commented,
    ];

    /// A visit given or taken, and a measurer who stands before a closed door, cannot wait behind a morning of new measurements.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::AssignedToYou | Self::TakenOffYou | Self::Problem)
    }
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Its turn will come.
    Waiting,
    Sent,
    /// It was not true or not his any more when its turn came.
    Superseded,
    /// The person blocked the bot, or never started it.
    Unreachable,
    Failed,
}

impl Delivery {
    /// From the state of its row.
    pub fn parse(state: &str) -> Option<Self> {
        Some(match state {
            "pending" => Self::Waiting,
            "sent" => Self::Sent,
            "superseded" => Self::Superseded,
            "unreachable" => Self::Unreachable,
            "failed" => Self::Failed,
            _ => return None,
        })
    }
}

/// Who there is to tell, besides the measurers whom the change itself names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Admins and supervisors.
    pub office: Vec<UserId>,
    /// Who only looks on.
    pub observers: Vec<UserId>,
    /// The person linked to the deal's responsible employee, after the change.
    pub manager: Option<UserId>,
    /// Whoever caused the change knows already.
    pub author: Option<UserId>,
}

/// The messages that `what` causes, `after` being the measurement with the change in it.
pub fn after(what: &What, after: &Measurement, audience: &Audience) -> Vec<(UserId, NoticeKind)> {
    let all = |of: &[UserId], kind| of.iter().map(|user| (*user, kind)).collect::<Vec<_>>();
    let office = |kind| all(&audience.office, kind);
    let manager = |kind| audience.manager.map(|manager| (manager, kind));
    let measurer = |kind| after.measurer().map(|measurer| (measurer, kind));
    let mut told: Vec<(UserId, NoticeKind)> = match what {
        What::Opened => office(NoticeKind::NewMeasurement),
        What::Assigned { to, .. } => {
            [Some((*to, NoticeKind::AssignedToYou)), manager(NoticeKind::MeasurerFound)]
                .into_iter()
                .flatten()
                .collect()
        }
        What::Reassigned { from, to } => [
            Some((*from, NoticeKind::TakenOffYou)),
            Some((*to, NoticeKind::AssignedToYou)),
            manager(NoticeKind::MeasurerChanged),
        ]
        .into_iter()
        .flatten()
        .collect(),
        What::Started | What::Completed => manager(NoticeKind::StatusChanged).into_iter().collect(),
        What::Restored { from } => {
            let before = from.map(|from| (from, NoticeKind::TakenOffYou));
            before.into_iter().chain(manager(NoticeKind::StatusChanged)).collect()
        }
        What::Cancelled { because, .. } => {
            let concerned = [measurer(NoticeKind::StatusChanged), manager(NoticeKind::StatusChanged)];
            let office = because.map(|_| office(NoticeKind::CancelledInAmoCrm)).unwrap_or_default();
            concerned.into_iter().flatten().chain(office).collect()
        }
        What::Returned { from } => {
            let mut told = vec![(*from, NoticeKind::TakenOffYou)];
            told.extend(office(NoticeKind::BackInQueue));
            told.extend(manager(NoticeKind::StatusChanged));
            told
        }
        What::Declined { .. } => {
            let mut told = office(NoticeKind::BackInQueue);
            told.extend(manager(NoticeKind::StatusChanged));
            told
        }
        What::Proposed { .. } => Vec::new(),
        What::ProblemReported { .. } => {
            office(NoticeKind::Problem).into_iter().chain(manager(NoticeKind::Problem)).collect()
        }
        What::ProblemCleared => [measurer(NoticeKind::ProblemCleared), manager(NoticeKind::ProblemCleared)]
            .into_iter()
            .flatten()
            .collect(),
        What::FactsChanged { .. } => [measurer(NoticeKind::FactsChanged), manager(NoticeKind::FactsChanged)]
            .into_iter()
            .flatten()
            .collect(),
        What::ResponsibleChanged { .. } => manager(NoticeKind::NowYours).into_iter().collect(),
        What::Undone { of, from, to, .. } => {
            let (from, to) = (*from, *to);
            let (comes, leaves) = match to {
                Some(_) if from == to || !after.is_open() => (NoticeKind::StatusChanged, None),
                _ => (NoticeKind::AssignedToYou, from),
            };
            let concerned = [
                leaves.map(|user| (user, NoticeKind::TakenOffYou)),
                to.map(|user| (user, comes)),
                manager(NoticeKind::StatusChanged),
            ];
            let was_told = matches!(**of, What::Declined { .. } | What::ProblemReported { .. });
            let office = if was_told { office(NoticeKind::StatusChanged) } else { vec![] };
            concerned.into_iter().flatten().chain(office).collect()
        }
        // The office reads it on the card.
        What::Accepted | What::Explained { .. } => vec![],
        What::Commented { .. } => {
            let concerned = [measurer(NoticeKind::Commented), manager(NoticeKind::Commented)];
            concerned.into_iter().flatten().chain(office(NoticeKind::Commented)).collect()
        }
    };
    if let Some(kind) = for_observers(what) {
        told.extend(all(&audience.observers, kind));
    }
    // Who disables a measurer acted on a person: the visits that come back are work for him as for other admins.
    told.retain(|(user, kind)| Some(*user) != audience.author || *kind == NoticeKind::BackInQueue);
    once_each(told)
}

/// Observers follow the course of a measurement and not its details.
fn for_observers(what: &What) -> Option<NoticeKind> {
    match what {
        What::Opened => Some(NoticeKind::NewMeasurement),
        What::Assigned { .. }
        | What::Reassigned { .. }
        | What::Completed
        | What::Cancelled { .. }
        | What::Restored { .. } => Some(NoticeKind::StatusChanged),
        What::Undone { of, .. } => for_observers(of),
        What::Accepted
        | What::Started
        | What::Returned { .. }
        | What::Declined { .. }
        | What::Proposed { .. }
        | What::ProblemReported { .. }
        | What::ProblemCleared
        | What::Explained { .. }
        | What::FactsChanged { .. }
        | What::ResponsibleChanged { .. }
        | What::Commented { .. } => None,
    }
}

/// A person with several reasons hears the first.
fn once_each(told: Vec<(UserId, NoticeKind)>) -> Vec<(UserId, NoticeKind)> {
    let mut kept: Vec<(UserId, NoticeKind)> = Vec::with_capacity(told.len());
    for (user, kind) in told {
        if kept.iter().all(|(other, _)| *other != user) {
            kept.push((user, kind));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use insta::assert_snapshot;

    use super::super::facts::Facts;
    use super::super::ids::{CommentId, MeasurementId};
    use super::super::measurement::{
        Assignment, CancelReason, DealEnd, DeclineReason, MeasurementParts, Origin, ProblemReason,
        ReassignReason, Status, StatusKind,
    };
    use super::super::user::Role;
    use super::*;

    const ADMIN: UserId = UserId(1);
    const OTHER_ADMIN: UserId = UserId(2);
    const IVAN: UserId = UserId(3);
    const PETR: UserId = UserId(4);
    const OLGA: UserId = UserId(5);
    const OWNER: UserId = UserId(6);

    fn name(user: UserId) -> &'static str {
        ["", "admin", "other admin", "ivan", "petr", "olga", "owner"][usize::try_from(user.0).unwrap()]
    }

    fn of(measurer: UserId) -> Measurement {
        let at = "2026-01-01T10:00:00Z".parse().unwrap();
        let parts = MeasurementParts {
            id: MeasurementId(12),
            lead_id: shared::ids::LeadId(1),
            origin: Origin::AmoCrm,
            previous_id: None,
            problem: None,
            undoable: None,
            responsible: None,
            facts: Facts::default(),
            moved_on_to: None,
            is_provisional: false,
            created_at: at,
        };
        Measurement::restored(
            parts,
            Status::Assigned(Assignment { measurer, by: Some(ADMIN), at, accepted_at: None }),
            1,
        )
    }

    #[test]
    fn who_hears_what() {
        let by_admin = Audience {
            office: vec![ADMIN, OTHER_ADMIN],
            observers: vec![OWNER],
            manager: Some(OLGA),
            author: Some(ADMIN),
        };
        let declined = || What::Declined { from: IVAN, reason: DeclineReason::Far, text: None };
        let undone = |of, from, to| What::Undone { of: Box::new(of), from, to, status: StatusKind::Assigned };
        let by_crm = Audience { author: None, ..by_admin.clone() };
        let by_ivan = Audience { author: Some(IVAN), ..by_admin.clone() };
        let lines = [
            ("opened", What::Opened, &by_crm),
            ("assigned", What::Assigned { to: IVAN, instead_of: None }, &by_admin),
            ("reassigned", What::Reassigned { from: PETR, to: IVAN }, &by_admin),
            ("accepted", What::Accepted, &by_ivan),
            ("started", What::Started, &by_ivan),
            ("completed", What::Completed, &by_ivan),
            (
                "cancelled by a person",
                What::Cancelled { because: None, reason: Some(CancelReason::Mistake), text: None },
                &by_admin,
            ),
            (
                "cancelled in AmoCRM",
                What::Cancelled { because: Some(DealEnd::Closed), reason: None, text: None },
                &by_crm,
            ),
            ("restored after a cancellation", What::Restored { from: None }, &by_admin),
            ("restored after a visit", What::Restored { from: Some(PETR) }, &by_admin),
            ("returned", What::Returned { from: IVAN }, &by_admin),
            ("declined", declined(), &by_ivan),
            ("problem", What::ProblemReported { reason: ProblemReason::NotReady, text: None }, &by_ivan),
            ("problem cleared", What::ProblemCleared, &by_admin),
            (
                "assignment undone",
                undone(What::Assigned { to: IVAN, instead_of: None }, Some(IVAN), None),
                &by_admin,
            ),
            ("completion undone", undone(What::Completed, Some(IVAN), Some(IVAN)), &by_ivan),
            (
                "change undone",
                undone(What::Reassigned { from: IVAN, to: PETR }, Some(PETR), Some(IVAN)),
                &by_admin,
            ),
            ("refusal undone", undone(declined(), None, Some(IVAN)), &by_ivan),
            ("explained", What::Explained { reason: ReassignReason::Unable, text: None }, &by_admin),
            ("facts changed", What::FactsChanged { changes: vec![] }, &by_crm),
            ("responsible changed", What::ResponsibleChanged { from: None, to: None }, &by_crm),
            ("commented", What::Commented { comment: CommentId(1), role: Role::Measurer }, &by_ivan),
        ];
        let mut table = String::new();
        for (title, what, audience) in lines {
            write!(table, "{title}:").unwrap();
            for (user, kind) in after(&what, &of(IVAN), audience) {
                write!(table, " {} {}", name(user), kind.as_str()).unwrap();
            }
            table.push('\n');
        }
        assert_snapshot!(table, @"
        opened: admin new_measurement other admin new_measurement owner new_measurement
        assigned: ivan assigned_to_you olga measurer_found owner status_changed
        reassigned: petr taken_off_you ivan assigned_to_you olga measurer_changed owner status_changed
        accepted:
        started: olga status_changed
        completed: olga status_changed owner status_changed
        cancelled by a person: ivan status_changed olga status_changed owner status_changed
        cancelled in AmoCRM: ivan status_changed olga status_changed admin cancelled_in_amocrm other admin cancelled_in_amocrm owner status_changed
        restored after a cancellation: olga status_changed owner status_changed
        restored after a visit: petr taken_off_you olga status_changed owner status_changed
        returned: ivan taken_off_you admin back_in_queue other admin back_in_queue olga status_changed
        declined: admin back_in_queue other admin back_in_queue olga status_changed
        problem: admin problem other admin problem olga problem
        problem cleared: ivan problem_cleared olga problem_cleared
        assignment undone: ivan taken_off_you olga status_changed owner status_changed
        completion undone: olga status_changed owner status_changed
        change undone: petr taken_off_you ivan assigned_to_you olga status_changed owner status_changed
        refusal undone: olga status_changed admin status_changed other admin status_changed
        explained:
        facts changed: ivan facts_changed olga facts_changed
        responsible changed: olga now_yours
        commented: olga commented admin commented other admin commented
        ");
    }

    #[test]
    fn an_admin_who_is_the_manager_too_hears_once() {
        let both = Audience { office: vec![OLGA], manager: Some(OLGA), ..Audience::default() };
        let what = What::Cancelled { because: Some(DealEnd::Closed), reason: None, text: None };
        let told = after(&what, &of(IVAN), &both);
        assert_eq!(told, [(IVAN, NoticeKind::StatusChanged), (OLGA, NoticeKind::StatusChanged)]);
    }
}
