//! While the database is away, locked, or chooses somebody else.

use sqlx::{Connection, PgConnection};

use super::*;
use crate::database;
use crate::test_relay::{Commit, Relay};
use crate::testing::somebody_waits;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_is_chosen_to_end_a_deadlock_is_done_again_at_once(db: PgPool) {
    let options = (*db.connect_options()).clone();
    let eager = database::pool(options.clone().options([("deadlock_timeout", "1500ms")]));
    let world = World::new(eager).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.arrive(&[world.about(lead, LeadAction::Delete)]).await;
    world.account.delete_deal(lead.0).unwrap();

    // Somebody holds the measurement, and then wants the deal, which the round holds by then.
    let mut other =
        PgConnection::connect_with(&options.options([("deadlock_timeout", "1min")])).await.unwrap();
    let mut crosswise = other.begin().await.unwrap();
    sqlx::query("select from measurements for update").execute(&mut *crosswise).await.unwrap();
    let crossing = async {
        somebody_waits(&db).await;
        sqlx::query("select from leads for update").execute(&mut *crosswise).await.unwrap();
        crosswise.rollback().await.unwrap();
    };
    let both = async { tokio::join!(world.round(), crossing).0 };
    timeout(Duration::from_secs(20), both).await.unwrap();
    assert_eq!(world.measurements().await, ["Окна | cancelled | +79161234567"]);
    assert_eq!(world.nudges().await, [], "settled in the same round");
    world.app().db.close().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_locked_deal_holds_up_no_other_and_is_taken_in_later(db: PgPool) {
    let impatient = (*db.connect_options()).clone().options([("lock_timeout", "300ms")]);
    let world = World::new(sqlx::postgres::PgPoolOptions::new().connect_lazy_with(impatient)).await;
    let (locked, free) = (world.measured("Двери"), world.measured("Окна"));
    world.arrive(&[world.added(locked)]).await;
    world.settle().await;
    world.arrive(&[world.about(locked, LeadAction::Delete), world.added(free)]).await;
    world.account.delete_deal(locked.0).unwrap();
    let mut locking = db.begin().await.unwrap();
    sqlx::query("select from leads where lead_id = $1 for update")
        .bind(locked.0)
        .execute(&mut *locking)
        .await
        .unwrap();
    world.round().await;
    let opened = ["Двери | pending | +79161234567", "Окна | pending | +79161234567"];
    assert_eq!(world.measurements().await, opened);
    let nudges = world.nudges().await;
    assert_eq!(nudges.len(), 1, "{nudges:?}");
    assert!(nudges[0].1.as_deref().unwrap().contains("lock timeout"), "{nudges:?}");

    locking.rollback().await.unwrap();
    world.pass(2);
    world.settle().await;
    assert_eq!(world.measurements().await[0], "Двери | cancelled | +79161234567");
    assert_eq!(world.nudges().await, []);
    world.app().db.close().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn deals_whose_commits_are_lost_or_have_no_answer_are_taken_in_once(db: PgPool) {
    let relay = Relay::before(&db).await;
    let world = World::new(database::pool(relay.options())).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    for commit in [Commit::Lost, Commit::AnswerLost, Commit::AnswerLost] {
        relay.on_next_commit(commit);
        let ended = timeout(Duration::from_secs(30), round::run(&world.syncer)).await.unwrap();
        assert_eq!(ended.is_err(), relay.has_met_the_commit(), "{commit:?}: {ended:?}");
    }
    relay.disarm();
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await, []);
    world.app().db.close().await;
}
