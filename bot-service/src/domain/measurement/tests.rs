//! Any sequence of moves by anyone. After each:
//!
//! 1. A refusal changes nothing, and a move raises the step by one and touches nothing but the status,
//!    the mark of a problem and what can be taken back.
//! 2. A person's move goes through exactly when its button is shown to him.
//! 3. Only administrators assign, cancel, restore and clear problems; only the measurer himself accepts, starts,
//!    completes and reports problems.
//! 4. What is over stays as it is, unless an administrator opens it again; who had completed it is remembered then.
//! 5. What is assigned, under way or completed has a measurer, what is pending has none, and cancelling keeps him.
//! 6. Assigned, accepted, started, ended: in this order, and none of it in the future.
//! 7. A problem stands only beside work that somebody has, and only since he reported it.
//! 8. Whoever made the last move takes it back within ten minutes, once, and all is as it was before.
//! 9. The history tells the same story: each line leads from the status before to the one after.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::user::{Role, Roles};

const OURS: AmoUserId = AmoUserId(7);

fn actor(id: i64, roles: impl IntoIterator<Item = Role>, amo: Option<AmoUserId>) -> Actor {
    Actor { id: UserId(id), roles: roles.into_iter().collect::<Roles>(), amo_user_id: amo }
}

fn people() -> Vec<Actor> {
    vec![
        actor(1, [Role::Admin], None),
        actor(2, [Role::Supervisor, Role::Measurer], None),
        actor(3, [Role::Measurer], None),
        actor(4, [Role::Measurer, Role::Manager], Some(OURS)),
        actor(5, [Role::Manager], Some(AmoUserId(8))),
        actor(6, [], Some(OURS)),
    ]
}

#[derive(Debug, Clone, Copy)]
struct Attempt {
    transition: Transition,
    by: By,
    seconds: i64,
}

fn transitions() -> impl Strategy<Value = Transition> {
    let ends = [DealEnd::Closed, DealEnd::Deleted].map(Transition::EndWithDeal);
    let to = (1..=6_i64).prop_map(|id| Transition::Assign(UserId(id)));
    let others = [
        Transition::Accept,
        Transition::Start,
        Transition::Complete,
        Transition::Cancel(CancelReason::Duplicate),
        Transition::Restore,
        Transition::Return,
        Transition::ReportProblem(ProblemReason::ClientAbsent),
        Transition::ClearProblem,
        Transition::Undo,
    ];
    prop_oneof![3 => to, 10 => select(others.to_vec()), 1 => select(ends.to_vec())]
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let by = prop_oneof![
        8 => select(people()).prop_map(By::Person),
        1 => Just(By::AmoCrm),
        1 => Just(By::Rule),
        1 => (1..=6_i64).prop_map(|id| By::ConsequenceOf(UserId(id))),
    ];
    let attempt = (transitions(), by, prop_oneof![9 => 0..100_i64, 1 => 600..700_i64])
        .prop_map(|(transition, by, seconds)| Attempt { transition, by, seconds });
    vec(attempt, 0..40)
}

fn opened(at: DateTime<Utc>) -> Measurement {
    let parts = MeasurementParts {
        id: MeasurementId(12),
        lead_id: LeadId(1),
        origin: Origin::AmoCrm,
        previous_id: None,
        problem: None,
        undoable: None,
        responsible: Some(OURS),
        facts: Facts::default(),
        moved_on_to: None,
        is_provisional: false,
        created_at: at,
    };
    Measurement::restored(parts, Status::Pending, 0)
}

fn check_right(before: &Measurement, transition: Transition, actor: &Actor) {
    match transition {
        Transition::Accept | Transition::Start | Transition::Complete | Transition::ReportProblem(_) => {
            assert_eq!(before.measurer(), Some(actor.id));
            assert!(actor.roles.has(Role::Measurer));
        }
        Transition::Undo => assert_eq!(before.undoable().map(|last| last.by), Some(actor.id)),
        _ => assert!(actor.roles.distributes()),
    }
}

fn check_status(status: &Status, now: DateTime<Utc>) {
    let (assigned_at, started_at) = (status.assignment().map(|a| a.at), status.started_at());
    let accepted_at = status.assignment().and_then(|a| a.accepted_at);
    let ended_at = match status {
        Status::Completed { at, .. } | Status::Cancelled { at, .. } => Some(*at),
        _ => None,
    };
    let times: Vec<_> =
        [assigned_at, accepted_at, started_at, ended_at].into_iter().flatten().chain([now]).collect();
    assert!(times.is_sorted(), "{status:?}");
    match status {
        Status::Pending => assert_eq!(status.assignment(), None),
        Status::Cancelled { .. } => {}
        _ => assert!(assigned_at.is_some()),
    }
}

fn check_problem(before: &Measurement, what: &What, after: &Measurement, now: DateTime<Utc>) {
    if matches!(what, What::Undone { .. }) {
        // What stood before stands again.
    } else if let What::ProblemReported { reason, .. } = what {
        assert_eq!(before.problem(), None);
        assert_eq!(after.problem(), Some(&Problem { reason: *reason, text: None, at: now }));
    } else if after.problem().is_some() {
        assert_eq!(before.problem(), after.problem());
        assert!(matches!(what, What::Accepted | What::Started), "{what:?}");
    }
    let kind = after.status().kind();
    let is_somebodys = matches!(kind, StatusKind::Assigned | StatusKind::InProgress);
    assert!(after.problem().is_none() || is_somebodys, "{after:?}");
}

/// `earlier` is the measurement before the last move.
fn check_undo(
    earlier: &Measurement,
    before: &Measurement,
    what: &What,
    after: &Measurement,
    now: DateTime<Utc>,
) {
    let What::Undone { of, from, to, status } = what else {
        assert!(
            after.undoable().is_none_or(|last| (&last.what, last.at, last.step) == (what, now, after.step()))
        );
        return;
    };
    assert_eq!((after.status(), after.problem()), (earlier.status(), earlier.problem()));
    assert_eq!((*from, *to, *status), (before.measurer(), after.measurer(), after.status().kind()));
    let last = before.undoable().expect("it was the last");
    assert_eq!(**of, last.what);
    assert!(now <= last.at + UNDO_WITHIN && after.undoable().is_none());
}

fn check_line(before: &Measurement, what: &What, after: &Measurement) {
    use StatusKind::{Assigned, Cancelled, Completed, InProgress, Pending};
    let kinds = (before.status().kind(), after.status().kind());
    let (from, to) = (before.measurer(), after.measurer());
    match (kinds, what) {
        (_, What::Undone { .. }) | ((Cancelled, Pending), What::Restored { from: None }) => {}
        ((Pending, Assigned), What::Assigned { to: told, .. }) => assert_eq!(to, Some(*told)),
        ((Assigned | InProgress, Assigned), What::Reassigned { from: left, to: came }) => {
            assert_eq!((from, to), (Some(*left), Some(*came)));
            assert_ne!(from, to);
        }
        ((Assigned, Assigned), What::Accepted) => {
            let accepted = |of: &Measurement| of.status().assignment().and_then(|a| a.accepted_at).is_some();
            assert_eq!((from, accepted(before), accepted(after)), (to, false, true));
        }
        ((Assigned, InProgress), What::Started)
        | ((Assigned | InProgress, Completed), What::Completed)
        | (
            (Assigned, Assigned) | (InProgress, InProgress),
            What::ProblemReported { .. } | What::ProblemCleared,
        ) => {
            assert_eq!(from, to);
        }
        ((Pending | Assigned | InProgress, Cancelled), What::Cancelled { because, reason, text: None }) => {
            assert_eq!(from, to);
            let Status::Cancelled { by, .. } = after.status() else { unreachable!("it is cancelled") };
            assert_eq!(matches!(by, Canceller::AmoCrm(end) if Some(*end) == *because), because.is_some());
            assert_ne!(because.is_some(), reason.is_some());
        }
        ((Completed, Pending), What::Restored { from: completed }) => assert_eq!(from, *completed),
        ((Assigned | InProgress, Pending), What::Returned { from: left }) => assert_eq!(from, Some(*left)),
        other => panic!("no such move: {other:?}"),
    }
}

proptest! {
    #[test]
    fn no_sequence_of_moves_by_anyone_breaks_what_always_holds(attempts in attempts()) {
        let mut now = "2026-01-01T09:00:00Z".parse().unwrap();
        let mut measurement = opened(now);
        let mut earlier = measurement.clone();
        for Attempt { transition, by, seconds } in attempts {
            now += chrono::TimeDelta::seconds(seconds);
            let before = measurement.clone();
            let shown = match &by {
                By::Person(actor) => permissions::actions(actor, &before).contains(&transition.action(&before)),
                By::AmoCrm | By::Rule | By::ConsequenceOf(_) => true,
            };
            match before.clone().apply(transition, &by, now) {
                Ok(Moved { measurement: after, what }) => {
                    prop_assert!(shown, "{transition:?} by {by:?} has no button");
                    if let By::Person(actor) = &by {
                        check_right(&before, transition, actor);
                    }
                    check_line(&before, &what, &after);
                    check_status(after.status(), now);
                    check_problem(&before, &what, &after, now);
                    check_undo(&earlier, &before, &what, &after, now);
                    let (status, problem, undoable) =
                        (*after.status(), after.problem.clone(), after.undoable.clone());
                    let step = before.step + 1;
                    let only_moved = Measurement { status, step, problem, undoable, ..before.clone() };
                    prop_assert_eq!(&only_moved, &after);
                    (earlier, measurement) = (before, after);
                }
                Err(refusal) => {
                    let is_his = matches!(transition, Transition::Assign(to) if before.measurer() == Some(to));
                    let told = refusal == Refusal::AlreadyTheMeasurer && is_his || refusal == Refusal::TooLate;
                    // A person who asks for what is no person's move is refused, too: it has no button.
                    let of_persons =
                        !matches!(transition, Transition::Return | Transition::EndWithDeal(_));
                    if let By::Person(_) = &by {
                        prop_assert!(!shown || told || !of_persons, "{transition:?} by {by:?}: {refusal}");
                    }
                }
            }
        }
    }
}
