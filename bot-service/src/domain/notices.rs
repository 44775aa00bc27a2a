//! Who hears what after a change. One event gives a person at most one new message.

use serde::{Deserialize, Serialize};

use super::history::What;
use super::ids::UserId;
use super::measurement::Measurement;

/// Why a person gets a message about a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// To admins: somebody must assign it. More than a few unsent ones become one message with the count.
    NewMeasurement,
    /// To admins: it needs a measurer again.
    BackInQueue,
    AssignedToYou,
    TakenOffYou,
    /// To the manager: the first assignment.
    MeasurerFound,
    MeasurerChanged,
    StatusChanged,
    /// To admins.
    CancelledInAmoCrm,
    FactsChanged,
    /// To the manager who became responsible for the deal.
    NowYours,
}

impl NoticeKind {
    pub const ALL: [Self; 10] = [
        Self::NewMeasurement,
        Self::BackInQueue,
        Self::AssignedToYou,
        Self::TakenOffYou,
        Self::MeasurerFound,
        Self::MeasurerChanged,
        Self::StatusChanged,
        Self::CancelledInAmoCrm,
        Self::FactsChanged,
        Self::NowYours,
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
            Self::NowYours => "now_yours",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// A visit given or taken cannot wait behind a morning of new measurements.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::AssignedToYou | Self::TakenOffYou)
    }
}

/// Who there is to tell, besides the measurers whom the change itself names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    pub admins: Vec<UserId>,
    /// The person linked to the deal's responsible employee, after the change.
    pub manager: Option<UserId>,
    /// Whoever caused the change knows already.
    pub author: Option<UserId>,
}

/// The messages that `what` causes, `after` being the measurement with the change in it.
pub fn after(what: &What, after: &Measurement, audience: &Audience) -> Vec<(UserId, NoticeKind)> {
    let admins = |kind| audience.admins.iter().map(move |admin| (*admin, kind)).collect::<Vec<_>>();
    let manager = |kind| audience.manager.map(|manager| (manager, kind));
    let measurer = |kind| after.measurer().map(|measurer| (measurer, kind));
    let mut told: Vec<(UserId, NoticeKind)> = match what {
        What::Opened => admins(NoticeKind::NewMeasurement),
        What::Assigned { to } => [Some((*to, NoticeKind::AssignedToYou)), manager(NoticeKind::MeasurerFound)]
            .into_iter()
            .flatten()
            .collect(),
        What::Reassigned { from, to } => [
            Some((*from, NoticeKind::TakenOffYou)),
            Some((*to, NoticeKind::AssignedToYou)),
            manager(NoticeKind::MeasurerChanged),
        ]
        .into_iter()
        .flatten()
        .collect(),
        What::Started | What::Completed | What::Restored => {
            manager(NoticeKind::StatusChanged).into_iter().collect()
        }
        What::Cancelled { because } => {
            let concerned = [measurer(NoticeKind::StatusChanged), manager(NoticeKind::StatusChanged)];
            let office = because.map(|_| admins(NoticeKind::CancelledInAmoCrm)).unwrap_or_default();
            concerned.into_iter().flatten().chain(office).collect()
        }
        What::Returned { .. } => {
            let mut told = admins(NoticeKind::BackInQueue);
            told.extend(manager(NoticeKind::StatusChanged));
            told
        }
        What::FactsChanged { .. } => [measurer(NoticeKind::FactsChanged), manager(NoticeKind::FactsChanged)]
            .into_iter()
            .flatten()
            .collect(),
        What::ResponsibleChanged { .. } => manager(NoticeKind::NowYours).into_iter().collect(),
    };
    // Who disables a measurer acted on a person: the visits that come back are work for him as for other admins.
    told.retain(|(user, kind)| Some(*user) != audience.author || *kind == NoticeKind::BackInQueue);
    once_each(told)
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
    use super::super::ids::MeasurementId;
    use super::super::measurement::{Assignment, DealEnd, MeasurementParts, Origin, Status};
    use super::*;

    const ADMIN: UserId = UserId(1);
    const OTHER_ADMIN: UserId = UserId(2);
    const IVAN: UserId = UserId(3);
    const PETR: UserId = UserId(4);
    const OLGA: UserId = UserId(5);

    fn name(user: UserId) -> &'static str {
        ["", "admin", "other admin", "ivan", "petr", "olga"][usize::try_from(user.0).unwrap()]
    }

    fn of(measurer: UserId) -> Measurement {
        let at = "2026-01-01T10:00:00Z".parse().unwrap();
        let parts = MeasurementParts {
            id: MeasurementId(12),
            lead_id: shared::ids::LeadId(1),
            origin: Origin::AmoCrm,
            previous_id: None,
            responsible: None,
            facts: Facts::default(),
            moved_on_to: None,
            is_provisional: false,
            created_at: at,
        };
        Measurement::restored(parts, Status::Assigned(Assignment { measurer, by: ADMIN, at }), 1)
    }

    #[test]
    fn who_hears_what() {
        let by_admin =
            Audience { admins: vec![ADMIN, OTHER_ADMIN], manager: Some(OLGA), author: Some(ADMIN) };
        let by_crm = Audience { author: None, ..by_admin.clone() };
        let by_ivan = Audience { author: Some(IVAN), ..by_admin.clone() };
        let lines = [
            ("opened", What::Opened, &by_crm),
            ("assigned", What::Assigned { to: IVAN }, &by_admin),
            ("reassigned", What::Reassigned { from: PETR, to: IVAN }, &by_admin),
            ("started", What::Started, &by_ivan),
            ("completed", What::Completed, &by_ivan),
            ("cancelled by a person", What::Cancelled { because: None }, &by_admin),
            ("cancelled in AmoCRM", What::Cancelled { because: Some(DealEnd::Closed) }, &by_crm),
            ("restored", What::Restored, &by_admin),
            ("returned", What::Returned { from: IVAN }, &by_admin),
            ("facts changed", What::FactsChanged { changes: vec![] }, &by_crm),
            ("responsible changed", What::ResponsibleChanged { from: None, to: None }, &by_crm),
        ];
        let mut table = String::new();
        for (title, what, audience) in lines {
            write!(table, "{title}:").unwrap();
            for (user, kind) in after(&what, &of(IVAN), audience) {
                write!(table, " {} {}", name(user), kind.as_str()).unwrap();
            }
            table.push('\n');
        }
        assert_snapshot!(table, @r"
        opened: admin new_measurement other admin new_measurement
        assigned: ivan assigned_to_you olga measurer_found
        reassigned: petr taken_off_you ivan assigned_to_you olga measurer_changed
        started: olga status_changed
        completed: olga status_changed
        cancelled by a person: ivan status_changed olga status_changed
        cancelled in AmoCRM: ivan status_changed olga status_changed admin cancelled_in_amocrm other admin cancelled_in_amocrm
        restored: olga status_changed
        returned: admin back_in_queue other admin back_in_queue olga status_changed
        facts changed: ivan facts_changed olga facts_changed
        responsible changed: olga now_yours
        ");
    }

    #[test]
    fn an_admin_who_is_the_manager_too_hears_once() {
        let both = Audience { admins: vec![OLGA], manager: Some(OLGA), author: None };
        let what = What::Cancelled { because: Some(DealEnd::Closed) };
        let told = after(&what, &of(IVAN), &both);
        assert_eq!(told, [(IVAN, NoticeKind::StatusChanged), (OLGA, NoticeKind::StatusChanged)]);
    }
}
