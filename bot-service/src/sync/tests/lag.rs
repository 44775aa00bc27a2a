//! AmoCRM's answers lag behind its hooks.

use simulator::amocrm::Answer;
use simulator::clock::Clock;

use super::*;
use crate::actions::measurements;
use crate::domain::measurement::{CancelReason, Transition};
use crate::storage::measurements as stored;
use crate::sync::trouble::BEHIND;

/// A deal that came into the stage of measurements ten seconds after what AmoCRM shows of it.
async fn lagging(db: PgPool) -> (World, LeadId) {
    let clock = Clock::real();
    let account = Simulator::start(Options::demo().without_limits().clock(clock.clone())).await.unwrap();
    let world = World::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN)]).await;
    let lead = world.deal(Deal::named("Окна").stage(demo::NEW).client("Иван", "89161234567"));
    world.account.inject(Fault::StaleLead { lead: lead.0 }).unwrap();
    clock.advance(TimeDelta::seconds(10));
    world.account.move_deal(lead.0, demo::MEASUREMENT).unwrap();
    (world, lead)
}

async fn cancelled_by_a_person(world: &World, lead: LeadId) {
    let conn = &mut *world.app().db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let id = stored::find_last_of_lead(conn, lead).await.unwrap().unwrap();
    measurements::transit(conn, &anna, (id, 0), Transition::Cancel(CancelReason::Mistake), world.app().now())
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_older_than_the_hook_is_asked_for_again(db: PgPool) {
    let (world, lead) = lagging(db).await;
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    assert_eq!(world.nudges().await, [(lead.0, Some(BEHIND.to_owned()))]);
    assert_eq!((world.measurements().await.len(), world.calls("contacts")), (0, 0));

    world.account.heal();
    world.pass(2);
    world.settle().await;
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(moved_on_to(&world).await, None, "it is where its hook says");

    cancelled_by_a_person(&world, lead).await;
    world.arrive(&[world.about(lead, LeadAction::Update)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await.len(), 1, "being there is no second entry");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_burst_of_hooks_does_not_use_up_the_patience(db: PgPool) {
    let (world, lead) = lagging(db).await;
    for _ in 0..8 {
        world.arrive(&[world.added(lead)]).await;
        world.settle().await;
    }
    assert_eq!(world.measurements().await, [""; 0]);
    world.account.heal();
    world.pass(2);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_that_stays_behind_is_taken_with_the_hook_over_it(db: PgPool) {
    let (world, lead) = lagging(db).await;
    world.arrive(&[world.added(lead)]).await;
    for _ in 0..30 {
        world.settle().await;
        world.pass(5);
    }
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(moved_on_to(&world).await, None);
    assert!(world.calls("leads") < 12, "it is asked ever more rarely");

    cancelled_by_a_person(&world, lead).await;
    world.account.heal();
    world.arrive(&[world.about(lead, LeadAction::Update)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await.len(), 1, "the hook's stage was remembered");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_time_of_receiving_is_no_time_of_a_change(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.pass(1_000_000_000);
    let thin = json!({ "name": "Окна и двери" });
    let subject = Subject::Lead { lead_id: lead, action: LeadAction::Other, changed_at: None, entry: None };
    world.arrive(&[world.event(subject, thin)]).await;
    world.settle().await;
    assert_eq!(world.nudges().await, []);
}

async fn moved_on_to(world: &World) -> Option<String> {
    let query = sqlx::query_scalar("select moved_on_to from measurements");
    query.fetch_one(&world.app().db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lag_leaves_the_patience_with_the_contact_as_it_was(db: PgPool) {
    let (world, lead) = lagging(db).await;
    world.arrive(&[world.added(lead)]).await;
    for _ in 0..20 {
        world.settle().await;
        world.pass(5);
    }
    assert_eq!(world.nudges().await, [(lead.0, Some(BEHIND.to_owned()))]);
    world.account.heal();
    let path = Some("/api/v4/contacts".to_owned());
    world.account.inject(Fault::Next { count: 1, path, answer: Answer::Empty { status: 204 } }).unwrap();
    world.pass(30);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending"]);
    world.pass(2);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_that_lags_behind_an_old_hook_is_asked_for_again_too(db: PgPool) {
    let (world, lead) = lagging(db).await;
    world.arrive(&[world.added(lead)]).await;
    // Nobody led meanwhile.
    world.pass(3_600);
    world.settle().await;
    assert_eq!(world.nudges().await, [(lead.0, Some(BEHIND.to_owned()))]);
}
