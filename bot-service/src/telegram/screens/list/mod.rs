//! A page of measurements in one message; each opens its card.

use super::times::{moment, waited};
use super::{Button, Context, Row, Screen, bold, limits, menu_row, numbered, sieve};
use crate::actions::views::{COUNT_CAP, Cursor, Filter, ListKind, ListRow, ListView, Sieve};
use crate::domain::measurement::StatusKind;
use crate::domain::user::Name;
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

pub fn render(view: &ListView, context: &Context<'_>) -> Screen {
    let words = context.words;
    if view.total == 0 || view.is_unlinked {
        return empty(view, words);
    }
    let mut lines = vec![bold(&title(view, words))];
    lines.extend(narrowed(view, words));
    lines.extend(view.rows.iter().map(|row| entry(view.kind, row, context)));
    if view.rows.is_empty() {
        lines.push(say!(words, "list-ended"));
    }
    let mut rows: Vec<Row> = view.rows.iter().map(|row| vec![opener(row, words)]).collect();
    rows.extend(pages(view, words));
    if let Some((filter, sieve)) = view.kind.narrowed() {
        rows.extend(filters(filter, sieve, words));
    }
    rows.push(menu_row(words));
    Screen::with(lines.join("\n"), rows)
}

fn title(view: &ListView, words: &Words) -> String {
    let total = format::count(view.total, COUNT_CAP);
    match view.kind {
        ListKind::Pending => say!(words, "list-pending", total = total),
        ListKind::All(filter) | ListKind::Sifted(filter, _) => match filter {
            Filter::Open => say!(words, "list-open", total = total),
            Filter::Everything => say!(words, "list-all", total = total),
            Filter::Status(status) => {
                say!(words, "list-status", status = words.status(status), total = total)
            }
        },
        ListKind::My => say!(words, "list-my", total = total),
        ListKind::MyCompleted => say!(words, "list-my-completed", total = total),
        ListKind::Orders => say!(words, "list-orders", total = total),
        ListKind::OrdersClosed => say!(words, "list-orders-closed", total = total),
    }
}

/// To what it is narrowed, where it is.
fn narrowed(view: &ListView, words: &Words) -> Option<String> {
    let (_, sieve) = view.kind.narrowed()?;
    sieve::chosen(sieve, &view.of, words)
}

/// Two lines: which one, and what its reader wants to know of it here.
pub(super) fn entry(kind: ListKind, row: &ListRow, context: &Context<'_>) -> String {
    let words = context.words;
    let status = words.status(row.status);
    let measurer = row.measurer.as_ref().map(|name| short(name, words));
    let since = || moment(row.since, context);
    let details = match kind {
        ListKind::Pending => {
            vec![address(row, words), say!(words, "row-waits", span = waited(row.since, context))]
        }
        ListKind::All(_) | ListKind::Sifted(..) => {
            [Some(address(row, words)), Some(status), measurer].into_iter().flatten().collect()
        }
        ListKind::My => vec![address(row, words), status],
        ListKind::MyCompleted => vec![address(row, words), since()],
        ListKind::Orders => std::iter::once(status).chain(measurer).collect(),
        ListKind::OrdersClosed => vec![status, since()],
    };
    let name = format::html(&row.lead_name, limits::ROW);
    format!("{}\n   {}", numbered(row.id, &name, words), details.join(" · "))
}

fn address(row: &ListRow, words: &Words) -> String {
    let address = row.address.as_deref().map(|address| format::html(address, limits::ROW));
    address.filter(|address| !address.is_empty()).unwrap_or_else(|| say!(words, "card-no-address"))
}

fn short(name: &Name, words: &Words) -> String {
    format::escape(&super::name_line(&name.short(), limits::BUTTON, words))
}

pub(super) fn opener(row: &ListRow, words: &Words) -> Button {
    let name = format::line(&row.lead_name, limits::BUTTON);
    Button::press(numbered(row.id, &name, words), Callback::Open(row.id))
}

fn pages(view: &ListView, words: &Words) -> Option<Row> {
    let turn = |label, cursor| Button::press(label, Callback::List { kind: view.kind, cursor });
    // A page whose rows have all gone meanwhile leads back to the beginning.
    let lost = view.rows.is_empty().then_some(Cursor::First);
    let back = view.previous.or(lost).map(|cursor| turn(say!(words, "button-back"), cursor));
    let next = view.next.map(|cursor| turn(say!(words, "button-next"), cursor));
    let row: Row = back.into_iter().chain(next).collect();
    (!row.is_empty()).then_some(row)
}

/// Open and all in words, each status by its mark; the chosen one is marked.
fn filters(chosen: Filter, sieve: Sieve, words: &Words) -> [Row; 3] {
    let button = |filter, label: String| {
        let label = if filter == chosen { say!(words, "filter-chosen", filter = label) } else { label };
        Button::press(label, Callback::List { kind: ListKind::all(filter, sieve), cursor: Cursor::First })
    };
    let narrow = Callback::Sieve { kind: ListKind::all(chosen, sieve), choice: None };
    let statuses = StatusKind::ALL.map(|status| button(Filter::Status(status), words.status_mark(status)));
    [
        vec![
            button(Filter::Open, say!(words, "filter-open")),
            button(Filter::Everything, say!(words, "filter-everything")),
        ],
        statuses.to_vec(),
        vec![Button::press(say!(words, "button-filter"), narrow)],
    ]
}

fn empty(view: &ListView, words: &Words) -> Screen {
    let mut rows = vec![];
    let text = match view.kind {
        ListKind::Pending => say!(words, "empty-pending"),
        ListKind::All(Filter::Everything) => say!(words, "empty-all"),
        ListKind::All(_) | ListKind::Sifted(..) => {
            let everything = ListKind::All(Filter::Everything);
            let reset = Callback::List { kind: everything, cursor: Cursor::First };
            rows.push(vec![Button::press(say!(words, "button-reset-filter"), reset)]);
            let empty = say!(words, "empty-filter");
            narrowed(view, words).map_or(empty.clone(), |narrowed| format!("{narrowed}\n{empty}"))
        }
        ListKind::My => say!(words, "empty-my"),
        ListKind::MyCompleted => say!(words, "empty-my-completed"),
        ListKind::Orders | ListKind::OrdersClosed if view.is_unlinked => say!(words, "empty-unlinked"),
        ListKind::Orders => say!(words, "empty-orders"),
        ListKind::OrdersClosed => say!(words, "empty-orders-closed"),
    };
    rows.push(menu_row(words));
    Screen::with(text, rows)
}

#[cfg(test)]
mod tests;
