//! Does the visits.

use super::{Command, counted, list};
use crate::actions::views::{ListKind, MenuView};
use crate::telegram::screens::Row;
use crate::telegram::words::{Words, say};

pub(super) fn commands(words: &Words) -> Vec<Command> {
    vec![("my", say!(words, "command-my"))]
}

pub(super) fn menu(view: &MenuView, words: &Words) -> Vec<Row> {
    let active = counted(say!(words, "menu-my"), view.my_active, words);
    vec![
        vec![list(active, ListKind::My)],
        vec![list(say!(words, "menu-my-completed"), ListKind::MyCompleted)],
    ]
}
