//! People as an admin sees them: the list, one person, his employee in AmoCRM, and taking his access.

use super::{Button, Context, Row, Screen, back_row, bold, limits, menu_row, name_html, name_line};
use crate::actions::views::{EmployeesView, PeopleView, PersonRow, PersonView};
use crate::domain::user::{Name, Role, User};
use crate::format;
use crate::telegram::callback::Callback;
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
        let label = if row.has_same_name { say!(words, "employee-same", name = name) } else { name };
        rows.push(vec![Button::press(label, Callback::Link { user, employee: row.amo_user_id })]);
    }
    rows.extend(pages(view.page, view.has_next, |page| Callback::Employees { user, page }, words));
    if !view.is_known || is_empty {
        rows.push(vec![Button::press(say!(words, "button-refresh"), Callback::RefreshEmployees(user))]);
    }
    rows.push(back_row(Callback::Person(user), words));
    Screen::with(text, rows)
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
    let rows = vec![
        vec![Button::press(say!(words, "button-disable-yes"), Callback::Disable(user.id))],
        vec![Button::press(say!(words, "button-back"), Callback::Person(user.id))],
    ];
    Screen::with(text, rows)
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
        say!(words, "person-row-count", mark = mark, name = name, count = row.open.to_string())
    } else {
        say!(words, "person-row", mark = mark, name = name)
    };
    label.trim_start().to_owned()
}

fn title(only: Option<Role>, words: &Words) -> String {
    match only {
        None => say!(words, "people-all"),
        Some(Role::Admin) => say!(words, "people-admins"),
        Some(Role::Measurer) => say!(words, "people-measurers"),
        Some(Role::Manager) => say!(words, "people-managers"),
    }
}

fn nobody(only: Option<Role>, words: &Words) -> String {
    match only {
        None => say!(words, "people-empty"),
        Some(Role::Admin) => say!(words, "people-empty-admins"),
        Some(Role::Measurer) => say!(words, "people-empty-measurers"),
        Some(Role::Manager) => say!(words, "people-empty-managers"),
    }
}

fn full(name: &Name, words: &Words) -> String {
    name_html(&name.full(), words)
}

fn pages(page: u32, has_next: bool, turn: impl Fn(u32) -> Callback, words: &Words) -> Option<Row> {
    let back = page.checked_sub(1).map(|page| Button::press(say!(words, "button-back"), turn(page)));
    let next = page.checked_add(1).filter(|_| has_next);
    let next = next.map(|page| Button::press(say!(words, "button-next"), turn(page)));
    let row: Row = back.into_iter().chain(next).collect();
    (!row.is_empty()).then_some(row)
}

#[cfg(test)]
mod tests;
