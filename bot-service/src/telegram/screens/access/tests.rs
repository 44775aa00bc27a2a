use insta::assert_snapshot;

use super::super::testing::{at, hostile, name, picture, russian};
use super::*;
use crate::actions::views::Candidate;
use crate::domain::ids::{AuditId, UserId};
use crate::domain::user::{Language, Role, User};

fn user(first: &str) -> User {
    User {
        id: UserId(7),
        name: name(first, "Петров"),
        username: None,
        language: Language::Ru,
        roles: Roles::NONE.with(Role::Measurer),
        amo_user_id: None,
        phone: None,
        away_until: None,
        is_disabled: false,
    }
}

#[test]
fn roles_are_given_and_taken_by_one_press() {
    let choices = [Role::Supervisor, Role::Measurer, Role::Manager];
    let choices = choices.map(|role| RoleChoice { role, has: role == Role::Measurer }).to_vec();
    let view = RolesView { user: user("Иван"), choices };
    assert_snapshot!(picture(&roles(&view, &russian())), @"
    🎭 Роли: Иван Петров
    Нажмите на роль, чтобы дать её или снять.
    [👔 Руководитель]
    [✅ 👷 Замерщик]
    [💼 Менеджер]
    [‹ Назад] [⌂ Меню]
    ");
    let both = Roles::NONE.with(Role::Measurer).with(Role::Manager);
    assert_snapshot!(picture(&your_roles(both, &russian())), @"🔔 Ваши роли изменены: 👷 Замерщик, 💼 Менеджер");
    picture(&roles(&RolesView { user: user(&hostile()), ..view }, &russian()));
}

#[test]
fn visits_go_to_one_other_or_back_to_the_queue() {
    let rows = vec![Candidate {
        id: UserId(8),
        name: name("Пётр", "Сидоров"),
        open: 1,
        has_declined: false,
        is_away: false,
    }];
    let view =
        SuccessorsView {
            user: user("Иван"), visits: 2, is_leaving: false, page: 0, rows, has_next: true
        };
    assert_snapshot!(picture(&successors(&view, &russian())), @"
    Кому передать 2 замера: Иван Петров?
    [Пётр С. · 1]
    [Дальше ›]
    [⏳ Вернуть в очередь]
    [‹ Назад] [⌂ Меню]
    ");
    let alone = SuccessorsView { is_leaving: true, rows: vec![], has_next: false, ..view };
    assert_snapshot!(picture(&successors(&alone, &russian())), @"
    Кому передать 2 замера: Иван Петров?
    Доступ будет отключён.
    [⏳ Вернуть в очередь]
    [‹ Назад] [⌂ Меню]
    ");
}

#[test]
fn what_was_changed_is_told_in_plain_words() {
    let (anna, ivan, petr) = (name("Анна", "Серова"), name("Иван", "Петров"), name("Пётр", "Сидоров"));
    let row = |change, subject: Option<&Name>, to: Option<&Name>| AuditRow {
        at: at("2026-11-24T11:05:00Z"),
        change,
        actor: Some(anna.clone()),
        subject: subject.cloned(),
        to: to.cloned(),
    };
    let (role, to) = (Role::Measurer, Some(UserId(8)));
    let rows = vec![
        row(Change::HandedOver { visits: 2, to }, Some(&ivan), Some(&petr)),
        row(Change::Disabled { visits: 5, to: None }, Some(&ivan), None),
        row(Change::Disabled { visits: 0, to: None }, Some(&ivan), None),
        AuditRow { actor: None, ..row(Change::Enabled {}, Some(&ivan), None) },
        row(Change::RoleGiven { role }, Some(&ivan), None),
        row(Change::RoleTaken { role }, Some(&ivan), None),
        row(Change::Linked { employee: "О. Смирнова".into() }, Some(&ivan), None),
        row(Change::Joined { role }, Some(&anna), None),
        row(Change::InviteMade { role, uses: Some(5) }, None, None),
        row(Change::InviteMade { role, uses: None }, None, None),
        row(Change::InviteRevoked { role }, None, None),
    ];
    let view = AuditView { subject: None, rows, is_first: false, next: Some(AuditId(9)) };
    assert_snapshot!(picture(&changes(&view, &russian())), @"
    📜 Изменения
    14:05 · Анна Серова: Иван Петров — передано 2 замера → Пётр Сидоров
    14:05 · Анна Серова: Иван Петров — доступ отключён, 5 замеров → в очередь
    14:05 · Анна Серова: Иван Петров — доступ отключён
    14:05 · Система: Иван Петров — доступ возвращён
    14:05 · Анна Серова: Иван Петров — добавлена роль 👷 Замерщик
    14:05 · Анна Серова: Иван Петров — снята роль 👷 Замерщик
    14:05 · Анна Серова: Иван Петров — в AmoCRM это О. Смирнова
    14:05 · Анна Серова: вход по приглашению, 👷 Замерщик
    14:05 · Анна Серова: приглашение 👷 Замерщик на 5 чел.
    14:05 · Анна Серова: приглашение 👷 Замерщик без ограничения
    14:05 · Анна Серова: отозвано приглашение 👷 Замерщик
    [« В начало] [Дальше ›]
    [‹ Назад] [⌂ Меню]
    ");
    let none = AuditView { subject: Some(UserId(7)), rows: vec![], is_first: true, next: None };
    assert_snapshot!(picture(&changes(&none, &russian())), @"
    📜 Изменения
    Изменений пока нет.
    [‹ Назад] [⌂ Меню]
    ");
}
