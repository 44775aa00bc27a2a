//! The nightly look at every deal in a trigger stage.

use super::*;

/// Four in the morning of the next day, in the zone of the configuration.
fn to_the_next_night(scene: &Scene) {
    let zone = scene.world.app().timezone();
    let now = scene.world.app().now().with_timezone(&zone);
    let tomorrow = now.date_naive().succ_opt().unwrap().and_hms_opt(4, 0, 0).unwrap();
    let at = tomorrow.and_local_timezone(zone).unwrap();
    scene.later((at - now).num_seconds());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_missed_is_opened_and_told_once_and_nothing_is_not_told(db: PgPool) {
    let scene = Scene::started(db).await;
    scene.admin().await;
    scene.world.measured("Двери");
    scene.pass().await;
    to_the_next_night(&scene);
    scene.pass().await;
    assert_eq!(scene.alerts().await, [json!(null); 0], "nothing was missed");

    scene.later(60);
    scene.world.measured("Окна");
    // As if neither the journal nor the list of changes had shown it.
    scene.later(3_600);
    let read = "update settings set value = value || '{\"journal\": 1800900000, \"leads\": 1800900000}'
                where name = 'reconciliation'";
    scene.execute(read).await;
    assert_eq!(scene.pass().await, 0, "this night's run is over");
    to_the_next_night(&scene);
    assert_eq!(scene.pass().await, 1);
    assert_eq!(scene.world.measurements().await[1..], [OPENED]);
    assert_eq!(scene.alerts().await, [json!({ "alert": "deals_were_missed", "deals": 1 })]);
    scene.later(600);
    assert_eq!(scene.pass().await, 0);
    assert_eq!(scene.alerts().await.len(), 1);
}
