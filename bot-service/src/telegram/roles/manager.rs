//! Follows the measurements of his deals.

use super::{Command, counted, list};
use crate::actions::views::{ListKind, MenuView};
use crate::telegram::screens::Row;
use crate::telegram::words::{Words, say};

pub(super) fn commands(words: &Words) -> Vec<Command> {
    vec![("orders", say!(words, "command-orders"))]
}

pub(super) fn menu(view: &MenuView, words: &Words) -> Vec<Row> {
    let open = counted(say!(words, "menu-orders"), view.my_orders, words);
    vec![
        vec![list(open, ListKind::Orders)],
        vec![list(say!(words, "menu-orders-closed"), ListKind::OrdersClosed)],
    ]
}
