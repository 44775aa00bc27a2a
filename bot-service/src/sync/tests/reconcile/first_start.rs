//! Deals that stood in a trigger stage before the first look at it.

use crate::actions::views::RecordedChoice;
use crate::actions::{ActionError, Refused, recorded};
use crate::domain::permissions::Refusal;

use super::*;

const DAY: i64 = 86_400;

/// One deal that changed ten days ago, two of this week, one elsewhere.
async fn with_history(db: PgPool) -> Scene {
    let scene = Scene::new(db).await;
    scene.world.measured("Старая");
    scene.later(10 * DAY);
    scene.world.measured("Окна");
    scene.world.measured("Двери");
    scene.deal_elsewhere("Другая");
    scene
}

async fn decide(scene: &Scene, actor: Actor, choice: RecordedChoice) -> Result<i64, ActionError> {
    let recording = scene.alerts().await[0]["recording"].as_i64().unwrap();
    let recording = DateTime::from_timestamp(recording, 0).unwrap();
    let triggers = scene.world.app().config.intake.triggers.clone();
    let mut transaction = scene.world.app().db.begin().await.unwrap();
    let now = scene.world.app().now();
    let decided = recorded::decide(&mut transaction, &actor, recording, choice, &triggers, now).await;
    transaction.commit().await.unwrap();
    decided
}

fn refusal(decided: Result<i64, ActionError>) -> Refused {
    match decided {
        Err(ActionError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_there_at_the_first_start_opens_nothing_and_is_told_once(db: PgPool) {
    let scene = with_history(db).await;
    scene.admin().await;
    for _ in 0..3 {
        scene.pass().await;
        scene.later(60);
    }
    assert_eq!(scene.world.measurements().await, [""; 0]);
    let alerts = scene.alerts().await;
    assert_eq!(alerts.len(), 1);
    assert_eq!((&alerts[0]["deals"], &alerts[0]["recent"]), (&json!(3), &json!(2)));
    // Presence in the stage is no entry; coming back into it is one.
    let lead = LeadId(scene.world.account.deals()[0].id);
    scene.world.account.move_deal(lead.0, demo::NEW).unwrap();
    scene.later(5);
    scene.world.account.move_deal(lead.0, demo::MEASUREMENT).unwrap();
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, ["Старая | pending | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_question_waits_for_an_admin_who_is_there(db: PgPool) {
    let scene = with_history(db).await;
    scene.silent_admin().await;
    scene.told().await;
    assert_eq!(scene.alerts().await.len(), 0);
    scene.execute("update chats set contacted_at = created_at").await;
    scene.pass().await;
    assert_eq!(scene.alerts().await.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admin_opens_those_of_the_last_week_once(db: PgPool) {
    let scene = with_history(db).await;
    let anna = scene.admin().await;
    let ivan = person(&mut scene.world.app().db.acquire().await.unwrap(), "Иван", Role::Measurer).await;
    scene.told().await;
    let open = RecordedChoice::OpenRecent;
    assert_eq!(refusal(decide(&scene, ivan, open).await), Refused::Denied(Refusal::AdminOnly));
    assert_eq!(decide(&scene, anna, open).await.unwrap(), 2);
    assert_eq!(refusal(decide(&scene, anna, open).await), Refused::AlreadyDone);
    assert_eq!(refusal(decide(&scene, anna, RecordedChoice::OpenNone).await), Refused::AlreadyDone);
    scene.world.settle().await;
    let mut opened = scene.world.measurements().await;
    opened.sort();
    assert_eq!(opened, ["Двери | pending | +79161234567", OPENED]);
    scene.pass().await;
    assert_eq!(scene.world.measurements().await.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admin_opens_none_and_nothing_comes_later(db: PgPool) {
    let scene = with_history(db).await;
    let anna = scene.admin().await;
    scene.told().await;
    assert_eq!(decide(&scene, anna, RecordedChoice::OpenNone).await.unwrap(), 0);
    assert_eq!(refusal(decide(&scene, anna, RecordedChoice::OpenRecent).await), Refused::AlreadyDone);
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, [""; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_went_on_or_was_opened_meanwhile_is_not_opened_again(db: PgPool) {
    let scene = with_history(db).await;
    let anna = scene.admin().await;
    scene.told().await;
    let deals = scene.world.account.deals();
    let of = |name: &str| LeadId(deals.iter().find(|deal| deal.name == name).unwrap().id);
    scene.later(5);
    scene.world.account.move_deal(of("Окна").0, demo::PRODUCTION).unwrap();
    scene.world.account.move_deal(of("Двери").0, demo::NEW).unwrap();
    scene.later(5);
    scene.world.account.move_deal(of("Двери").0, demo::MEASUREMENT).unwrap();
    scene.pass().await;
    scene.cancel(anna, of("Двери")).await;
    assert_eq!(decide(&scene, anna, RecordedChoice::OpenRecent).await.unwrap(), 0);
    scene.world.settle().await;
    assert_eq!(scene.world.measurements().await, ["Двери | cancelled | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hook_under_way_at_the_first_start_opens_its_measurement(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.admin().await;
    let (queued, nudged) = (scene.world.measured("Окна"), scene.world.measured("Двери"));
    scene.world.arrive(&[scene.world.added(nudged)]).await;
    scene.try_pass().await.unwrap();
    scene.world.arrive(&[scene.world.added(queued)]).await;
    scene.world.settle().await;
    let mut opened = scene.world.measurements().await;
    opened.sort();
    assert_eq!(opened, ["Двери | pending | +79161234567", OPENED]);
    scene.later(60);
    scene.told().await;
    assert_eq!(scene.alerts().await, [json!(null); 0], "and is no question");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_trigger_is_looked_at_for_the_first_time_and_the_others_go_on(db: PgPool) {
    let scene = Scene::started(db).await;
    scene.admin().await;
    scene.world.deal(Deal::named("В производстве").stage(demo::PRODUCTION));
    let unknown = scene.deal_elsewhere("Тоже в производстве");
    scene.pass().await;
    scene.later(30);
    // The process is stopped, its configuration changed, and two hooks are lost.
    scene.world.account.move_deal(unknown.0, demo::PRODUCTION).unwrap();
    scene.world.measured("Окна");
    scene.later(30);
    let triggers = [demo::MEASUREMENT, demo::PRODUCTION].map(|s| format!("{}:{}", s.pipeline, s.status));
    let scene = scene.restarted(&[("MEASUREMENT_TRIGGERS", &triggers.join(","))]).await;
    for _ in 0..2 {
        scene.pass().await;
        scene.later(60);
    }
    assert_eq!(scene.world.measurements().await, [OPENED]);
    let alerts = scene.alerts().await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0]["deals"], 2);
    scene.world.deal(Deal::named("Новая").stage(demo::PRODUCTION).client("Иван", "89161234567"));
    scene.pass().await;
    assert_eq!(scene.world.measurements().await[1..], ["Новая | pending | +79161234567"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_first_look_that_breaks_off_is_made_again_and_told_once(db: PgPool) {
    let scene = with_history(db).await;
    scene.admin().await;
    scene.world.account.inject(Fault::Down { status: 502 }).unwrap();
    assert!(scene.try_pass().await.is_err());
    scene.world.account.heal();
    scene.later(60);
    scene.execute("alter table settings add constraint broken check (name <> 'reconciliation')").await;
    assert!(scene.try_pass().await.is_err());
    scene.execute("alter table settings drop constraint broken").await;
    assert_eq!(scene.alerts().await.len(), 0);
    scene.told().await;
    assert_eq!(scene.alerts().await.len(), 1);
    assert_eq!(scene.world.measurements().await, [""; 0]);
}
