use std::collections::BTreeSet;

use super::deals::{DealAct, Place, Telling};
use super::faults::Fault;
use super::*;

#[test]
fn the_same_seed_is_the_same_plan_and_another_seed_another() {
    let plan = |seed| Plan::draw(seed, Size::SHORT).to_string();
    assert_eq!(plan(7), plan(7));
    assert_ne!(plan(7), plan(8));
}

#[test]
fn every_short_plan_holds_what_it_must() {
    for seed in 0..50 {
        let plan = Plan::draw(seed, Size::SHORT);
        assert!(plan.faults.len() >= 40, "seed {seed}: {} faults", plan.faults.len());
        let broker = plan.faults.iter().filter(|fault| matches!(fault.what, Fault::KillBroker { .. }));
        assert!((1..=5).contains(&broker.count()), "seed {seed}");
        let naps = plan.faults.iter().filter(
            |fault| matches!(fault.what, Fault::Freeze { time, .. } if time >= Duration::from_secs(20)),
        );
        assert_eq!(naps.count(), 1, "seed {seed}");
        let kinds: BTreeSet<_> = plan.faults.iter().map(|fault| fault.what.kind()).collect();
        assert!(kinds.len() >= 10, "seed {seed} has only {kinds:?}");
        let hooks = hooks(&plan);
        assert!(hooks >= 2_400, "seed {seed} raises {hooks} hooks only");
        let deals: BTreeSet<_> = plan.deals.iter().map(|step| step.what.deal).collect();
        assert_eq!(deals.len(), 300, "seed {seed}");
    }
}

/// As the simulated AmoCRM tells of them: a change of stage is an update too.
fn hooks(plan: &Plan) -> usize {
    let raised = |act| match act {
        DealAct::Move { .. } => 2,
        _ => 1,
    };
    let copies = |telling| match telling {
        Telling::Twice => 2,
        _ => 1,
    };
    plan.deals.iter().map(|step| raised(step.what.act) * copies(step.what.telling)).sum()
}

#[test]
fn a_deal_is_created_before_anything_else_and_never_moved_after_it_was_deleted() {
    let plan = Plan::draw(3, Size::SHORT);
    let mut born = BTreeSet::new();
    let mut gone = BTreeSet::new();
    for step in &plan.deals {
        let deal = step.what.deal;
        match step.what.act {
            DealAct::Create { .. } => assert!(born.insert(deal), "deal {deal} was created twice"),
            DealAct::Delete => drop(gone.insert(deal)),
            DealAct::Move { to: Place::Measurement } => assert!(!gone.contains(&deal), "deal {deal} is gone"),
            _ => assert!(born.contains(&deal), "deal {deal} does not exist yet"),
        }
    }
}

#[test]
fn a_long_run_has_one_long_outage_of_the_broker() {
    let long = Plan::draw(1, Size::of(Duration::from_mins(30)));
    let outages = long
        .faults
        .iter()
        .filter(|fault| matches!(fault.what, Fault::KillBroker { down } if down > Duration::from_mins(11)));
    assert_eq!(outages.count(), 1);
    assert!(long.faults.len() > 500);
}
