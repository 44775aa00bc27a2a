use std::fmt::Write as _;

use insta::assert_snapshot;
use shared::ids::{AmoUserId, LeadId};

use super::super::facts::Facts;
use super::super::ids::{MeasurementId, UserId};
use super::super::measurement::{
    Assignment, By, CancelReason, Canceller, DealEnd, DeclineReason, MeasurementParts, Origin, ProblemReason,
    Transition,
};
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
        ("supervisor", actor(UserId(7), Role::Supervisor, None)),
        ("observer", actor(UserId(8), Role::Observer, None)),
        ("nobody", Actor { id: UserId(9), roles: Roles::NONE, amo_user_id: Some(AmoUserId(7)) }),
    ]
}

fn statuses() -> Vec<(&'static str, Status)> {
    let at = "2026-01-01T10:00:00Z".parse().unwrap();
    let assignment = Assignment { measurer: IVAN, by: Some(ADMIN), at, accepted_at: None };
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
        problem: None,
        undoable: None,
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
    assert_snapshot!(table, @"
    pending
      admin: View Assign Cancel FollowUp History Comment
      measurer: -
      other measurer: -
      manager: View Comment
      other manager: -
      unlinked manager: -
      supervisor: View Assign Cancel FollowUp History Comment
      observer: View History Comment
      nobody: -
    assigned
      admin: View Reassign Cancel FollowUp History Comment
      measurer: View Accept Start Complete Decline ReportProblem Comment
      other measurer: -
      manager: View Comment
      other manager: -
      unlinked manager: -
      supervisor: View Reassign Cancel FollowUp History Comment
      observer: View History Comment
      nobody: -
    in progress
      admin: View Reassign Cancel FollowUp History Comment
      measurer: View Complete Decline ReportProblem Comment
      other measurer: -
      manager: View Comment
      other manager: -
      unlinked manager: -
      supervisor: View Reassign Cancel FollowUp History Comment
      observer: View History Comment
      nobody: -
    completed
      admin: View Restore FollowUp History Comment
      measurer: View Comment
      other measurer: -
      manager: View Comment
      other manager: -
      unlinked manager: -
      supervisor: View Restore FollowUp History Comment
      observer: View History Comment
      nobody: -
    cancelled by a person
      admin: View Restore History Comment
      measurer: View Comment
      other measurer: -
      manager: View Comment
      other manager: -
      unlinked manager: -
      supervisor: View Restore History Comment
      observer: View History Comment
      nobody: -
    cancelled in AmoCRM
      admin: View Restore History Comment
      measurer: View Comment
      other measurer: -
      manager: View Comment
      other manager: -
      unlinked manager: -
      supervisor: View Restore History Comment
      observer: View History Comment
      nobody: -
    ");
}

#[test]
fn who_may_look_after_what_is_no_measurement() {
    let mut table = String::new();
    for (name, actor) in actors() {
        let access = |role| check_access(&actor, Roles::NONE.with(role)).is_ok();
        let rights = [
            ("people", check_area(&actor, Area::People).is_ok()),
            ("measurers", access(Role::Measurer)),
            ("admins", access(Role::Admin)),
            ("failures", check_area(&actor, Area::Failures).is_ok()),
            ("all measurements", check_area(&actor, Area::Measurements).is_ok()),
        ];
        let may: Vec<_> = rights.into_iter().filter(|(_, may)| *may).map(|(right, _)| right).collect();
        let may = if may.is_empty() { "-".to_owned() } else { may.join(", ") };
        writeln!(table, "{name}: {may}").unwrap();
    }
    assert_snapshot!(table, @"
    admin: people, measurers, admins, failures, all measurements
    measurer: -
    other measurer: -
    manager: -
    other manager: -
    unlinked manager: -
    supervisor: people, measurers, failures, all measurements
    observer: all measurements
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
        (Transition::Accept, Action::Accept),
        (Transition::Start, Action::Start),
        (Transition::Complete, Action::Complete),
        (Transition::Decline(DeclineReason::Far), Action::Decline),
        (Transition::Cancel(CancelReason::Mistake), Action::Cancel),
        (Transition::Restore, Action::Restore),
        (Transition::ReportProblem(ProblemReason::NotReady), Action::ReportProblem),
        (Transition::ClearProblem, Action::ClearProblem),
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
fn what_was_done_is_taken_back_by_who_did_it_while_he_has_his_role() {
    let now = "2026-01-01T11:00:00Z".parse().unwrap();
    let may = |actor: &Actor, of: &Measurement| check(actor, Action::Undo, of);
    let (admin, measurer) = (actors()[0].1, actors()[1].1);
    let (supervisor, manager, other_manager) = (actors()[6].1, actors()[3].1, actors()[4].1);
    let moved = |status, by: Actor, transition| {
        measurement(status).apply(transition, &By::Person(by), now).unwrap().measurement
    };
    let statuses = statuses();
    let assigned = moved(statuses[0].1, admin, Transition::Assign(IVAN));
    assert_eq!(may(&admin, &assigned), Ok(()));
    for (who, refusal) in [
        (supervisor, Refusal::NotYourMove),
        (measurer, Refusal::NotYourMove),
        (manager, Refusal::NotYourMove),
        (other_manager, Refusal::NotYours),
        (actor(ADMIN, Role::Observer, None), Refusal::NotYourMove),
    ] {
        assert_eq!(may(&who, &assigned), Err(refusal), "{who:?}");
    }
    let declined = moved(statuses[1].1, measurer, Transition::Decline(DeclineReason::Far));
    assert_eq!((look(&measurer, &declined), may(&measurer, &declined)), (None, Ok(())));
    let accepted = moved(statuses[1].1, measurer, Transition::Accept);
    assert_eq!(may(&measurer, &accepted), Err(Refusal::WrongState), "who cannot go says so");
}

#[test]
fn while_a_problem_stands_the_office_may_have_the_measurer_go_again() {
    let (now, (_, assigned)) = ("2026-01-01T11:00:00Z".parse().unwrap(), statuses()[1]);
    let by = By::Person(actors()[1].1);
    let report = Transition::ReportProblem(ProblemReason::ClientAbsent);
    let troubled = measurement(assigned).apply(report, &by, now).unwrap().measurement;
    let may = |index: usize| actions(&actors()[index].1, &troubled);
    assert_eq!(
        may(0),
        [
            Action::View,
            Action::ClearProblem,
            Action::Reassign,
            Action::Cancel,
            Action::FollowUp,
            Action::History,
            Action::Comment
        ]
    );
    assert_eq!(
        may(1),
        [
            Action::View,
            Action::Accept,
            Action::Start,
            Action::Complete,
            Action::Decline,
            Action::Undo,
            Action::Comment
        ]
    );
    assert_eq!(may(3), [Action::View, Action::Comment]);
    assert_eq!(check(&actors()[1].1, Action::ClearProblem, &troubled), Err(Refusal::AdminOnly));
}

/// What is found must be what can be opened, for every mix of roles.
#[test]
fn a_person_sees_of_many_what_he_sees_of_each() {
    let roles = |mask: u8| -> Roles {
        let some = Role::ALL.into_iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
        some.map(|(_, role)| role).collect()
    };
    for mask in 0..1 << Role::ALL.len() {
        for (id, amo) in [(IVAN, None), (IVAN, Some(7)), (OLGA, Some(7)), (OLGA, Some(8)), (OLGA, None)] {
            let actor = Actor { id, roles: roles(mask), amo_user_id: amo.map(AmoUserId) };
            for (title, status) in statuses() {
                let measurement = measurement(status);
                let is_seen = match sight(&actor) {
                    Sight::Everything => true,
                    Sight::Own { measurer, responsible } => {
                        measurer.is_some_and(|id| measurement.measurer() == Some(id))
                            || responsible.is_some_and(|id| measurement.responsible == Some(id))
                    }
                };
                assert_eq!(is_seen, look(&actor, &measurement).is_some(), "{actor:?}, {title}");
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
    assert_eq!(refused(7, Action::Cancel), Err(Refusal::AdminOnly));
    assert_eq!(refused(8, Action::View), Err(Refusal::NoAccess));
}

#[test]
fn what_belongs_to_a_role_is_for_that_role() {
    let may = |index: usize, area| check_area(&actors()[index].1, area);
    assert_eq!(may(0, Area::Measurements), Ok(()));
    assert_eq!(may(0, Area::Visits), Err(Refusal::MeasurerOnly));
    assert_eq!(may(1, Area::Orders), Err(Refusal::ManagerOnly));
    assert_eq!(may(3, Area::Measurements), Err(Refusal::AdminOnly));
    assert_eq!(may(8, Area::Measurements), Err(Refusal::NoAccess));
    let supervisor = actors()[6].1;
    assert_eq!(check_access(&supervisor, Roles::NONE.with(Role::Admin)), Err(Refusal::AdminsByAdmin));
}
