use std::fmt::Write as _;

use insta::assert_snapshot;
use shared::ids::{AmoUserId, LeadId};

use super::super::facts::Facts;
use super::super::ids::{MeasurementId, UserId};
use super::super::measurement::{Assignment, By, DealEnd, MeasurementParts, Origin, Transition};
use super::super::user::Roles;
use super::*;

const ADMIN: UserId = UserId(1);
const IVAN: UserId = UserId(2);
const OLGA: UserId = UserId(3);

fn actor(id: UserId, role: Role, amo: Option<i64>) -> Actor {
    Actor { id, roles: Roles::NONE.with(role), amo_user_id: amo.map(AmoUserId) }
}

fn actors() -> Vec<(&'static str, Actor)> {
    vec![
        ("admin", actor(ADMIN, Role::Admin, None)),
        ("measurer", actor(IVAN, Role::Measurer, None)),
        ("other measurer", actor(UserId(4), Role::Measurer, None)),
        ("manager", actor(OLGA, Role::Manager, Some(7))),
        ("other manager", actor(UserId(5), Role::Manager, Some(8))),
        ("unlinked manager", actor(UserId(6), Role::Manager, None)),
        ("nobody", Actor { id: UserId(9), roles: Roles::NONE, amo_user_id: Some(AmoUserId(7)) }),
    ]
}

fn statuses() -> Vec<(&'static str, Status)> {
    let at = "2026-01-01T10:00:00Z".parse().unwrap();
    let assignment = Assignment { measurer: IVAN, by: ADMIN, at };
    let cancelled = |by| Status::Cancelled { assignment: Some(assignment), started_at: None, at, by };
    vec![
        ("pending", Status::Pending),
        ("assigned", Status::Assigned(assignment)),
        ("in progress", Status::InProgress { assignment, started_at: at }),
        ("completed", Status::Completed { assignment, started_at: None, at }),
        ("cancelled by a person", cancelled(Canceller::Person(ADMIN))),
        ("cancelled in AmoCRM", cancelled(Canceller::AmoCrm(DealEnd::Closed))),
    ]
}

fn measurement(status: Status) -> Measurement {
    let parts = MeasurementParts {
        id: MeasurementId(12),
        lead_id: LeadId(1),
        origin: Origin::AmoCrm,
        previous_id: None,
        responsible: Some(AmoUserId(7)),
        facts: Facts::default(),
        moved_on_to: None,
        is_provisional: false,
        created_at: "2026-01-01T09:00:00Z".parse().unwrap(),
    };
    Measurement::restored(parts, status, 3)
}

#[test]
fn who_may_do_what() {
    let mut table = String::new();
    for (title, status) in statuses() {
        writeln!(table, "{title}").unwrap();
        for (name, actor) in actors() {
            let actions: Vec<_> =
                actions(&actor, &measurement(status)).iter().map(|action| format!("{action:?}")).collect();
            let actions = if actions.is_empty() { "-".to_owned() } else { actions.join(" ") };
            writeln!(table, "  {name}: {actions}").unwrap();
        }
    }
    assert_snapshot!(table, @r"
        pending
          admin: View Assign Cancel
          measurer: -
          other measurer: -
          manager: View
          other manager: -
          unlinked manager: -
          nobody: -
        assigned
          admin: View Reassign Cancel
          measurer: View Start Complete
          other measurer: -
          manager: View
          other manager: -
          unlinked manager: -
          nobody: -
        in progress
          admin: View Reassign Cancel
          measurer: View Complete
          other measurer: -
          manager: View
          other manager: -
          unlinked manager: -
          nobody: -
        completed
          admin: View
          measurer: View
          other measurer: -
          manager: View
          other manager: -
          unlinked manager: -
          nobody: -
        cancelled by a person
          admin: View
          measurer: View
          other measurer: -
          manager: View
          other manager: -
          unlinked manager: -
          nobody: -
        cancelled in AmoCRM
          admin: View Restore
          measurer: View
          other measurer: -
          manager: View
          other manager: -
          unlinked manager: -
          nobody: -
        ");
}

/// The keyboard's question and the action itself must never disagree.
#[test]
fn a_move_works_exactly_when_its_button_is_shown() {
    let now = "2026-01-01T11:00:00Z".parse().unwrap();
    let moves = [
        (Transition::Assign(UserId(4)), Action::Assign),
        (Transition::Assign(UserId(4)), Action::Reassign),
        (Transition::Start, Action::Start),
        (Transition::Complete, Action::Complete),
        (Transition::Cancel, Action::Cancel),
        (Transition::Restore, Action::Restore),
    ];
    for (title, status) in statuses() {
        for (name, actor) in actors() {
            let shown = actions(&actor, &measurement(status));
            for (transition, action) in moves {
                let is_assignment = matches!(transition, Transition::Assign(_));
                let expected = if is_assignment {
                    shown.contains(&Action::Assign) || shown.contains(&Action::Reassign)
                } else {
                    shown.contains(&action)
                };
                let result = measurement(status).apply(transition, &By::Person(actor), now);
                assert_eq!(result.is_ok(), expected, "{title}, {name}, {transition:?}: {result:?}");
                if let Ok(moved) = result {
                    assert_eq!(moved.measurement.step(), 4);
                }
            }
        }
    }
}

#[test]
fn a_missing_right_is_told_before_a_wrong_state() {
    let (_, completed) = statuses()[3];
    let refused = |index: usize, action| check(&actors()[index].1, action, &measurement(completed));
    assert_eq!(refused(1, Action::Start), Err(Refusal::WrongState));
    assert_eq!(refused(2, Action::Start), Err(Refusal::NotYours));
    assert_eq!(refused(1, Action::Assign), Err(Refusal::AssignedByAdmin));
    assert_eq!(refused(1, Action::Cancel), Err(Refusal::AdminOnly));
    assert_eq!(refused(6, Action::View), Err(Refusal::NoAccess));
}

#[test]
fn what_belongs_to_a_role_is_for_that_role() {
    let may = |index: usize, role| check_role(&actors()[index].1, role);
    assert_eq!(may(0, Role::Admin), Ok(()));
    assert_eq!(may(0, Role::Measurer), Err(Refusal::MeasurerOnly));
    assert_eq!(may(1, Role::Manager), Err(Refusal::ManagerOnly));
    assert_eq!(may(3, Role::Admin), Err(Refusal::AdminOnly));
    assert_eq!(may(6, Role::Admin), Err(Refusal::NoAccess));
}
