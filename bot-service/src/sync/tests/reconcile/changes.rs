//! Deals that changed, and deals with an open measurement.

use simulator::amocrm::DealEdit;

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_changed_phone_reaches_the_open_measurement_without_a_hook(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.world.measured("Окна");
    scene.pass().await;
    scene.later(3_600);
    scene.world.account.edit_client_phone(lead.0, "8 495 765-43-21").unwrap();
    assert_eq!(scene.pass().await, 1);
    assert_eq!(scene.world.measurements().await, ["Окна | pending | +74957654321"]);
    assert_eq!(scene.pass().await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deletion_ends_the_measurement_and_a_restoration_brings_the_deal_back(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.world.measured("Окна");
    scene.pass().await;
    scene.later(86_400);
    scene.world.account.delete_deal(lead.0).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Окна | cancelled | +79161234567"]);
    assert_eq!(scene.pass().await, 0);
    scene.later(60);
    scene.world.account.restore_deal(lead.0).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Окна | cancelled | +79161234567", OPENED]);
    assert_eq!(scene.pass().await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_bin_tells_a_deletion_that_the_journal_does_not(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.world.measured("Окна");
    scene.pass().await;
    scene.world.account.inject(Fault::Forbidden { path: "/api/v4/events".into() }).unwrap();
    scene.world.account.delete_deal(lead.0).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Окна | cancelled | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_closed_deal_ends_its_measurement(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.world.measured("Окна");
    scene.pass().await;
    scene.later(60);
    scene.world.account.move_deal(lead.0, demo::REFUSED).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Окна | cancelled | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_second_change_within_the_same_second_is_seen(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.deal_elsewhere("Окна");
    scene.world.arrive(&[scene.world.about(lead, LeadAction::Update)]).await;
    scene.world.settle().await;
    scene.world.account.inject(Fault::Forbidden { path: "/api/v4/events".into() }).unwrap();
    scene.world.account.move_deal(lead.0, demo::REFUSED).unwrap();
    scene.pass().await;
    let status: i64 = sqlx::query_scalar("select status_id from leads where lead_id = $1")
        .bind(lead.0)
        .fetch_one(&scene.world.app().db)
        .await
        .unwrap();
    assert_eq!(status, demo::REFUSED.status);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_of_one_second_are_all_read(db: PgPool) {
    let scene = Scene::started(db).await;
    for n in 0..520 {
        scene.world.deal(Deal::named(n.to_string()).stage(demo::MEASUREMENT));
    }
    assert!(scene.pass().await >= 520);
    assert_eq!(scene.world.measurements().await.len(), 520);
    let known: i64 =
        sqlx::query_scalar("select count(*) from leads").fetch_one(&scene.world.app().db).await.unwrap();
    assert_eq!(known, 521);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_cannot_be_read_holds_back_no_other(db: PgPool) {
    let scene = Scene::started(db).await;
    let broken = scene.world.measured("Сломанная");
    scene.world.account.inject(Fault::BrokenLead { lead: broken.0 }).unwrap();
    scene.world.measured("Окна");
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, [OPENED]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_was_read_already_is_not_read_again(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.world.measured("Окна");
    scene.pass().await;
    scene.later(60);
    scene.world.account.edit_deal(lead.0, DealEdit::default().name("Окна и двери")).unwrap();
    scene.world.arrive(&[scene.world.about(lead, LeadAction::Update)]).await;
    assert_eq!(scene.try_pass().await.unwrap(), 0, "its hook waits to be dealt with");
    scene.world.settle().await;
    assert_eq!(scene.pass().await, 0);
    assert_eq!(scene.world.measurements().await, ["Окна и двери | pending | +79161234567"]);
}
