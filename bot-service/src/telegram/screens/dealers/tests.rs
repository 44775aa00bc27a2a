use insta::assert_snapshot;

use super::super::testing::{hostile, name, picture, russian};
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
    let dealer = dealer(1, "Окна Плюс", Some("Иван"));
    let spellings = vec!["Окна +".to_owned(), "Плюс".to_owned()];
    let view = DealerMeasurersView { dealer, spellings, page: 0, rows, has_next: false };
    assert_snapshot!(picture(&measurers(&view, &russian())), @"
    🏢 Дилер «Окна Плюс»
    👷 Иван Петров
    🔤 Другие написания: Окна +, Плюс
    Кто замеряет клиентов этого дилера?
    [Иван Петров]
    [Пётр Сидоров]
    [✏️ Переименовать]
    [🔗 Объединить] [🗑 Удалить]
    [‹ Назад] [⌂ Меню]
    ");
    picture(&ask(&russian()));
}

#[test]
fn a_dealer_becomes_part_of_one_of_the_others() {
    let rows = vec![(DealerId(2), "Окна +".to_owned()), (DealerId(3), hostile())];
    let view =
        DealerOthersView {
            dealer: dealer(1, "Окна Плюс", Some("Иван")), page: 0, rows, has_next: true
        };
    let screen = picture(&choose_merge(&view, &russian()));
    assert!(screen.starts_with("С каким дилером объединить «Окна Плюс»?\n[Окна +]\n"), "{screen}");
    assert!(screen.ends_with("[Дальше ›]\n[‹ Назад] [⌂ Меню]"), "{screen}");
}
