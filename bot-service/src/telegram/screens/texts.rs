//! Short answers that are no subject of their own.

use super::{Context, Screen, menu_row};
use crate::domain::user::{Role, Roles};
use crate::format;
use crate::telegram::roles;
use crate::telegram::toasts::Toast;
use crate::telegram::words::say;

/// To everything that was not understood: other text, photos, stickers, voice.
pub fn hint(context: &Context<'_>) -> Screen {
    Screen::with(say!(context.words, "hint"), vec![menu_row(context.words)])
}

/// What this person can do here, and his commands.
pub fn help(roles: Roles, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines: Vec<String> = roles
        .iter()
        .map(|role| match role {
            Role::Admin => say!(words, "help-admin"),
            Role::Measurer => say!(words, "help-measurer"),
            Role::Manager => say!(words, "help-manager"),
        })
        .collect();
    lines.push(format!("\n{}", say!(words, "help-commands")));
    lines.extend(
        roles::commands_in(roles, words)
            .into_iter()
            .map(|(command, what)| say!(words, "help-command", command = command, what = what)),
    );
    Screen::with(lines.join("\n"), vec![menu_row(words)])
}

/// A message of this person was given up after several attempts.
pub fn update_failed(context: &Context<'_>) -> Screen {
    Screen::with(say!(context.words, "update-failed"), vec![menu_row(context.words)])
}

/// What a press would be answered with, where there is no press to answer any more.
pub fn toast(toast: &Toast) -> Screen {
    Screen::text(format::escape(&toast.text))
}

/// To a person without a role.
pub fn stranger(context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "stranger"))
}

/// To a person whose access was taken.
pub fn disabled(context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "disabled"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{picture, russian};
    use super::*;

    #[test]
    fn short_answers() {
        let context = russian();
        let screens = [hint, update_failed, stranger, disabled];
        let pictures = screens.map(|screen| picture(&screen(&context))).join("\n");
        assert_snapshot!(pictures, @r"
        Не понял. Откройте /menu, там всё, что вы можете.
        [⌂ Меню]
        Не получилось обработать ваше сообщение. Откройте /menu и попробуйте ещё раз.
        [⌂ Меню]
        У вас пока нет доступа. Попросите у администратора ссылку-приглашение.
        Ваш доступ отключён. Обратитесь к администратору.
        ");
    }

    #[test]
    fn help_tells_each_role_its_own() {
        let help = |roles: &[Role]| picture(&help(roles.iter().copied().collect(), &russian()));
        assert_snapshot!(help(&[Role::Admin]), @r"
        👑 Новые замеры приходят сюда карточками: нажмите на замерщика, и он получит замер. Сменить замерщика или отменить замер можно на той же карточке.

        Команды:
        /menu · Главное меню
        /pending · Новые замеры (ожидают назначения)
        /all · Все замеры
        /measurers · Список замерщиков
        /help · Что умеет бот
        /start · Запуск бота
        [⌂ Меню]
        ");
        assert_snapshot!(help(&[Role::Measurer, Role::Manager]), @r"
        👷 Назначенный вам замер приходит карточкой. Нажмите «🔄 Начать выполнение», когда начали, и «✅ Завершить», когда закончили.
        💼 О замерах по вашим сделкам бот пишет сам: кто назначен, когда начал и закончил.

        Команды:
        /menu · Главное меню
        /my · Мои активные замеры
        /orders · Мои заказы
        /help · Что умеет бот
        /start · Запуск бота
        [⌂ Меню]
        ");
    }
}
