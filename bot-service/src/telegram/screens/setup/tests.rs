use chrono_tz::Tz;
use insta::assert_snapshot;
use shared::ids::{PipelineId, Stage, StatusId};

use super::super::testing::{hostile, picture, russian};
use super::{fields, stages, timezones};
use crate::actions::views::{FactRow, FieldRow, FieldView, FieldsView, StageRow, StagesView};
use crate::domain::setup::{Fact, FieldChoice, StageRole};

fn stage(status: i64) -> Stage {
    Stage { pipeline_id: PipelineId(1), status_id: StatusId(status) }
}

fn row(status: i64, name: &str, is_on: bool) -> StageRow {
    StageRow { stage: stage(status), pipeline: "Продажи".into(), name: name.into(), is_on }
}

fn of_stages() -> StagesView {
    StagesView {
        role: StageRole::Opens,
        chosen: vec![row(3, "Замер", true)],
        gone: vec![stage(9)],
        pipelines: vec![(PipelineId(1), "Продажи".into()), (PipelineId(2), "Сервис".into())],
        open: Some(PipelineId(1)),
        rows: vec![row(2, "Новая", false), row(3, "Замер", true)],
    }
}

fn of_fields() -> FieldView {
    let field = |id, name: &str, value: Option<&str>, is_on| FieldRow {
        id,
        name: name.into(),
        value: value.map(str::to_owned),
        is_on,
    };
    FieldView {
        fact: Fact::Address,
        choice: FieldChoice::Field(71),
        started: vec!["Адрес".into(), "Адрес замера".into()],
        rows: vec![field(71, "Адрес", Some("Ленина, 5"), true), field(72, "Район", None, false)],
        page: 0,
        has_next: true,
        sample: Some("Окна в детскую".into()),
    }
}

#[test]
fn a_press_on_a_stage_adds_it_or_takes_it_away() {
    assert_snapshot!(picture(&stages::render(&of_stages(), &russian())), @"
    🎯 Этапы замера
    Сейчас: Продажи → Замер, 1:9. Нажмите на этап, чтобы добавить или убрать его.
    [⚠️ 1:9: этапа больше нет, убрать]
    [Новая]
    [✅ Замер]
    [⬅️ Воронки]
    [‹ Назад] [⌂ Меню]
    ");
    let choosing = StagesView { open: None, rows: vec![], chosen: vec![], gone: vec![], ..of_stages() };
    assert_snapshot!(picture(&stages::render(&choosing, &russian())), @"
    🎯 Этапы замера
    Сейчас замер открывает любой первый этап сделки. Выберите этап, и открывать будет только он.
    [Продажи]
    [Сервис]
    [‹ Назад] [⌂ Меню]
    ");
    let nothing = StagesView { role: StageRole::Ends, pipelines: vec![], ..choosing };
    assert_snapshot!(picture(&stages::render(&nothing, &russian())), @"
    🚫 Этапы отмены
    Сейчас замер отменяет «Закрыто и не реализовано».
    AmoCRM ещё не прислал списков. Загляните через минуту.
    [‹ Назад] [⌂ Меню]
    ");
}

#[test]
fn fields_are_shown_with_what_stands_in_them() {
    let fact = |fact, field: Option<&str>, value: Option<&str>| FactRow {
        fact,
        field: field.map(str::to_owned),
        value: value.map(str::to_owned),
    };
    let rows = vec![
        fact(Fact::Address, Some("Адрес"), Some("Ленина, 5")),
        fact(Fact::Zone, Some("Район"), None),
        fact(Fact::Dealer, None, None),
    ];
    let view = FieldsView { rows, sample: Some("Окна в детскую".into()) };
    assert_snapshot!(picture(&fields::overview(&view, &russian())), @"
    🧩 Поля сделки
    Для примера: сделка «Окна в детскую».
    📍 Адрес: Ленина, 5 (поле «Адрес»)
    🗺 Зона: пусто (поле «Район»)
    🏢 Дилер: не читается
    [📍 Адрес] [🗺 Зона]
    [🏢 Дилер]
    [‹ Назад] [⌂ Меню]
    ");
    assert_snapshot!(picture(&fields::choose(&of_fields(), &russian())), @"
    📍 Адрес
    Для примера: сделка «Окна в детскую».
    Из какого поля брать? Рядом с полем — что в нём сейчас.
    [✅ Адрес · Ленина, 5]
    [Район]
    [Дальше ›]
    [Не читать]
    [↺ Как было: Адрес, Адрес замера]
    [‹ Назад]
    ");
}

#[test]
fn a_time_zone_is_known_by_what_its_clocks_show() {
    let screen = picture(&timezones::render(Tz::Europe__Moscow, &russian()));
    assert_snapshot!(screen.lines().take(4).collect::<Vec<_>>().join("\n"), @"
    🕒 Часовой пояс
    Москва · 15:10
    [Калининград · 14:10] [✅ Москва · 15:10]
    [Самара · 16:10] [Екатеринбург · 17:10]
    ");
    let odd = picture(&timezones::render(Tz::Asia__Tokyo, &russian()));
    assert!(odd.contains("Asia/Tokyo"), "{odd}");
}

#[test]
fn whatever_the_account_calls_them_the_screens_fit() {
    let stages_of = (0..99).map(|status| StageRow { name: hostile(), ..row(status, "", status < 50) });
    let stages_of: Vec<_> = stages_of.collect();
    let view = StagesView { rows: stages_of.clone(), chosen: stages_of, ..of_stages() };
    picture(&stages::render(&view, &russian()));
    let pipelines = (0..99).map(|id| (PipelineId(id), hostile())).collect();
    picture(&stages::render(&StagesView { open: None, rows: vec![], pipelines, ..of_stages() }, &russian()));
    let row = FieldRow { id: i64::MAX, name: hostile(), value: Some(hostile()), is_on: true };
    let view =
        FieldView { rows: vec![row; 8], started: vec![hostile()], sample: Some(hostile()), ..of_fields() };
    picture(&fields::choose(&view, &russian()));
    let row = |fact| FactRow { fact, field: Some(hostile()), value: Some(hostile()) };
    let view = FieldsView { rows: Fact::ALL.map(row).to_vec(), sample: Some(hostile()) };
    picture(&fields::overview(&view, &russian()));
}
