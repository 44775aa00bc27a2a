//! Instead of a burst of new measurements: how many there are, and the way to them.

use super::{Button, Context, Screen};
use crate::actions::views::{Cursor, ListKind};
use crate::telegram::callback::Callback;
use crate::telegram::words::say;

pub fn render(count: usize, context: &Context<'_>) -> Screen {
    let text = say!(context.words, "many-new", count = count.to_string());
    let open = Callback::List { kind: ListKind::Pending, cursor: Cursor::First };
    Screen::with(text, vec![vec![Button::press(say!(context.words, "button-open-list"), open)]])
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{picture, russian};

    #[test]
    fn a_burst_is_one_message() {
        assert_snapshot!(picture(&super::render(7, &russian())), @r"
        🆕 Новых замеров: 7
        [⏳ Открыть список]
        ");
    }
}
