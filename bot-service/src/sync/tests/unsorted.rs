//! With no triggers configured every stage opens a measurement, but «Неразобранное».

use simulator::amocrm::Answer;

use super::*;

const SOON: Duration = Duration::from_secs(20);
const LONG: Duration = Duration::from_hours(1);

/// No triggers, with a token.
async fn open_to_all(db: PgPool) -> World {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    World::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN), ("MEASUREMENT_TRIGGERS", "")]).await
}

/// The hooks of a deal in «Неразобранное» and of one that somebody has taken up.
async fn a_backlog(world: &World) {
    let unsorted = world.deal(Deal::named("Заявка").stage(demo::UNSORTED));
    let new = world.deal(Deal::named("Окна").stage(demo::NEW));
    world.arrive(&[world.added(unsorted), world.added(new)]).await;
    world.pass(3_600);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_waits_at_the_first_start_opens_nothing_in_unsorted(db: PgPool) {
    let world = open_to_all(db).await;
    a_backlog(&world).await;
    // The stages come later than any deal would.
    let answer = Answer::Hang { delay: Duration::from_secs(1) };
    let path = Some("/api/v4/leads/pipelines".to_owned());
    world.account.inject(Fault::Next { count: 1, path, answer }).unwrap();
    let stop = CancellationToken::new();
    let mut running = JoinSet::new();
    running.spawn(run(world.app().clone(), world.syncer.fence.clone(), stop.clone()));
    let settled = async { while !world.nudges().await.is_empty() {} };
    timeout(SOON, settled).await.expect("a backlog is worked off within a moment");
    assert_eq!(world.measurements().await, ["Окна | pending"]);
    stop.cancel();
    timeout(SOON, running.join_next()).await.expect("a stop takes a moment").unwrap().unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_amocrm_that_is_away_holds_up_no_deal_for_its_stages(db: PgPool) {
    let world = open_to_all(db).await;
    let new = world.deal(Deal::named("Окна").stage(demo::NEW));
    world.arrive(&[world.added(new)]).await;
    world.account.inject(Fault::Down { status: 502 }).unwrap();
    let waiting = nudges::wait_for_stages(&world.syncer, Duration::from_millis(50));
    timeout(SOON, waiting).await.expect("it has a limit");
    world.pass(10);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_waits_for_stages_that_are_known_or_cannot_be(db: PgPool) {
    let mut world = open_to_all(db).await;
    lists::mirror(&world).await.unwrap();
    timeout(SOON, nudges::wait_for_stages(&world.syncer, LONG)).await.expect("they are known");
    sqlx::query("delete from amo_stages").execute(&world.app().db).await.unwrap();
    world.syncer.gateway = None;
    timeout(SOON, nudges::wait_for_stages(&world.syncer, LONG)).await.expect("there is no token");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_waits_for_stages_beside_configured_triggers(db: PgPool) {
    let world = World::new(db).await;
    timeout(SOON, nudges::wait_for_stages(&world.syncer, LONG)).await.expect("they are of no use");
}
