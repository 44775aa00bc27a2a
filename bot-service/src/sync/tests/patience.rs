//! AmoCRM answers, and what was asked for is not in its answer.

use simulator::amocrm::Answer;

use super::*;
use crate::sync::trouble::MISSING;

/// AmoCRM answers so often that there is nothing under the path.
fn hide(world: &World, path: &str, count: u32) {
    let path = Some(format!("/api/v4/{path}"));
    world.account.inject(Fault::Next { count, path, answer: Answer::Empty { status: 204 } }).unwrap();
}

/// Hooks of one deal within a moment, each of which makes it read at once.
async fn a_burst(world: &World, lead: LeadId, hooks: usize) {
    for _ in 0..hooks {
        world.arrive(&[world.added(lead)]).await;
        world.settle().await;
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_burst_of_hooks_does_not_use_up_the_patience_with_a_deal_that_is_not_shown(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    hide(&world, "leads", 8);
    a_burst(&world, lead, 8).await;
    assert_eq!(world.measurements().await, [""; 0]);
    world.pass(2);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_burst_of_hooks_does_not_use_up_the_patience_with_a_contact_that_is_not_shown(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    hide(&world, "contacts", 8);
    a_burst(&world, lead, 8).await;
    assert_eq!(world.measurements().await, ["Окна | pending"]);
    world.pass(2);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_hook_does_not_shorten_the_patience(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    // Nobody led meanwhile.
    world.pass(3_600);
    hide(&world, "leads", 6);
    a_burst(&world, lead, 6).await;
    assert_eq!(world.measurements().await, [""; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_contact_that_is_never_shown_is_given_up(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    hide(&world, "contacts", 100);
    world.arrive(&[world.added(lead)]).await;
    for _ in 0..100 {
        world.settle().await;
        world.pass(5);
    }
    assert_eq!(world.measurements().await, ["Окна | pending"]);
    assert_eq!(world.nudges().await, []);
    assert!(world.calls("contacts") <= 8, "it is asked ever more rarely");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_hidden_from_us_is_taken_from_its_hook_and_completed_when_it_is_shown(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    let hook = world.added(lead);
    world.account.inject(Fault::HiddenLead { lead: lead.0 }).unwrap();
    world.arrive(&[hook]).await;
    for _ in 0..100 {
        world.settle().await;
        world.pass(5);
    }
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
    world.account.heal();
    world.pass(1_800);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_hidden_from_us_for_good_is_not_asked_for_without_end(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    let hook = world.added(lead);
    world.account.inject(Fault::HiddenLead { lead: lead.0 }).unwrap();
    world.arrive(&[hook]).await;
    for _ in 0..10 {
        world.settle().await;
        world.pass(1_800);
    }
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_hidden_from_us_is_taken_from_its_hook_however_long_nobody_looked(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    hide(&world, "leads", 2);
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.pass(7_200);
    world.round().await;
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_lies_in_the_bin_opens_nothing_though_no_hook_told_of_its_deletion(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.account.delete_deal(lead.0).unwrap();
    world.settle().await;
    assert_eq!(world.nudges().await.len(), 1, "it may be too new to be shown");
    world.pass(2);
    world.settle().await;
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.measurements().await, [""; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurement_taken_from_a_hook_ends_once_its_deal_is_found_in_the_bin(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::Down { status: 503 }).unwrap();
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.pass(15);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
    world.account.delete_deal(lead.0).unwrap();
    world.account.bring_up();
    for _ in 0..2 {
        world.pass(60);
        world.settle().await;
    }
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.measurements().await, ["Окна | cancelled | provisional"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_bin_that_cannot_be_read_holds_up_nothing(db: PgPool) {
    let world = World::new(db).await;
    let (hidden, shown) = (world.measured("Окна"), world.measured("Двери"));
    world.account.delete_deal(hidden.0).unwrap();
    world.arrive(&[world.added(hidden)]).await;
    world.settle().await;
    world.pass(2);
    for answer in [Answer::Hang { delay: Duration::ZERO }, Answer::Html { status: 502 }] {
        world
            .account
            .inject(Fault::Next { count: 1, path: Some("/api/v4/leads".to_owned()), answer })
            .unwrap();
    }
    world.arrive(&[world.added(shown)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Двери | pending | +79161234567"]);
    assert_eq!(world.nudges().await, [(hidden.0, Some(MISSING.to_owned()))]);
    world.pass(60);
    world.settle().await;
    assert_eq!(world.nudges().await, []);
}
