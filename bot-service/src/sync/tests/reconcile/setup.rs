//! Admins choose other stages and fields while the service runs.

use super::super::lists::mirror;
use super::*;
use crate::actions::setup;
use crate::domain::setup::{Fact, FieldChoice, SAMPLE, Sample, SetupChange, StageRole};
use crate::storage::settings;

async fn set(scene: &Scene, change: SetupChange) {
    let app = scene.world.app();
    let mut transaction = app.db.begin().await.unwrap();
    let anna = person(&mut transaction, "Анна", Role::Admin).await;
    setup::change(&mut transaction, &anna, change, &app.config.intake, app.now()).await.unwrap();
    transaction.commit().await.unwrap();
}

fn opens(stage: simulator::amocrm::Stage, is_on: bool) -> SetupChange {
    let stage = Stage { pipeline_id: PipelineId(stage.pipeline), status_id: StatusId(stage.status) };
    SetupChange::Stage { role: StageRole::Opens, stage, is_on }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn another_stage_opens_from_now_on_and_what_stands_in_it_is_only_remembered(db: PgPool) {
    let scene = Scene::started(db).await;
    let world = &scene.world;
    mirror(world).await.unwrap();
    world.deal(Deal::named("Давняя").stage(demo::PRODUCTION));
    set(&scene, opens(demo::PRODUCTION, true)).await;
    set(&scene, opens(demo::MEASUREMENT, false)).await;
    scene.pass().await;
    scene.later(60);
    let (new, former) = (
        world.deal(Deal::named("Новая").stage(demo::PRODUCTION)),
        world.deal(Deal::named("Прежняя").stage(demo::MEASUREMENT)),
    );
    world.arrive(&[world.added(new), world.added(former)]).await;
    world.settle().await;
    scene.pass().await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Новая | pending"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn facts_are_read_from_another_field_from_now_on(db: PgPool) {
    let scene = Scene::started(db).await;
    let world = &scene.world;
    let deal = Deal::named("Окна").stage(demo::MEASUREMENT).address("Ленина, 5").comment("Садовая, 7");
    let lead = world.deal(deal);
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    mirror(world).await.unwrap();
    let conn = &mut *world.app().db.acquire().await.unwrap();
    let sample: Sample = settings::find(conn, SAMPLE).await.unwrap().unwrap();
    assert_eq!((sample.lead, sample.fields[&demo::COMMENT].as_str()), (lead, "Садовая, 7"));

    set(&scene, SetupChange::Field { fact: Fact::Address, choice: FieldChoice::Field(demo::COMMENT) }).await;
    scene.pass().await;
    world.settle().await;
    let address = "select address from measurements";
    let address: Option<String> = sqlx::query_scalar(address).fetch_one(&world.app().db).await.unwrap();
    assert_eq!(address.as_deref(), Some("Садовая, 7"));
}
