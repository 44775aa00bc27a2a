//! AmoCRM takes calls and does not answer.

use super::*;

const SOON: Duration = Duration::from_secs(20);

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_deal_waits_for_its_hook_behind_a_call_that_hangs(db: PgPool) {
    let world = World::new(db).await;
    let (first, second) = (world.measured("Окна"), world.measured("Двери"));
    world.account.inject(Fault::Latency { delay: Duration::from_mins(1) }).unwrap();
    world.arrive(&[world.added(first)]).await;
    let round = async {
        world.round().await;
        panic!("the call hangs for longer");
    };
    let meanwhile = async {
        // Nobody asked for this one when the call began.
        world.arrive(&[world.added(second)]).await;
        world.pass(11);
        while world.measurements().await.len() < 2 {}
    };
    tokio::select! {
        () = round => {}
        both = timeout(SOON, meanwhile) => both.expect("both open while the call hangs"),
    }
    let expected = ["Двери | pending | provisional", "Окна | pending | provisional"];
    let mut opened = world.measurements().await;
    opened.sort();
    assert_eq!(opened, expected);

    world.account.heal();
    world.pass(1);
    world.settle().await;
    assert_eq!(world.measurements().await.len(), 2);
    assert!(world.measurements().await.iter().all(|line| line.ends_with("| +79161234567")));
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_call_that_hangs_is_given_up_after_a_few_seconds(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::Latency { delay: Duration::from_mins(1) }).unwrap();
    world.arrive(&[world.added(lead)]).await;
    timeout(Duration::from_secs(9), world.round()).await.expect("five seconds are the limit");
    let error = "AmoCRM failed".to_owned();
    assert_eq!(world.nudges().await, [(lead.0, Some(error))]);
}
