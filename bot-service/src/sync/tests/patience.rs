//! AmoCRM answers, and what was asked for is not in its answer.

use simulator::amocrm::Answer;

use super::*;

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
    world.account.delete_deal(lead.0).unwrap();
    world.arrive(&[hook]).await;
    for _ in 0..100 {
        world.settle().await;
        world.pass(5);
    }
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
    world.account.restore_deal(lead.0).unwrap();
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
    world.account.delete_deal(lead.0).unwrap();
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
