use insta::assert_snapshot;

use super::super::testing::{hostile, name, picture, russian};
use super::*;
use crate::actions::views::{UnknownNames, ZoneRow};
use crate::domain::ids::{UnknownNameId, UserId};

fn view() -> ZoneView {
    ZoneView {
        id: ZoneId(1),
        name: "Север".into(),
        spellings: vec!["САО".into(), "Северный".into()],
        measurers: vec![name("Иван", "Петров"), name("Пётр", "Сидоров")],
    }
}

#[test]
fn zones_are_listed_with_what_is_missing() {
    let row = |id, name: &str, measurers| ZoneRow { id: ZoneId(id), name: name.into(), measurers };
    let unknown = UnknownNames(vec![(UnknownNameId(3), "Юго-Запад".into()), (UnknownNameId(2), "ЮЗ".into())]);
    let rows = vec![row(1, "Север", 2), row(2, "Юг", 0)];
    let view = ZonesView { page: 0, rows, has_next: true, unknown };
    assert_snapshot!(picture(&list(&view, &russian())), @"
    🗺 Зоны
    Нажмите на зону, чтобы открыть её.
    ❓ В сделках встретились: Юго-Запад, ЮЗ
    [Север · 2]
    [⚠️ Юг]
    [Дальше ›]
    [❓ Юго-Запад]
    [❓ ЮЗ]
    [➕ Добавить все из сделок]
    [➕ Новая зона]
    [⌂ Меню]
    ");
    let empty = ZonesView { page: 0, rows: vec![], has_next: false, unknown: UnknownNames::default() };
    assert_snapshot!(picture(&list(&empty, &russian())), @"
    🗺 Зоны
    Зон пока нет. С ними бот сам предлагает замерщика по зоне или адресу сделки.
    [➕ Новая зона]
    [⌂ Меню]
    ");
}

#[test]
fn a_zone_shows_its_people_and_its_spellings() {
    assert_snapshot!(picture(&zone(&view(), &russian())), @"
    🗺 Зона «Север»
    👷 Иван Петров, Пётр Сидоров
    🔤 Другие написания: САО, Северный
    [👷 Кто замеряет]
    [✏️ Переименовать] [🔤 Другое написание]
    [🔗 Объединить] [🗑 Удалить]
    [‹ Назад] [⌂ Меню]
    ");
    let rows = vec![(UserId(1), name("Иван", "Петров"), true), (UserId(2), name("Пётр", "Сидоров"), false)];
    let people =
        ZoneMeasurersView { id: ZoneId(1), name: "Север".into(), page: 0, rows, has_next: false };
    assert_snapshot!(picture(&measurers(&people, &russian())), @"
    🗺 Зона «Север»
    Нажмите на имя, чтобы добавить замерщика или убрать.
    [✅ Иван Петров]
    [Пётр Сидоров]
    [‹ Назад] [⌂ Меню]
    ");
}

#[test]
fn a_name_that_means_nothing_yet_becomes_a_zone_or_a_spelling() {
    let unknown_name = UnknownNameView {
        id: UnknownNameId(3),
        name: "ЮЗ".into(),
        zones: vec![(ZoneId(1), "Юго-Запад".into())],
    };
    assert_snapshot!(picture(&unknown(&unknown_name, &russian())), @"
    ❓ В сделках встретилась зона «ЮЗ». Что это?
    [➕ Новая зона «ЮЗ»]
    [Это «Юго-Запад»]
    [🙈 Это не зона]
    [‹ Назад] [⌂ Меню]
    ");
}

#[test]
fn whatever_zones_are_called_the_screens_fit() {
    let view = ZoneView { name: hostile(), spellings: vec![hostile(); 9], ..view() };
    for screen in [
        zone(&view, &russian()),
        ask_delete(&view, &russian()),
        choose_merge(&view, &[(ZoneId(2), hostile())], &russian()),
        ask(Question::Spelling(ZoneId(1)), &russian()),
        ask(Question::NewName, &russian()),
        ask(Question::OtherName(ZoneId(1)), &russian()),
        unknown(
            &UnknownNameView { id: UnknownNameId(1), name: hostile(), zones: vec![(ZoneId(1), hostile())] },
            &russian(),
        ),
    ] {
        picture(&screen);
    }
}
