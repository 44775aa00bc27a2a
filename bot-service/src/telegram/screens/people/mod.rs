//! People as an admin sees them: the list, one person, his employee in AmoCRM, and taking his access.

use super::times::moment;
use super::{Button, Context, Row, Screen, back_row, bold, limits, menu_row, name_html, name_line, pages};
use crate::actions::views::{COUNT_CAP, EmployeesView, PeopleView, PersonRow, PersonView};
use crate::domain::ids::UserId;
use crate::domain::user::{Name, Role, User};
use crate::format;
use crate::telegram::callback::{AccessPress, Callback};
use crate::telegram::words::{Words, say};

pub fn list(view: &PeopleView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let is_empty = view.rows.is_empty() && view.page == 0;
    let text = if is_empty {
        nobody(view.only, words)
    } else {
        format!("{}\n{}", bold(&title(view.only, words)), say!(words, "people-choose"))
    };
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|row| vec![Button::press(label(row, words), Callback::Person(row.id))])
        .collect();
    let turn = |page| Callback::People { only: view.only, page };
    rows.extend(pages(view.page, view.has_next, turn, words));
    if is_empty {
        rows.push(vec![Button::press(say!(words, "button-invite"), Callback::Invite)]);
    } else if view.only.is_none() {
        let changes = AccessPress::Changes { subject: None, before: None };
        rows.push(vec![Button::press(say!(words, "button-changes"), Callback::Access(changes))]);
    }
    rows.push(menu_row(words));
    Screen::with(text, rows)
}

pub fn person(view: &PersonView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let user = &view.user;
    let mut lines = vec![bold(&headline(view, words)), words.roles(user.roles)];
    if user.roles.has(Role::Manager) {
        lines.push(match &view.employee {
            Some(name) => say!(words, "person-employee", name = name_html(name, words)),
            None => say!(words, "person-no-employee"),
        });
    }
    if let Some(phone) = &user.phone {
        lines.push(say!(words, "person-phone", phone = format::escape(phone)));
    }
    let names = |names: &[String]| {
        names.iter().map(|name| format::html(name, limits::SHORT)).collect::<Vec<_>>().join(", ")
    };
    if !view.zones.is_empty() {
        lines.push(say!(words, "person-zones", names = names(&view.zones)));
    }
    if !view.dealers.is_empty() {
        lines.push(say!(words, "person-dealers", names = names(&view.dealers)));
    }
    if let Some(until) = user.away_until.filter(|at| *at > context.now) {
        lines.push(say!(words, "person-away", until = moment(until, context)));
    }
    if user.is_disabled {
        lines.push(say!(words, "person-disabled"));
    } else if !view.is_reachable {
        lines.push(say!(words, "person-unreachable"));
    }
    lines.retain(|line| !line.is_empty());
    let mut rows = vec![];
    if user.roles.has(Role::Manager) && !user.is_disabled {
        let employees = Callback::Employees { user: user.id, page: 0 };
        rows.push(vec![Button::press(say!(words, "button-link"), employees)]);
    }
    if !user.is_disabled {
        rows.push(vec![Button::press(
            say!(words, "button-roles"),
            Callback::Access(AccessPress::Roles(user.id)),
        )]);
        if user.roles.has(Role::Measurer) {
            let away = Callback::Access(AccessPress::ChooseAway(user.id));
            rows.push(vec![Button::press(say!(words, "button-away"), away)]);
        }
        if view.open > 0 {
            rows.push(vec![hand_over(view, false, words)]);
        }
    }
    let changes = AccessPress::Changes { subject: Some(user.id), before: None };
    rows.push(vec![Button::press(say!(words, "button-changes"), Callback::Access(changes))]);
    if user.is_disabled {
        rows.push(vec![Button::press(say!(words, "button-enable"), Callback::Enable(user.id))]);
    } else if view.can_be_disabled {
        rows.push(vec![Button::press(say!(words, "button-disable"), Callback::AskDisable(user.id))]);
    }
    rows.push(back_row(Callback::People { only: None, page: 0 }, words));
    Screen::with(lines.join("\n"), rows)
}

/// «Кто это в AmoCRM?»
pub fn employees(view: &EmployeesView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let user = view.user.id;
    let is_empty = view.rows.is_empty() && view.page == 0;
    let text = if !view.is_known {
        say!(words, "employees-unknown")
    } else if is_empty {
        say!(words, "employees-none")
    } else {
        say!(words, "employees-who", name = full(&view.user.name, words))
    };
    let mut rows: Vec<Row> = vec![];
    for row in view.rows.iter().filter(|_| view.is_known) {
        let name = name_line(&row.name, limits::BUTTON, words);
        let label = if row.is_likely { say!(words, "employee-same", name = name) } else { name };
        rows.push(vec![Button::press(label, Callback::Link { user, employee: row.amo_user_id })]);
    }
    rows.extend(pages(view.page, view.has_next, |page| Callback::Employees { user, page }, words));
    if view.is_known {
        rows.push(vec![Button::press(say!(words, "button-find"), Callback::FindEmployee(user))]);
    }
    if !view.is_known || is_empty {
        rows.push(vec![Button::press(say!(words, "button-refresh"), Callback::RefreshEmployees(user))]);
    }
    rows.push(back_row(Callback::Person(user), words));
    Screen::with(text, rows)
}

/// What to write to find an employee.
pub fn ask_for_employee(user: UserId, context: &Context<'_>) -> Screen {
    let back = Callback::Employees { user, page: 0 };
    Screen::with(say!(context.words, "employees-find"), vec![back_row(back, context.words)])
}

/// `employee` is the name in AmoCRM.
pub fn linked(name: &Name, employee: &str, context: &Context<'_>) -> Screen {
    let words = context.words;
    let (name, employee) = (full(name, words), name_html(employee, words));
    let back = Callback::People { only: None, page: 0 };
    let text = say!(words, "person-linked", name = name, employee = employee);
    Screen::with(text, vec![back_row(back, words)])
}

/// The question before access is taken, with what happens to his work.
pub fn ask_disable(view: &PersonView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let user = &view.user;
    let mut text = say!(words, "ask-disable", name = full(&user.name, words));
    if view.open > 0 {
        text = format!("{text} {}", say!(words, "ask-disable-open", count = view.open));
    }
    let mut rows = vec![];
    if view.open > 0 {
        rows.push(vec![Button::press(say!(words, "button-disable-to-queue"), Callback::Disable(user.id))]);
        rows.push(vec![hand_over(view, true, words)]);
    } else {
        rows.push(vec![Button::press(say!(words, "button-disable-yes"), Callback::Disable(user.id))]);
    }
    rows.push(vec![Button::press(say!(words, "button-back"), Callback::Person(user.id))]);
    Screen::with(text, rows)
}

fn hand_over(view: &PersonView, is_leaving: bool, words: &Words) -> Button {
    let press = AccessPress::Successors { user: view.user.id, is_leaving, page: 0 };
    let label = if is_leaving {
        say!(words, "button-disable-to-other")
    } else {
        let label = say!(words, "button-hand-over");
        say!(words, "menu-count", label = label, count = view.open)
    };
    Button::press(label, Callback::Access(press))
}

/// «👷 Иван Петров · @ivan · 2 открытых»
fn headline(view: &PersonView, words: &Words) -> String {
    let user = &view.user;
    let mut parts = vec![say!(words, "person-row", mark = mark(user, words), name = full(&user.name, words))];
    if let Some(username) = &user.username {
        parts.push(format!("@{}", format::html(username, limits::SHORT)));
    }
    if user.roles.has(Role::Measurer) || view.open > 0 {
        parts.push(say!(words, "person-open", count = view.open));
    }
    parts.join(" · ").trim_start().to_owned()
}

fn mark(user: &User, words: &Words) -> String {
    words.mark(user.roles)
}

fn label(row: &PersonRow, words: &Words) -> String {
    let name = name_line(&row.name.full(), limits::BUTTON, words);
    let mark = words.mark(row.roles);
    let label = if row.is_disabled {
        say!(words, "person-row-disabled", name = name)
    } else if !row.is_reachable {
        say!(words, "person-row-unreachable", name = name)
    } else if row.roles.has(Role::Measurer) {
        say!(words, "person-row-count", mark = mark, name = name, count = format::count(row.open, COUNT_CAP))
    } else {
        say!(words, "person-row", mark = mark, name = name)
    };
    label.trim_start().to_owned()
}

fn title(only: Option<Role>, words: &Words) -> String {
    match only {
        None => say!(words, "people-all"),
        Some(Role::Admin) => say!(words, "people-admins"),
        Some(Role::Supervisor) => say!(words, "people-supervisors"),
        Some(Role::Observer) => say!(words, "people-observers"),
        Some(Role::Measurer) => say!(words, "people-measurers"),
        Some(Role::Manager) => say!(words, "people-managers"),
    }
}

fn nobody(only: Option<Role>, words: &Words) -> String {
    match only {
        None => say!(words, "people-empty"),
        Some(Role::Admin) => say!(words, "people-empty-admins"),
        Some(Role::Supervisor) => say!(words, "people-empty-supervisors"),
        Some(Role::Observer) => say!(words, "people-empty-observers"),
        Some(Role::Measurer) => say!(words, "people-empty-measurers"),
        Some(Role::Manager) => say!(words, "people-empty-managers"),
    }
}

fn full(name: &Name, words: &Words) -> String {
    name_html(&name.full(), words)
}

#[cfg(test)]
mod tests;
