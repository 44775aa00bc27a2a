use insta::assert_snapshot;
use shared::ids::AmoUserId;

use super::super::testing::{hostile, name, picture, russian};
use super::*;
use crate::actions::views::EmployeeRow;
use crate::domain::ids::UserId;
use crate::domain::user::{Language, Roles};

fn user(first: &str, last: &str, role: Role) -> User {
    User {
        id: UserId(2),
        name: name(first, last),
        username: Some("ivan".into()),
        language: Language::Ru,
        roles: Roles::NONE.with(role),
        amo_user_id: None,
        phone: None,
        away_until: None,
        is_disabled: false,
    }
}

fn person_view(user: User) -> PersonView {
    PersonView {
        user,
        open: 2,
        employee: None,
        is_reachable: true,
        zones: vec!["Север".into(), "Юг".into()],
        dealers: vec![],
        can_be_disabled: true,
    }
}

fn row(id: i64, first: &str, role: Role) -> PersonRow {
    PersonRow {
        id: UserId(id),
        name: name(first, "Петров"),
        roles: Roles::NONE.with(role),
        open: 2,
        is_disabled: false,
        is_reachable: true,
    }
}

#[test]
fn people_are_listed_by_name_with_what_is_wrong() {
    let rows = vec![
        row(1, "Анна", Role::Admin),
        row(2, "Иван", Role::Measurer),
        row(3, "Ольга", Role::Manager),
        PersonRow { is_disabled: true, ..row(4, "Олег", Role::Measurer) },
        PersonRow { is_reachable: false, ..row(5, "Пётр", Role::Measurer) },
    ];
    let view = PeopleView { only: None, page: 1, rows, has_next: true };
    assert_snapshot!(picture(&list(&view, &russian())), @"
    👥 Сотрудники
    Нажмите на имя, чтобы открыть карточку.
    [👑 Анна Петров]
    [👷 Иван Петров · 2]
    [💼 Ольга Петров]
    [⛔ Олег Петров]
    [📵 Пётр Петров]
    [‹ Назад] [Дальше ›]
    [📜 Изменения]
    [⌂ Меню]
    ");
    let nobody = PeopleView { only: Some(Role::Measurer), page: 0, rows: vec![], has_next: false };
    assert_snapshot!(picture(&list(&nobody, &russian())), @r"
        Замерщиков пока нет.
        [➕ Пригласить]
        [⌂ Меню]
        ");
}

#[test]
fn a_person_is_shown_with_what_can_be_done() {
    let drawn = |view: &PersonView| picture(&person(view, &russian()));
    let ivan = person_view(user("Иван", "Петров", Role::Measurer));
    assert_snapshot!(drawn(&ivan), @"
    👷 Иван Петров · @ivan · 2 открытых
    👷 Замерщик
    🗺 Зоны: Север, Юг
    [🎭 Роли]
    [🏖 Выходные]
    [🔁 Передать замеры · 2]
    [📜 Изменения]
    [⛔ Отключить доступ]
    [‹ Назад] [⌂ Меню]
    ");
    let mut olga = person_view(user("Ольга", "Смирнова", Role::Manager));
    (olga.open, olga.is_reachable) = (0, false);
    assert_snapshot!(drawn(&olga), @"
    💼 Ольга Смирнова · @ivan
    💼 Менеджер
    ⚠️ нет привязки к AmoCRM
    🗺 Зоны: Север, Юг
    📵 Сообщения бота не доходят
    [🔗 Привязать к AmoCRM]
    [🎭 Роли]
    [📜 Изменения]
    [⛔ Отключить доступ]
    [‹ Назад] [⌂ Меню]
    ");
    olga.employee = Some("Ольга Смирнова".into());
    (olga.user.is_disabled, olga.user.username) = (true, None);
    assert_snapshot!(drawn(&olga), @"
    💼 Ольга Смирнова
    💼 Менеджер
    🔗 В AmoCRM: Ольга Смирнова
    🗺 Зоны: Север, Юг
    ⛔ Доступ отключён
    [📜 Изменения]
    [✅ Вернуть доступ]
    [‹ Назад] [⌂ Меню]
    ");
    let boss =
        PersonView { can_be_disabled: false, ..person_view(user("Анна", "Серова", Role::Admin)) };
    assert_snapshot!(drawn(&PersonView { open: 0, ..boss }), @"
    👑 Анна Серова · @ivan
    👑 Администратор
    🗺 Зоны: Север, Юг
    [🎭 Роли]
    [📜 Изменения]
    [‹ Назад] [⌂ Меню]
    ");
}

#[test]
fn a_manager_is_linked_to_an_employee() {
    let row =
        |id, name: &str, is_likely| EmployeeRow { amo_user_id: AmoUserId(id), name: name.into(), is_likely };
    let mut view = EmployeesView {
        user: user("Ольга", "Смирнова", Role::Manager),
        page: 0,
        rows: vec![row(1, "Ольга Смирнова", true), row(2, "Олег Петров", false)],
        has_next: true,
        is_known: true,
    };
    assert_snapshot!(picture(&employees(&view, &russian())), @"
    Кто это в AmoCRM: Ольга Смирнова?
    [⭐ Ольга Смирнова]
    [Олег Петров]
    [Дальше ›]
    [🔎 Найти по имени]
    [‹ Назад] [⌂ Меню]
    ");
    (view.rows, view.has_next) = (vec![], false);
    assert_snapshot!(picture(&employees(&view, &russian())), @"
    Свободных пользователей AmoCRM нет.
    [🔎 Найти по имени]
    [🔄 Обновить]
    [‹ Назад] [⌂ Меню]
    ");
    view.is_known = false;
    assert_snapshot!(picture(&employees(&view, &russian())), @r"
        Список пользователей AmoCRM ещё не получен.
        [🔄 Обновить]
        [‹ Назад] [⌂ Меню]
        ");
    assert_snapshot!(picture(&linked(&view.user.name, "Ольга Смирнова", &russian())), @r"
        ✅ Ольга Смирнова: привязка к «Ольга Смирнова» в AmoCRM.
        [‹ Назад] [⌂ Меню]
        ");
}

#[test]
fn access_is_taken_after_a_question() {
    let mut view = person_view(user("Иван", "Петров", Role::Measurer));
    assert_snapshot!(picture(&ask_disable(&view, &russian())), @"
    Отключить доступ: Иван Петров? У него 2 открытых замера.
    [Отключить, замеры в очередь]
    [Отключить и передать замеры…]
    [‹ Назад]
    ");
    view.open = 0;
    assert_snapshot!(picture(&ask_disable(&view, &russian())), @r"
        Отключить доступ: Иван Петров?
        [Да, отключить]
        [‹ Назад]
        ");
}

#[test]
fn whatever_the_names_are_the_screens_are_valid() {
    let context = russian();
    let mut loud = user(&hostile(), &hostile(), Role::Manager);
    loud.username = Some(hostile());
    let mut view = person_view(loud.clone());
    (view.employee, view.open) = (Some(hostile()), i64::MAX);
    picture(&person(&view, &context));
    picture(&ask_disable(&view, &context));
    picture(&linked(&loud.name, &hostile(), &context));
    let employee = EmployeeRow { amo_user_id: AmoUserId(i64::MAX), name: hostile(), is_likely: true };
    let rows = vec![employee];
    let view = EmployeesView { user: loud.clone(), page: u32::MAX, rows, has_next: true, is_known: true };
    picture(&employees(&view, &context));
    let mut person = row(i64::MAX, "\u{202E}\u{200E}", Role::Manager);
    (person.name.last, person.roles) = (None, Roles::NONE);
    let view = PeopleView { only: None, page: u32::MAX, rows: vec![person], has_next: true };
    assert!(picture(&list(&view, &context)).contains("Без имени"));
}
