use insta::assert_snapshot;

use super::super::testing::{at, english, hostile, name, picture, russian};
use super::*;
use crate::actions::views::{Chosen, Period, Sieve};
use crate::domain::ids::{MeasurementId, UserId, ZoneId};

fn row(id: i64, lead_name: &str, status: StatusKind) -> ListRow {
    ListRow {
        id: MeasurementId(id),
        lead_name: lead_name.into(),
        address: Some("г. Химки, ул. Ленина, д. 5".into()),
        status,
        since: at("2026-11-24T10:00:00Z"),
        measurer: (status != StatusKind::Pending).then(|| name("Иван", "Петров")),
    }
}

fn view(kind: ListKind) -> ListView {
    let (first, second) = match kind {
        ListKind::Pending => (StatusKind::Pending, StatusKind::Pending),
        ListKind::MyCompleted | ListKind::OrdersClosed => (StatusKind::Completed, StatusKind::Completed),
        _ => (StatusKind::InProgress, StatusKind::Assigned),
    };
    let without_address = ListRow { address: None, ..row(13, "", second) };
    ListView {
        kind,
        total: 8,
        rows: vec![row(12, "Окна в детскую", first), without_address],
        previous: None,
        next: Some(Cursor::After(MeasurementId(13))),
        is_unlinked: false,
        of: Chosen::default(),
    }
}

fn drawn(view: &ListView) -> String {
    picture(&render(view, &russian()))
}

#[test]
fn what_waits_is_listed_with_how_long() {
    assert_snapshot!(drawn(&view(ListKind::Pending)), @r"
        ⏳ Ожидают назначения · 8
        №12 · Окна в детскую
           г. Химки, ул. Ленина, д. 5 · ждёт 2 ч
        №13
           ⚠️ нет адреса · ждёт 2 ч
        [№12 · Окна в детскую]
        [№13]
        [Дальше ›]
        [⌂ Меню]
        ");
}

#[test]
fn all_measurements_have_filters() {
    let middle = ListView {
        total: 100,
        previous: Some(Cursor::Before(MeasurementId(12))),
        ..view(ListKind::All(Filter::Open))
    };
    assert_snapshot!(drawn(&middle), @"
    📋 Открытые замеры · 99+
    №12 · Окна в детскую
       г. Химки, ул. Ленина, д. 5 · 🔄 В процессе · Иван П.
    №13
       ⚠️ нет адреса · 📋 Назначен · Иван П.
    [№12 · Окна в детскую]
    [№13]
    [‹ Назад] [Дальше ›]
    [• Открытые] [Все]
    [⏳] [📋] [🔄] [✅] [❌]
    [🔎 Фильтр]
    [⌂ Меню]
    ");
    let filtered = ListView { next: None, ..view(ListKind::All(Filter::Status(StatusKind::InProgress))) };
    assert_snapshot!(picture(&render(&filtered, &english())), @"
    📋 Measurements: 🔄 In progress · 8
    No. 12 · Окна в детскую
       г. Химки, ул. Ленина, д. 5 · 🔄 In progress · Иван П.
    No. 13
       ⚠️ no address · 📋 Assigned · Иван П.
    [No. 12 · Окна в детскую]
    [No. 13]
    [Open] [All]
    [⏳] [📋] [• 🔄] [✅] [❌]
    [🔎 Filter]
    [⌂ Menu]
    ");
}

#[test]
fn a_narrowed_list_says_to_whom_to_where_and_to_when() {
    let sieve = Sieve { measurer: Some(UserId(3)), zone: Some(ZoneId(1)), period: Some(Period::Month) };
    let kind = ListKind::all(Filter::Open, sieve);
    let of = Chosen { measurer: Some(name("Иван", "Петров")), zone: Some("Север".into()) };
    let narrowed = ListView { kind, of, next: None, ..view(ListKind::All(Filter::Open)) };
    let empty = ListView { total: 0, rows: vec![], ..narrowed.clone() };
    assert_snapshot!([narrowed, empty].map(|view| drawn(&view)).join("\n\n"), @"
    📋 Открытые замеры · 8
    👷 Иван Петров · 🗺 Север · 🗓 Этот месяц
    №12 · Окна в детскую
       г. Химки, ул. Ленина, д. 5 · 🔄 В процессе · Иван П.
    №13
       ⚠️ нет адреса · 📋 Назначен · Иван П.
    [№12 · Окна в детскую]
    [№13]
    [• Открытые] [Все]
    [⏳] [📋] [🔄] [✅] [❌]
    [🔎 Фильтр]
    [⌂ Меню]

    👷 Иван Петров · 🗺 Север · 🗓 Этот месяц
    По этому фильтру ничего нет.
    [Сбросить фильтр]
    [⌂ Меню]
    ");
}

#[test]
fn measurers_and_managers_have_their_own_lists() {
    let kinds = [ListKind::My, ListKind::MyCompleted, ListKind::Orders, ListKind::OrdersClosed];
    let drawn = kinds.map(|kind| drawn(&ListView { next: None, ..view(kind) }));
    assert_snapshot!(drawn.join("\n\n"), @r"
        📋 Мои активные замеры · 8
        №12 · Окна в детскую
           г. Химки, ул. Ленина, д. 5 · 🔄 В процессе
        №13
           ⚠️ нет адреса · 📋 Назначен
        [№12 · Окна в детскую]
        [№13]
        [⌂ Меню]

        🗂 Выполненные · 8
        №12 · Окна в детскую
           г. Химки, ул. Ленина, д. 5 · 13:00
        №13
           ⚠️ нет адреса · 13:00
        [№12 · Окна в детскую]
        [№13]
        [⌂ Меню]

        💼 Мои заказы · 8
        №12 · Окна в детскую
           🔄 В процессе · Иван П.
        №13
           📋 Назначен · Иван П.
        [№12 · Окна в детскую]
        [№13]
        [⌂ Меню]

        🗂 Завершённые · 8
        №12 · Окна в детскую
           ✅ Выполнен · 13:00
        №13
           ✅ Выполнен · 13:00
        [№12 · Окна в детскую]
        [№13]
        [⌂ Меню]
        ");
}

#[test]
fn an_empty_list_says_what_comes() {
    let kinds = [
        ListKind::Pending,
        ListKind::All(Filter::Everything),
        ListKind::All(Filter::Open),
        ListKind::My,
        ListKind::MyCompleted,
        ListKind::Orders,
        ListKind::OrdersClosed,
    ];
    let empty = |kind| ListView { total: 0, rows: vec![], next: None, ..view(kind) };
    let mut pictures = kinds.map(|kind| drawn(&empty(kind))).to_vec();
    pictures.push(drawn(&ListView { is_unlinked: true, ..empty(ListKind::Orders) }));
    assert_snapshot!(pictures.join("\n"), @r"
        Новых замеров нет. Карточка придёт сюда сама.
        [⌂ Меню]
        Замеров пока нет.
        [⌂ Меню]
        По этому фильтру ничего нет.
        [Сбросить фильтр]
        [⌂ Меню]
        Активных замеров нет. Когда вам назначат замер, он придёт сюда.
        [⌂ Меню]
        Выполненных замеров пока нет.
        [⌂ Меню]
        По вашим сделкам замеров пока нет.
        [⌂ Меню]
        Завершённых заказов пока нет.
        [⌂ Меню]
        Вы ещё не привязаны к AmoCRM, попросите администратора.
        [⌂ Меню]
        ");
}

#[test]
fn a_page_whose_rows_are_gone_leads_back() {
    let gone = ListView { rows: vec![], next: None, ..view(ListKind::Pending) };
    assert_snapshot!(drawn(&gone), @r"
        ⏳ Ожидают назначения · 8
        Здесь больше ничего нет.
        [‹ Назад]
        [⌂ Меню]
        ");
}

#[test]
fn whatever_the_names_are_the_list_is_valid() {
    let row = |id| ListRow {
        address: Some(hostile()),
        measurer: Some(name(&hostile(), &hostile())),
        ..row(id, &hostile(), StatusKind::Assigned)
    };
    for kind in [ListKind::Pending, ListKind::All(Filter::Everything), ListKind::My, ListKind::Orders] {
        let rows = (0..6).map(|n| row(i64::MAX - n)).collect();
        drawn(&ListView { rows, ..view(kind) });
    }
}
