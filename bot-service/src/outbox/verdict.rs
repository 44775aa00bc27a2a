//! Whether a notice is still true, and still for this person, when its turn comes. Pure.

use crate::domain::history::What;
use crate::domain::ids::UserId;
use crate::domain::measurement::{Measurement, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{self, Look};
use crate::domain::user::User;

/// What has become of the measurement since may have made the notice wrong; the state that came after has a
/// notice of its own, or is shown by the card.
pub fn still_holds(kind: NoticeKind, what: &What, person: &User, measurement: &Measurement) -> bool {
    let look = permissions::look(&person.actor(), measurement);
    let status = measurement.status().kind();
    let is_his = measurement.measurer() == Some(person.id);
    match kind {
        NoticeKind::NewMeasurement => {
            matches!(look, Some(Look::Admin | Look::Observer)) && status == StatusKind::Pending
        }
        NoticeKind::BackInQueue => look == Some(Look::Admin) && status == StatusKind::Pending,
        NoticeKind::AssignedToYou => {
            // Given back to him by an undo, it may have been under way.
            let is_begun = matches!(what, What::Undone { .. }) && status == StatusKind::InProgress;
            look.is_some() && is_his && (status == StatusKind::Assigned || is_begun)
        }
        NoticeKind::TakenOffYou => !is_his && !person.is_disabled,
        NoticeKind::MeasurerFound | NoticeKind::MeasurerChanged => {
            look.is_some() && measurement.is_open() && named_measurer(what) == measurement.measurer()
        }
        NoticeKind::StatusChanged | NoticeKind::NowYours | NoticeKind::Commented => look.is_some(),
        NoticeKind::CancelledInAmoCrm => look == Some(Look::Admin) && status == StatusKind::Cancelled,
        NoticeKind::Problem => look.is_some() && measurement.problem().is_some(),
        NoticeKind::ProblemCleared => {
            look.is_some() && measurement.is_open() && measurement.problem().is_none()
        }
        NoticeKind::FactsChanged => look.is_some() && measurement.is_open(),
    }
}

fn named_measurer(what: &What) -> Option<UserId> {
    match what {
        What::Assigned { to, .. } | What::Reassigned { to, .. } => Some(*to),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use chrono::DateTime;
    use insta::assert_snapshot;
    use shared::ids::{AmoUserId, LeadId};

    use super::*;
    use crate::domain::facts::Facts;
    use crate::domain::ids::MeasurementId;
    use crate::domain::measurement::{By, DealEnd, MeasurementParts, Origin, Status, Transition};
    use crate::domain::user::{Actor, Language, Name, Role, Roles};

    const IVAN: UserId = UserId(1);
    const PETR: UserId = UserId(2);

    fn person(id: UserId, role: Role) -> User {
        let name = Name { first: "Иван".into(), last: None };
        let amo_user_id = (role == Role::Manager).then_some(AmoUserId(7));
        let (roles, language) = (Roles::NONE.with(role), Language::Ru);
        User {
            id,
            name,
            username: None,
            language,
            roles,
            amo_user_id,
            phone: None,
            away_until: None,
            is_disabled: false,
        }
    }

    fn after(moves: &[(By, Transition)]) -> Measurement {
        let now = DateTime::UNIX_EPOCH;
        let parts = MeasurementParts {
            id: MeasurementId(12),
            lead_id: LeadId(1),
            origin: Origin::AmoCrm,
            previous_id: None,
            problem: None,
            undoable: None,
            responsible: Some(AmoUserId(7)),
            facts: Facts::default(),
            moved_on_to: None,
            is_provisional: false,
            created_at: now,
        };
        let pending = Measurement::restored(parts, Status::Pending, 0);
        moves.iter().fold(pending, |measurement, (by, transition)| {
            measurement.apply(*transition, by, now).unwrap().measurement
        })
    }

    #[test]
    fn which_notices_still_hold_when_the_measurement_has_moved_on() {
        let admin =
            By::Person(Actor { id: UserId(9), roles: Roles::NONE.with(Role::Admin), amo_user_id: None });
        let assigned = (admin, Transition::Assign(IVAN));
        let states = [
            ("pending", after(&[])),
            ("assigned to Ivan", after(&[assigned])),
            ("assigned to Petr", after(&[assigned, (admin, Transition::Assign(PETR))])),
            ("cancelled", after(&[assigned, (By::AmoCrm, Transition::EndWithDeal(DealEnd::Closed))])),
        ];
        let (ivan, admin, manager) =
            (person(IVAN, Role::Measurer), person(UserId(9), Role::Admin), person(UserId(3), Role::Manager));
        let what = What::Assigned { to: IVAN, instead_of: None };
        let mut table = String::new();
        for (state, measurement) in &states {
            writeln!(table, "{state}:").unwrap();
            for (who, person) in [("admin", &admin), ("Ivan", &ivan), ("manager", &manager)] {
                let holds = |kind: &NoticeKind| still_holds(*kind, &what, person, measurement);
                let kinds: Vec<_> =
                    NoticeKind::ALL.into_iter().filter(holds).map(NoticeKind::as_str).collect();
                writeln!(table, "  {who}: {}", kinds.join(" ")).unwrap();
            }
        }
        assert_snapshot!(table, @r"
        pending:
          admin: new_measurement back_in_queue taken_off_you status_changed facts_changed problem_cleared now_yours commented
          Ivan: taken_off_you
          manager: taken_off_you status_changed facts_changed problem_cleared now_yours commented
        assigned to Ivan:
          admin: taken_off_you measurer_found measurer_changed status_changed facts_changed problem_cleared now_yours commented
          Ivan: assigned_to_you measurer_found measurer_changed status_changed facts_changed problem_cleared now_yours commented
          manager: taken_off_you measurer_found measurer_changed status_changed facts_changed problem_cleared now_yours commented
        assigned to Petr:
          admin: taken_off_you status_changed facts_changed problem_cleared now_yours commented
          Ivan: taken_off_you
          manager: taken_off_you status_changed facts_changed problem_cleared now_yours commented
        cancelled:
          admin: taken_off_you status_changed cancelled_in_amocrm now_yours commented
          Ivan: status_changed now_yours commented
          manager: taken_off_you status_changed now_yours commented
        ");
    }
}
