use std::collections::BTreeMap;

use shared::ids::{LOST, LeadId, PipelineId, Stage, StatusId};
use sqlx::PgPool;

use super::*;
use crate::actions::views::{FactRow, StagesView};
use crate::domain::permissions::Refusal;
use crate::domain::setup::FieldNames;
use crate::domain::setup::{Fact, FieldChoice, SAMPLE, Sample, StageRole};
use crate::domain::user::Role;
use crate::storage::amo_directory::{self, AmoField, AmoStage};
use crate::testing::{at, person, refused};

fn stage(pipeline: i64, status: i64) -> Stage {
    Stage { pipeline_id: PipelineId(pipeline), status_id: StatusId(status) }
}

/// Two pipelines, and fields of a deal that was read.
async fn account(conn: &mut PgConnection) {
    let stages =
        [(1, 1, "Неразобранное"), (1, 2, "Новая"), (1, 3, "Замер"), (1, LOST.0, "Закрыто"), (2, 3, "Сервис")];
    let stages = stages.map(|(pipeline, status, name)| AmoStage {
        stage: stage(pipeline, status),
        pipeline_name: if pipeline == 1 { "Продажи".to_owned() } else { "Сервис".to_owned() },
        name: name.to_owned(),
        is_unsorted: status == 1,
        sort: 10,
    });
    amo_directory::replace_stages(conn, &stages, at(0)).await.unwrap();
    let fields = [(71, "Адрес"), (72, "Куда ехать"), (73, "Район")];
    let fields =
        fields.map(|(id, name)| AmoField { id, name: name.to_owned(), code: None, kind: "text".to_owned() });
    amo_directory::replace_fields(conn, &fields, at(0)).await.unwrap();
    let fields = BTreeMap::from([(72, "Ленина, 5".to_owned()), (73, "Север".to_owned())]);
    let sample = Sample { lead: LeadId(9), name: "Окна".to_owned(), fields };
    settings::save(conn, SAMPLE, &sample, at(0)).await.unwrap();
}

fn start(triggers: &[Stage]) -> Intake {
    Intake { triggers: triggers.to_vec(), cancels: vec![], fields: FieldNames::default() }
}

fn opens(stage: Stage, is_on: bool) -> SetupChange {
    SetupChange::Stage { role: StageRole::Opens, stage, is_on }
}

fn names(view: &StagesView) -> Vec<(&str, bool)> {
    view.rows.iter().map(|row| (row.name.as_str(), row.is_on)).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn stages_are_chosen_among_those_of_the_account(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    account(conn).await;
    let start = start(&[]);
    let any = stages(conn, &anna, (StageRole::Opens, None), &start).await.unwrap();
    assert_eq!((any.chosen.len(), any.pipelines.len(), any.rows.len()), (0, 2, 0), "a pipeline comes first");

    change(conn, &anna, opens(stage(1, 3), true), &start, at(1)).await.unwrap();
    let view = stages(conn, &anna, (StageRole::Opens, Some(PipelineId(1))), &start).await.unwrap();
    assert_eq!(names(&view), [("Новая", false), ("Замер", true)], "nobody measures what is lost or unsorted");
    assert_eq!(intake(conn, &start).await.unwrap().triggers, [stage(1, 3)]);

    let again = change(conn, &anna, opens(stage(1, 3), true), &start, at(2)).await;
    assert_eq!(refused(again), Refused::AlreadyDone);
    let last = change(conn, &anna, opens(stage(1, 3), false), &start, at(2)).await;
    assert_eq!(refused(last), Refused::LastStage);
    for unknown in [stage(7, 7), stage(1, 1), stage(1, LOST.0)] {
        let chosen = change(conn, &anna, opens(unknown, true), &start, at(2)).await;
        assert_eq!(refused(chosen), Refused::Unknown, "{unknown}");
    }
    let both = SetupChange::Stage { role: StageRole::Ends, stage: stage(1, 3), is_on: true };
    assert_eq!(refused(change(conn, &anna, both, &start, at(2)).await), Refused::StageIsUsed);

    change(conn, &anna, opens(stage(2, 3), true), &start, at(3)).await.unwrap();
    change(conn, &anna, opens(stage(1, 3), false), &start, at(4)).await.unwrap();
    assert_eq!(intake(conn, &start).await.unwrap().triggers, [stage(2, 3)]);
    let lines = audit::list(conn, None, None, 99).await.unwrap();
    assert_eq!(lines.len(), 3, "each change left a line, no refusal did");
    let Change::SetupChanged { name, .. } = &lines[0].change else { panic!("{lines:?}") };
    assert_eq!(name, "Продажи → Замер");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_the_service_was_started_with_counts_until_it_is_changed(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    account(conn).await;
    let start = start(&[stage(5, 5), stage(1, 3)]);
    let view = stages(conn, &anna, (StageRole::Opens, None), &start).await.unwrap();
    assert_eq!(view.gone, [stage(5, 5)], "AmoCRM has it no more");
    change(conn, &anna, opens(stage(5, 5), false), &start, at(1)).await.unwrap();
    assert_eq!(intake(conn, &start).await.unwrap().triggers, [stage(1, 3)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn fields_are_chosen_with_a_deal_to_look_at(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    account(conn).await;
    let start = start(&[]);
    let address = |fields: &[FactRow]| (fields[0].field.clone(), fields[0].value.clone());
    let view = fields(conn, &anna, &start).await.unwrap();
    assert_eq!(view.sample.as_deref(), Some("Окна"));
    assert_eq!(address(&view.rows), (Some("Адрес".into()), None));

    let choices = field(conn, &anna, (Fact::Address, 0), &start).await.unwrap();
    let rows: Vec<_> =
        choices.rows.iter().map(|row| (row.name.as_str(), row.value.as_deref(), row.is_on)).collect();
    assert_eq!(
        rows,
        [("Адрес", None, true), ("Куда ехать", Some("Ленина, 5"), false), ("Район", Some("Север"), false)]
    );

    let set = |choice| SetupChange::Field { fact: Fact::Address, choice };
    change(conn, &anna, set(FieldChoice::Field(72)), &start, at(1)).await.unwrap();
    let view = fields(conn, &anna, &start).await.unwrap();
    assert_eq!(address(&view.rows), (Some("Куда ехать".into()), Some("Ленина, 5".into())));
    let unknown = change(conn, &anna, set(FieldChoice::Field(1)), &start, at(2)).await;
    assert_eq!(refused(unknown), Refused::Unknown);
    change(conn, &anna, set(FieldChoice::Nothing), &start, at(2)).await.unwrap();
    assert_eq!(address(&fields(conn, &anna, &start).await.unwrap().rows), (None, None));
    change(conn, &anna, set(FieldChoice::AsStarted), &start, at(3)).await.unwrap();
    assert_eq!(intake(conn, &start).await.unwrap().fields.address, start.fields.address);
    let again = change(conn, &anna, set(FieldChoice::AsStarted), &start, at(4)).await;
    assert_eq!(refused(again), Refused::AlreadyDone);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_admins_set_it_up(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let boris = person(conn, "Борис", Role::Supervisor).await;
    account(conn).await;
    let start = start(&[]);
    let denied = Refused::Denied(Refusal::SettingsByAdmin);
    assert_eq!(refused(stages(conn, &boris, (StageRole::Opens, None), &start).await), denied);
    assert_eq!(refused(fields(conn, &boris, &start).await), denied);
    assert_eq!(refused(field(conn, &boris, (Fact::Zone, 0), &start).await), denied);
    assert_eq!(refused(change(conn, &boris, opens(stage(1, 3), true), &start, at(1)).await), denied);
}
