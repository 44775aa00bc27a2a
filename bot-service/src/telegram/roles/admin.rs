//! Distributes the work and looks after people.

use super::{Command, counted, list};
use crate::actions::views::{Filter, ListKind, MenuView};
use crate::domain::user::Role;
use crate::telegram::callback::Callback;
use crate::telegram::screens::{Button, Row};
use crate::telegram::words::{Words, say};

pub(super) fn commands(words: &Words) -> Vec<Command> {
    vec![
        ("pending", say!(words, "command-pending")),
        ("all", say!(words, "command-all")),
        ("measurers", say!(words, "command-measurers")),
    ]
}

pub(super) fn menu(view: &MenuView, words: &Words) -> Vec<Row> {
    let pending = counted(say!(words, "menu-pending"), view.pending, words);
    let people = |label, only| Button::press(label, Callback::People { only, page: 0 });
    vec![
        vec![list(pending, ListKind::Pending)],
        vec![list(say!(words, "menu-all"), ListKind::All(Filter::Everything))],
        vec![
            people(say!(words, "menu-measurers"), Some(Role::Measurer)),
            people(say!(words, "menu-people"), None),
        ],
        vec![Button::press(say!(words, "button-invite"), Callback::Invite)],
    ]
}
