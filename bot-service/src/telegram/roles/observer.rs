//! Reads all measurements.

use super::{Command, counted, list};
use crate::actions::views::{Filter, ListKind, MenuView};
use crate::telegram::screens::Row;
use crate::telegram::words::{Words, say};

pub(super) fn commands(words: &Words) -> Vec<Command> {
    vec![("pending", say!(words, "command-pending")), ("all", say!(words, "command-all"))]
}

pub(super) fn menu(view: &MenuView, words: &Words) -> Vec<Row> {
    let pending = counted(say!(words, "menu-pending"), view.pending, words);
    vec![
        vec![list(pending, ListKind::Pending)],
        vec![list(say!(words, "menu-all"), ListKind::All(Filter::Everything))],
    ]
}
