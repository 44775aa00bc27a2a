//! Short answers that are no subject of their own.

use super::{Button, Context, Screen, menu_row};
use crate::actions::views::Kept;
use crate::domain::comment::TEXT;
use crate::domain::conversation::ReasonOf;
use crate::domain::ids::MeasurementId;
use crate::domain::user::{Language, Role, Roles};
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::roles;
use crate::telegram::toasts::Toast;
use crate::telegram::words::{Words, say};

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
            Role::Supervisor => say!(words, "help-supervisor"),
            Role::Observer => say!(words, "help-observer"),
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

/// Each in its own words.
pub fn languages(context: &Context<'_>) -> Screen {
    let button = |language| {
        let label = say!(Words::of(language), "language");
        vec![Button::press(label, Callback::Speak(language))]
    };
    let mut rows: Vec<_> = Language::ALL.into_iter().map(button).collect();
    rows.push(menu_row(context.words));
    Screen::with(say!(context.words, "language-choose"), rows)
}

/// What to write when none of the reasons fits.
pub fn ask_reason(of: ReasonOf, id: MeasurementId, context: &Context<'_>) -> Screen {
    let (words, id) = (context.words, id.to_string());
    Screen::text(match of {
        ReasonOf::Decline => say!(words, "decline-why", id = id),
        ReasonOf::Cancel => say!(words, "cancel-why", id = id),
        ReasonOf::Reassign => say!(words, "reassign-why", id = id),
        ReasonOf::Problem => say!(words, "problem-why", id = id),
    })
}

/// What can be said of a measurement, and how.
pub fn ask_comment(id: MeasurementId, context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "comment-ask", id = id.to_string()))
}

/// A comment is kept, and what of it is not.
pub fn comment_kept(id: MeasurementId, kept: Kept, context: &Context<'_>) -> Screen {
    let words = context.words;
    let is_kept = kept.is_new.then(|| say!(words, "comment-kept", id = id.to_string()));
    let cut = kept.is_cut.then(|| say!(words, "comment-cut", count = TEXT.to_string()));
    let too_big = kept.is_too_big.then(|| say!(words, "comment-too-big"));
    Screen::text([is_kept, cut, too_big].into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

/// What cannot be said of a measurement.
pub fn no_comment(context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "comment-nothing"))
}

/// To a file or a place of which nobody knows what it is about.
pub fn about_what(context: &Context<'_>) -> Screen {
    Screen::with(say!(context.words, "comment-about-what"), vec![menu_row(context.words)])
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
        assert_snapshot!(help(&[Role::Admin]), @"
        👑 Новые замеры приходят сюда карточками: нажмите на замерщика, и он получит замер. Сменить замерщика или отменить замер можно на той же карточке.

        Команды:
        /menu · Главное меню
        /pending · Новые замеры (ожидают назначения)
        /all · Все замеры
        /measurers · Список замерщиков
        /zones · Зоны и кто в них замеряет
        /dealers · Дилеры и их замерщики
        /settings · Настройки: правила, этапы, поля
        /status · Состояние системы
        /failures · Сбои: что застряло
        /find · Найти замер
        /language · Язык
        /help · Что умеет бот
        /start · Запуск бота
        [⌂ Меню]
        ");
        assert_snapshot!(help(&[Role::Measurer, Role::Manager]), @"
        👷 Назначенный вам замер приходит карточкой. Нажмите «🔄 Начать выполнение», когда начали, и «✅ Завершить», когда закончили.
        💼 О замерах по вашим сделкам бот пишет сам: кто назначен, когда начал и закончил.

        Команды:
        /menu · Главное меню
        /my · Мои активные замеры
        /orders · Мои заказы
        /find · Найти замер
        /language · Язык
        /help · Что умеет бот
        /start · Запуск бота
        [⌂ Меню]
        ");
    }
}
