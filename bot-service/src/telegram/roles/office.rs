//! Distributes the work and looks after people: admins and supervisors.

use super::{Command, counted, observer};
use crate::actions::views::MenuView;
use crate::domain::user::{Role, Roles};
use crate::telegram::callback::{Callback, DealerPress, DispatchPress, FailurePress, ZonePress};
use crate::telegram::screens::{Button, Row};
use crate::telegram::words::{Words, say};

pub(super) fn commands(roles: Roles, words: &Words) -> Vec<Command> {
    let mut commands = observer::commands(words);
    commands.push(("measurers", say!(words, "command-measurers")));
    commands.push(("zones", say!(words, "command-zones")));
    commands.push(("dealers", say!(words, "command-dealers")));
    if roles.has(Role::Admin) {
        commands.push(("settings", say!(words, "command-settings")));
    }
    commands.push(("status", say!(words, "command-status")));
    commands.push(("failures", say!(words, "command-failures")));
    commands
}

pub(super) fn menu(view: &MenuView, words: &Words) -> Vec<Row> {
    let failures = counted(say!(words, "menu-failures"), view.failures, words);
    let people = |label, only| Button::press(label, Callback::People { only, page: 0 });
    let mut rows = observer::menu(view, words);
    rows.extend([
        vec![
            people(say!(words, "menu-measurers"), Some(Role::Measurer)),
            people(say!(words, "menu-people"), None),
        ],
        vec![
            Button::press(say!(words, "zones-title"), Callback::Zone(ZonePress::List(0))),
            Button::press(say!(words, "dealers-title"), Callback::Dealer(DealerPress::List(0))),
        ],
        vec![
            Button::press(say!(words, "button-invite"), Callback::Invite),
            Button::press(failures, Callback::Failure(FailurePress::Overview)),
        ],
    ]);
    let mut last = vec![Button::press(say!(words, "status-title"), Callback::Status)];
    if view.roles.has(Role::Admin) {
        let open = Callback::Dispatch(DispatchPress::Open);
        last.insert(0, Button::press(say!(words, "settings-title"), open));
    }
    rows.push(last);
    rows
}
