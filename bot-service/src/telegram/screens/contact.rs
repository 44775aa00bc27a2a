//! Asking for a person's phone number.

use super::{Context, Keyboard, Screen};
use crate::telegram::words::say;

/// What it is for, and two buttons where the person types.
pub fn ask(context: &Context<'_>) -> Screen {
    let words = context.words;
    let keyboard = Keyboard::AskContact {
        share: say!(words, "button-share-phone"),
        decline: say!(words, "button-not-now"),
    };
    Screen { keyboard, ..Screen::text(say!(words, "contact-ask")) }
}

pub fn thanks(context: &Context<'_>) -> Screen {
    done(say!(context.words, "contact-thanks"))
}

pub fn declined(context: &Context<'_>) -> Screen {
    done(say!(context.words, "contact-declined"))
}

/// A number that nobody could call.
pub fn unreadable(context: &Context<'_>) -> Screen {
    done(say!(context.words, "contact-unreadable"))
}

/// Somebody else's card; the buttons stay.
pub fn not_yours(context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "contact-not-yours"))
}

fn done(text: String) -> Screen {
    Screen { keyboard: Keyboard::Removed, ..Screen::text(text) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{picture, russian};
    use super::*;

    #[test]
    fn a_number_is_asked_for_with_a_way_to_decline() {
        let context = russian();
        let screen = ask(&context);
        assert_snapshot!(format!("{}\n{:?}", picture(&screen), screen.keyboard), @r#"
        📱 Отправьте свой номер: по нему администратор найдёт вас в AmoCRM. Клиенты его не увидят.
        AskContact { share: "📱 Отправить мой номер", decline: "Не сейчас" }
        "#);
        let answers = [thanks(&context), declined(&context), unreadable(&context), not_yours(&context)];
        assert!(answers[..3].iter().all(|screen| screen.keyboard == Keyboard::Removed));
        assert_snapshot!(answers.map(|screen| picture(&screen)).join("\n"), @"
        Спасибо, номер сохранён.
        Хорошо, без номера тоже можно работать.
        Этот номер не удалось прочитать. Ничего страшного, без него тоже можно работать.
        Это чужой номер. Отправьте свой кнопкой «📱 Отправить мой номер».
        ");
    }
}
