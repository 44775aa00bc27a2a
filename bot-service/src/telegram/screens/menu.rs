//! The menu: where everything starts, with what waits on its buttons.

use super::{Context, Screen, bold, name_html};
use crate::actions::views::MenuView;
use crate::telegram::roles;
use crate::telegram::words::say;

/// `name` is how the person is addressed.
pub fn render(view: &MenuView, name: &str, context: &Context<'_>) -> Screen {
    let words = context.words;
    let name = name_html(name, words);
    let person = say!(words, "menu-person", name = name, roles = words.roles(view.roles));
    let text = format!("{}\n{person}", bold(&say!(words, "menu-title")));
    Screen::with(text, roles::menu(view, words))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{english, hostile, picture, russian};
    use super::*;
    use crate::domain::user::{Role, Roles};

    fn view(roles: &[Role]) -> MenuView {
        let roles: Roles = roles.iter().copied().collect();
        MenuView { roles, pending: 3, failures: 2, my_active: 2, my_orders: 100 }
    }

    #[test]
    fn each_role_has_its_menu() {
        let drawn = |roles: &[Role]| picture(&render(&view(roles), "Анна", &russian()));
        assert_snapshot!(drawn(&[Role::Admin]), @"
        ⌂ Меню
        Анна · 👑 Администратор
        [⏳ Новые замеры · 3]
        [📋 Все замеры]
        [👷 Замерщики] [👥 Сотрудники]
        [🗺 Зоны] [🏢 Дилеры]
        [➕ Пригласить] [⚠️ Сбои · 2]
        [⚙️ Настройки] [📊 Состояние]
        ");
        assert_snapshot!(drawn(&[Role::Measurer]), @r"
        ⌂ Меню
        Анна · 👷 Замерщик
        [📋 Мои активные замеры · 2]
        [🗂 Выполненные]
        ");
        assert_snapshot!(drawn(&[Role::Manager]), @r"
        ⌂ Меню
        Анна · 💼 Менеджер
        [💼 Мои заказы · 99+]
        [🗂 Завершённые]
        ");
    }

    #[test]
    fn two_roles_have_both_menus_and_nothing_waiting_has_no_count() {
        let view = MenuView { pending: 0, failures: 0, ..view(&[Role::Admin, Role::Measurer]) };
        assert_snapshot!(picture(&render(&view, "Anna", &english())), @"
        ⌂ Menu
        Anna · 👑 Administrator, 👷 Measurer
        [⏳ New measurements]
        [📋 All measurements]
        [👷 Measurers] [👥 People]
        [🗺 Zones] [🏢 Dealers]
        [➕ Invite] [⚠️ Failures]
        [⚙️ Settings] [📊 Status]
        [📋 My active measurements · 2]
        [🗂 Completed]
        ");
        picture(&render(&view, &hostile(), &russian()));
    }
}
