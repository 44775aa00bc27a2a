//! Entries into trigger stages.

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_whose_hook_never_came_is_opened_within_one_pass_and_once(db: PgPool) {
    let scene = Scene::started(db).await;
    let moved = scene.deal_elsewhere("Двери");
    scene.pass().await;
    scene.later(600);
    scene.world.measured("Окна");
    scene.world.account.move_deal(moved.0, demo::MEASUREMENT).unwrap();
    scene.pass().await;
    let expected = [OPENED, "Двери | pending | +79161234567"];
    let mut opened = scene.world.measurements().await;
    opened.sort_by(|one, other| other.cmp(one));
    assert_eq!(opened, expected);
    assert_eq!(scene.pass().await, 0, "there is nothing left to find");
    scene.later(60);
    assert_eq!(scene.pass().await, 0);
    assert_eq!(scene.world.measurements().await.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_went_through_the_stage_and_on_while_we_were_away_is_opened(db: PgPool) {
    let scene = Scene::started(db).await;
    let through = scene.deal_elsewhere("Окна");
    let added_inside = scene.world.measured("Двери");
    scene.later(1);
    scene.world.account.move_deal(through.0, demo::MEASUREMENT).unwrap();
    scene.later(1);
    scene.world.account.move_deal(through.0, demo::PRODUCTION).unwrap();
    scene.world.account.move_deal(added_inside.0, demo::PRODUCTION).unwrap();
    scene.later(86_400);
    let scene = scene.restarted(&[]).await;
    scene.pass().await;
    let moved_on: Vec<Option<String>> =
        sqlx::query_scalar("select moved_on_to from measurements order by lead_id")
            .fetch_all(&scene.world.app().db)
            .await
            .unwrap();
    assert_eq!(moved_on.len(), 2);
    assert!(moved_on.iter().all(Option::is_some), "the card warns of it: {moved_on:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_person_closed_stays_closed_whichever_of_hook_and_journal_tells_first(db: PgPool) {
    let scene = Scene::started(db).await;
    let anna = scene.admin().await;
    let by_hook = scene.world.measured("Окна");
    scene.world.arrive(&[scene.world.added(by_hook)]).await;
    scene.world.settle().await;
    let by_journal = scene.deal_elsewhere("Двери");
    scene.later(5);
    scene.world.account.move_deal(by_journal.0, demo::MEASUREMENT).unwrap();
    let late = scene.world.added(by_journal);
    scene.later(5);
    scene.world.account.move_deal(by_journal.0, demo::PRODUCTION).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await.len(), 2);

    scene.cancel(anna, by_hook).await;
    scene.cancel(anna, by_journal).await;
    scene.world.arrive(&[late]).await;
    for _ in 0..3 {
        scene.world.settle().await;
        scene.pass().await;
        scene.later(30);
    }
    let measurements = scene.world.measurements().await;
    assert_eq!(measurements.len(), 2);
    assert!(measurements.iter().all(|line| line.contains("cancelled")), "{measurements:?}");

    // Another entry is another matter.
    scene.world.account.move_deal(by_hook.0, demo::NEW).unwrap();
    scene.later(10);
    scene.world.account.move_deal(by_hook.0, demo::MEASUREMENT).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await.len(), 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_second_entry_beside_an_open_measurement_belongs_to_it(db: PgPool) {
    let scene = Scene::started(db).await;
    let anna = scene.admin().await;
    let lead = scene.world.measured("Окна");
    scene.pass().await;
    scene.later(100);
    for stage in [demo::NEW, demo::MEASUREMENT, demo::PRODUCTION] {
        scene.world.account.move_deal(lead.0, stage).unwrap();
        scene.later(5);
    }
    scene.pass().await;
    scene.cancel(anna, lead).await;
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Окна | cancelled | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_is_gone_by_now_opens_nothing(db: PgPool) {
    let scene = Scene::started(db).await;
    let deleted = scene.world.measured("Окна");
    scene.world.measured("Двери");
    scene.later(5);
    scene.world.account.delete_deal(deleted.0).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Двери | pending | +79161234567"]);
    // The journal tells of an entry, and by the time the deal is read it is not shown.
    let other = scene.world.measured("Балкон");
    scene.try_pass().await.unwrap();
    scene.world.account.delete_deal(other.0).unwrap();
    for _ in 0..40 {
        scene.world.settle().await;
        scene.later(300);
    }
    assert_eq!(scene.world.measurements().await, ["Двери | pending | +79161234567"]);
    assert_eq!(scene.world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn without_the_right_to_the_journal_changed_deals_tell_enough(db: PgPool) {
    let scene = Scene::started(db).await;
    scene.world.account.inject(Fault::Forbidden { path: "/api/v4/events".into() }).unwrap();
    let lead = scene.deal_elsewhere("Окна");
    scene.pass().await;
    scene.later(60);
    scene.world.account.move_deal(lead.0, demo::MEASUREMENT).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, [OPENED]);
}
