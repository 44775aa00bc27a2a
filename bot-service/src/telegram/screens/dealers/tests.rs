use insta::assert_snapshot;

use super::super::testing::{name, picture, russian};
use super::*;
use crate::actions::views::{DealerView, UnknownNames};
use crate::domain::ids::{DealerId, UnknownNameId, UserId};

fn dealer(id: i64, title: &str, measurer: Option<&str>) -> DealerView {
    let measurer = measurer.map(|first| (UserId(2), name(first, "Петров")));
    DealerView { id: DealerId(id), name: title.into(), measurer }
}

#[test]
fn dealers_are_listed_with_their_measurers() {
    let unknown = UnknownNames(vec![(UnknownNameId(3), "Балконы".into())]);
    let rows = vec![dealer(1, "Окна Плюс", Some("Иван")), dealer(2, "Фасад", None)];
    let view = DealersView { page: 0, rows, has_next: false, unknown };
    assert_snapshot!(picture(&list(&view, &russian())), @"
    🏢 Дилеры
    Нажмите на дилера, чтобы выбрать замерщика.
    [Окна Плюс · Иван П.]
    [⚠️ Фасад]
    [❓ Балконы]
    [➕ Новый дилер]
    [⌂ Меню]
    ");
    let empty = DealersView { page: 0, rows: vec![], has_next: false, unknown: UnknownNames::default() };
    assert_snapshot!(picture(&list(&empty, &russian())), @"
    🏢 Дилеры
    Дилеров пока нет. Клиентам дилера бот предлагает его замерщика.
    [➕ Новый дилер]
    [⌂ Меню]
    ");
}

#[test]
fn a_dealer_gets_one_measurer() {
    let rows = vec![(UserId(2), name("Иван", "Петров")), (UserId(3), name("Пётр", "Сидоров"))];
    let view =
        DealerMeasurersView {
            dealer: dealer(1, "Окна Плюс", Some("Иван")), page: 0, rows, has_next: false
        };
    assert_snapshot!(picture(&measurers(&view, &russian())), @"
    🏢 Дилер «Окна Плюс»
    👷 Иван Петров
    Кто замеряет клиентов этого дилера?
    [Иван Петров]
    [Пётр Сидоров]
    [✏️ Переименовать] [🗑 Удалить]
    [‹ Назад] [⌂ Меню]
    ");
    picture(&ask(&russian()));
}
