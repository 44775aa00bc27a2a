use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const IVAN: UserId = UserId(1);
const PETR: UserId = UserId(2);
const OLEG: UserId = UserId(3);
const ANNA: UserId = UserId(4);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn candidate(id: UserId, open: i64, proposed: i64, last: Option<i64>) -> Candidate {
    Candidate { id, open, proposed, last: last.map(at), why_not: None }
}

fn everybody() -> Vec<Candidate> {
    vec![candidate(IVAN, 2, 0, None), candidate(PETR, 0, 1, Some(5)), candidate(OLEG, 1, 0, Some(3))]
}

fn basis() -> Basis {
    Basis {
        dealer: Some(("Окна Плюс".into(), IVAN)),
        zones: vec![("Север".into(), vec![OLEG, IVAN])],
        measurers: everybody(),
    }
}

fn named(rules: Rules, basis: &Basis) -> Option<(UserId, Rule)> {
    choose(&rules, basis, None).map(|proposal| (proposal.measurer, proposal.rule))
}

#[test]
fn the_first_rule_that_is_on_and_names_somebody_decides() {
    let all = Rules::default();
    assert_eq!(named(all, &basis()), Some((IVAN, Rule::Dealer)));
    let no_dealer = Rules { dealer: Mode::Off, ..all };
    assert_eq!(named(no_dealer, &basis()), Some((OLEG, Rule::Zone)));
    let turn = Rules { zone: Mode::Off, ..no_dealer };
    assert_eq!(named(turn, &basis()), Some((OLEG, Rule::Turn)), "as busy as Petr, but it is longer ago");
    assert_eq!(named(Rules { turn: Mode::Off, ..turn }, &basis()), None);
    assert_eq!(named(all, &Basis::default()), None);
}

#[test]
fn a_proposal_tells_why_and_who_is_next_and_who_was_passed_over() {
    let mut basis = basis();
    basis.measurers[0].why_not = Some(WhyNot::Away);
    basis.measurers.push(Candidate { why_not: Some(WhyNot::Disabled), ..candidate(ANNA, 0, 0, None) });
    basis.zones[0].1.push(ANNA);
    let proposal = choose(&Rules::default(), &basis, None).unwrap();
    assert_eq!(
        proposal,
        Proposal {
            measurer: OLEG,
            rule: Rule::Zone,
            name: Some("Север".into()),
            busy: 1,
            last: Some(at(3)),
            next: vec![(PETR, 1)],
            passed: vec![(IVAN, WhyNot::Away), (ANNA, WhyNot::Disabled)],
        }
    );
}

#[test]
fn who_is_proposed_stays_while_his_rule_could_name_him() {
    let turn = Rules { dealer: Mode::Off, zone: Mode::Off, turn: Mode::Propose };
    let kept = choose(&turn, &basis(), Some((IVAN, Rule::Turn))).unwrap();
    assert_eq!((kept.measurer, kept.next), (IVAN, vec![(OLEG, 1), (PETR, 1)]));
    let mut basis = basis();
    basis.measurers[0].why_not = Some(WhyNot::Declined);
    assert_eq!(choose(&turn, &basis, Some((IVAN, Rule::Turn))).unwrap().measurer, OLEG);
    let moved = choose(&Rules::default(), &basis, Some((PETR, Rule::Turn))).unwrap();
    assert_eq!((moved.measurer, moved.rule), (OLEG, Rule::Zone), "the deal has a zone by now");
}

#[test]
fn ten_deals_are_proposed_in_turn() {
    let rules = Rules { dealer: Mode::Off, zone: Mode::Off, turn: Mode::Propose };
    let mut measurers =
        vec![candidate(IVAN, 0, 0, None), candidate(PETR, 0, 0, None), candidate(OLEG, 0, 0, None)];
    let mut order = Vec::new();
    for second in 0..10 {
        let basis = Basis { measurers: measurers.clone(), ..Basis::default() };
        let proposal = choose(&rules, &basis, None).unwrap();
        order.push(proposal.measurer.0);
        let chosen = measurers.iter_mut().find(|one| one.id == proposal.measurer).unwrap();
        (chosen.proposed, chosen.last) = (chosen.proposed + 1, Some(at(second)));
    }
    assert_eq!(order, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]);
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let why = select(vec![None, None, Some(WhyNot::Away), Some(WhyNot::Disabled), Some(WhyNot::Declined)]);
    let one = (0..4_i64, 0..3_i64, proptest::option::of(0..9_i64), why);
    vec(one, 0..6).prop_map(|all| {
        let numbered = all.into_iter().zip(1..);
        numbered
            .map(|((open, proposed, last, why_not), id)| Candidate {
                why_not,
                ..candidate(UserId(id), open, proposed, last)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn only_who_can_go_is_named_or_next_and_nobody_twice(measurers in candidates(), of_zone in vec(1..7_i64, 0..4)) {
        let zones = vec![("Север".to_owned(), of_zone.into_iter().map(UserId).collect())];
        let basis = Basis { dealer: Some(("Окна".into(), UserId(2))), zones, measurers };
        let able: Vec<_> = basis.measurers.iter().filter(|one| one.why_not.is_none()).map(|one| one.id).collect();
        let found = choose(&Rules::default(), &basis, None);
        prop_assert_eq!(found.is_some(), !able.is_empty());
        if let Some(proposal) = found {
            let mut all: Vec<_> = proposal.next.iter().map(|(id, _)| *id).collect();
            all.push(proposal.measurer);
            prop_assert!(all.iter().all(|id| able.contains(id)));
            prop_assert_eq!(all.len(), able.len().min(1 + NEXT));
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), able.len().min(1 + NEXT), "nobody twice");
        }
    }
}
